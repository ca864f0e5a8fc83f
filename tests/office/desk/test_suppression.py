"""An address that SES writes to no more: the desk sees it, and lifts it once the mailbox is mended."""

import itertools
from datetime import timedelta

import pytest

from chalicelib.domain.account.accounts import Account, AccountRef, Failure, Suppression
from chalicelib.domain.account.audit import Author
from chalicelib.domain.refusals import Unavailable
from chalicelib.mail.jobs import LostPassword
from chalicelib.office.account import pseudonym
from chalicelib.office.desk.access import Asked, Resent, resend
from chalicelib.office.desk.show import Card, card
from chalicelib.office.desk.suppression import Lifted, lift, stopped_address
from chalicelib.office.desk.words import explained
from chalicelib.office.refused import Refused
from tests.support.world import EMAIL, ROSSIGNOL, World
from tools.local.post import Events

AUTHOR = Author("Mme Houx", "la boîte est réparée")
ASKED = Asked("xen1", None, AUTHOR)
OTHER = "come@example.org"
TWIN = AccountRef("evry-magnard", "mag1")
DAY = timedelta(days=1)

_numbers = itertools.count()


def suppress(world: World, email: str = EMAIL, reason: str = "BOUNCE") -> None:
    world.aws.client("sesv2").put_suppressed_destination(EmailAddress=email, Reason=reason)


def mark(world: World, account: Account, email: str = EMAIL, kind: Failure = "bounced") -> None:
    pseudonyms = world.services.record.pseudonyms
    marked = account.with_failing(pseudonyms.of_mailbox(email), kind, pseudonyms, world.now)
    world.services.accounts.change(account, marked)


def lose_password(world: World, email: str = EMAIL) -> None:
    """Ask for a password at the door, let its mail leave, and let SES tell what became of it."""
    mailbox = world.services.record.pseudonyms.of_mailbox(email)
    request = f"lost-{next(_numbers)}"
    world.services.post_box.post(
        LostPassword(request=request, asked_at=world.now, identifier=ROSSIGNOL.identifier, mailbox=mailbox)
    )
    world.deliver()
    Events(world.aws.ses).work_once()


def fates(world: World) -> list[Failure]:
    return [each.kind for each in world.account().failing]


def shown(world: World) -> Card:
    return card(world.services, "xen1", None, world.now)


def said(world: World) -> list[tuple[str, str]]:
    read = shown(world)
    return [explained(finding, read, world.services.settings.network) for finding in read.findings]


def lifted(world: World, typed: str | None = None) -> Lifted:
    stopped = stopped_address(world.services, ASKED, typed)
    return lift(world.services, AUTHOR, stopped, world.now, lambda: None)


def sent(world: World, to: str | None = None) -> Resent:
    return resend(world.services, ASKED, to, world.now)


def kinds(world: World, ref: AccountRef = ROSSIGNOL) -> list[str]:
    return [act.kind for act in world.services.acts.on(ref.site, pseudonym(world.services, ref))]


def refusal(world: World, typed: str | None = None) -> Refused:
    with pytest.raises(Refused) as refused:
        stopped_address(world.services, ASKED, typed)
    return refused.value


# What is seen.


@pytest.mark.parametrize(
    ("reason", "why"), [("BOUNCE", "l'un d'eux en est revenu"), ("COMPLAINT", "signalé comme indésirable")]
)
def test_the_diagnosis_says_why_since_when_and_what_to_type(world: World, reason: str, why: str) -> None:
    world.settle(password=None)
    suppress(world, reason=reason)
    world.wait(DAY)

    (what, to_do), *_ = said(world)

    assert what.startswith(f"Nos mails ne partent plus vers {EMAIL} depuis le 1er septembre 2026 à 9 h 00 : ")
    assert why in what
    assert f"« clef desk unsuppress xen1 {EMAIL} »" in to_do
    (address,) = shown(world).addresses
    kind: Failure = "bounced" if reason == "BOUNCE" else "complained"
    assert address.suppression == Suppression(kind, world.now - DAY)


def test_a_password_opens_the_account_all_the_same(world: World) -> None:
    world.settle()
    suppress(world)

    assert [finding.cause for finding in shown(world).findings] == ["suppressed", "nothing"]


def test_a_family_without_password_is_told_an_address_that_is_served(world: World) -> None:
    world.settle(emails=(EMAIL, OTHER), password=None)
    suppress(world)

    assert [(each.cause, each.emails) for each in shown(world).findings] == [
        ("suppressed", (EMAIL,)),
        ("never_activated", (OTHER,)),
    ]


@pytest.mark.parametrize("error", [(403, "AccessDeniedException"), (429, "TooManyRequestsException"), (500, "Fault")])
def test_an_account_is_shown_though_ses_does_not_say(world: World, error: tuple[int, str]) -> None:
    world.settle()
    with world.aws.failing("GET", "before", error=error):
        read = shown(world)

    assert not read.knows_suppressions
    assert [finding.cause for finding in read.findings] == ["nothing"]


# What is lifted.


def test_a_mended_mailbox_gets_passwords_again(world: World) -> None:
    world.settle()
    suppress(world)
    lose_password(world)
    assert fates(world) == ["bounced"]

    done = lifted(world)
    # The one that came back is looked for nowhere.
    assert [each.cause for each in shown(world).findings] == ["mailed_in_vain"]
    assert "« clef desk resend xen1 »" in said(world)[0][1]
    world.wait(DAY)
    lose_password(world)

    assert done.changed
    assert fates(world) == []
    assert kinds(world) == ["unsuppressed"]
    assert [each.cause for each in shown(world).findings] == ["mailed_unused"]


def test_a_mailbox_that_is_not_mended_is_stopped_and_marked_anew(world: World) -> None:
    world.settle(emails=("rebond@example.org",))
    lose_password(world, "rebond@example.org")
    lifted(world)
    world.wait(DAY)
    lose_password(world, "rebond@example.org")

    assert [(each.kind, each.at) for each in world.account().failing] == [("bounced", world.now)]
    assert shown(world).addresses[0].suppression == Suppression("bounced", world.now)


def test_a_mark_alone_is_lifted_too(world: World) -> None:
    mark(world, world.settle())

    assert lifted(world).changed
    assert (fates(world), kinds(world)) == ([], ["unsuppressed"])


def test_where_nothing_stops_nothing_is_done_and_nothing_noted(world: World) -> None:
    world.settle()

    assert not lifted(world).changed
    assert kinds(world) == []


def test_every_account_with_that_address_is_put_right_and_noted(world: World) -> None:
    mark(world, world.settle())
    mark(world, world.settle(TWIN, emails=(OTHER, EMAIL)))
    mark(world, world.account(TWIN), OTHER)
    suppress(world)

    done = lifted(world)

    assert done.others == (TWIN,)
    assert [each.mailbox for each in world.account(TWIN).failing] == [
        world.services.record.pseudonyms.of_mailbox(OTHER)
    ]
    assert (kinds(world), kinds(world, TWIN)) == (["unsuppressed"], ["unsuppressed"])


def test_one_that_somebody_else_lifted_meanwhile_is_lifted(world: World) -> None:
    world.settle()
    suppress(world)
    stopped = stopped_address(world.services, ASKED, None)
    world.aws.client("sesv2").delete_suppressed_destination(EmailAddress=EMAIL)

    assert lift(world.services, AUTHOR, stopped, world.now, lambda: None).changed


def test_what_comes_back_after_it_was_lifted_stays_marked(world: World) -> None:
    mark(world, world.settle())
    stopped = stopped_address(world.services, ASKED, None)
    pseudonyms = world.services.record.pseudonyms
    account, later = world.account(), world.now + timedelta(seconds=1)
    bare = account.without_failing(pseudonyms.of_mailbox(EMAIL), world.now)
    world.services.accounts.change(
        account, bare.with_failing(pseudonyms.of_mailbox(EMAIL), "complained", pseudonyms, later)
    )

    lift(world.services, AUTHOR, stopped, world.now, lambda: None)

    assert fates(world) == ["complained"]


@pytest.mark.parametrize("call", ["PutItem", "BatchWriteItem", "DELETE", "UpdateItem", "Scan"])
def test_interrupted_it_is_done_by_the_same_command(world: World, call: str) -> None:
    mark(world, world.settle())
    mark(world, world.settle(TWIN))
    suppress(world)
    for when in ("before", "after"):
        with world.aws.failing(call, when, times=2):
            try:
                lifted(world, EMAIL)
            except Unavailable:
                assert world.account().failing or world.account(TWIN).failing

    lifted(world, EMAIL)

    assert (world.account().failing, world.account(TWIN).failing) == ((), ())
    assert world.aws.ses.suppressed == {}
    assert {"unsuppressed"} == set(kinds(world)) == set(kinds(world, TWIN))


def test_a_refusal_of_aws_is_its_own_and_nothing_is_lifted(world: World) -> None:
    mark(world, world.settle())
    suppress(world)
    stopped = stopped_address(world.services, ASKED, None)

    with (
        world.aws.failing("DELETE", "before", error=(403, "AccessDeniedException")),
        pytest.raises(Unavailable) as refused,
    ):
        lift(world.services, AUTHOR, stopped, world.now, lambda: None)

    assert "AccessDeniedException" in str(refused.value.__cause__)
    assert fates(world) == ["bounced"]


# Which address.


def test_of_several_the_one_that_is_stopped_is_meant(world: World) -> None:
    world.settle(emails=(OTHER, EMAIL))
    suppress(world)

    assert lifted(world).stopped.email == EMAIL


def test_of_several_that_may_be_meant_one_must_be_typed(world: World) -> None:
    world.settle(emails=(OTHER, EMAIL))
    assert refusal(world).code == "unsuppress_which"
    suppress(world)
    suppress(world, OTHER)

    assert f"{OTHER}, {EMAIL}" in refusal(world).sentence
    lifted(world, f" {OTHER.upper()} ")
    assert set(world.aws.ses.suppressed) == {EMAIL}


@pytest.mark.parametrize(("typed", "code"), [("autre@example.org", "email_not_on_file"), ("rien", "email_not_on_file")])
def test_an_address_of_nobody_s_is_not_lifted(world: World, typed: str, code: str) -> None:
    world.settle()
    suppress(world, "autre@example.org")

    assert refusal(world, typed).code == code
    assert "autre@example.org" in world.aws.ses.suppressed


def test_an_account_without_an_address_is_told_so(world: World) -> None:
    world.settle(emails=())

    assert "aucune" in refusal(world).sentence


# A password sent meanwhile.


@pytest.mark.parametrize("is_marked", [False, True])
def test_a_password_is_not_sent_where_it_would_not_arrive(world: World, is_marked: bool) -> None:
    account = world.settle()
    suppress(world)
    if is_marked:
        mark(world, account)

    for to in (None, EMAIL):
        with pytest.raises(Refused) as refused:
            sent(world, to)
        assert refused.value.code == "resend_suppressed"
        assert "« clef desk unsuppress xen1 »" in refused.value.sentence
    assert kinds(world) == []


def test_it_goes_to_the_addresses_that_are_served(world: World) -> None:
    world.settle(emails=(EMAIL, OTHER))
    suppress(world)

    done = sent(world)

    assert (done.to, done.left_out) == ((OTHER,), (EMAIL,))


def test_it_goes_where_ses_does_not_say(world: World) -> None:
    world.settle()
    suppress(world)

    with world.aws.failing("GET", "before"):
        assert sent(world).to == (EMAIL,)
