"""An address suppressed by SES: the desk shows it, and lifts it once the mailbox works."""

import itertools
from datetime import timedelta

import pytest

from chalicelib.domain.account.accounts import Account, AccountRef, Failure, Suppression
from chalicelib.domain.account.audit import Author
from chalicelib.domain.refusals import Unavailable
from chalicelib.mail.account_jobs import LostPassword
from chalicelib.office.helpdesk.access import HelpdeskCase, ResentPassword, resend
from chalicelib.office.helpdesk.show import AccountOverview, account_overview
from chalicelib.office.helpdesk.suppression import LiftResult, find_address, lift
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.presentation.office.causes import PageExplanation, explain
from tests.support.helpdesk import kinds
from tests.support.refusals import sentence_of
from tests.support.world import EMAIL, ROSSIGNOL, World
from tools.local.post import DeliveryEvents

AUTHOR = Author("Mme Houx", "la boîte est réparée")
ASKED = HelpdeskCase("xen1", None, AUTHOR)
OTHER = "come@example.org"
TWIN = AccountRef("evry-magnard", "mag1")
DAY = timedelta(days=1)

_numbers = itertools.count()


def suppress(world: World, email: str = EMAIL, reason: str = "BOUNCE") -> None:
    world.aws.client("sesv2").put_suppressed_destination(EmailAddress=email, Reason=reason)


def mark_failing(world: World, account: Account, email: str = EMAIL, kind: Failure = "bounced") -> None:
    pseudonyms = world.services.record.pseudonyms
    failing = account.with_failing_mailbox(pseudonyms.of_mailbox(email), kind, pseudonyms, world.now)
    world.services.accounts.change(account, failing)
    world.services.accounts.enter_mailboxes(account)


def lose_password(world: World, email: str = EMAIL) -> None:
    """Ask for a password as a family, let its mail be sent, and let SES report its outcome."""
    mailbox = world.services.record.pseudonyms.of_mailbox(email)
    request = f"lost-{next(_numbers)}"
    world.services.post_box.post(
        LostPassword(request=request, asked_at=world.now, identifier=ROSSIGNOL.identifier, mailbox=mailbox)
    )
    world.deliver()
    DeliveryEvents(world.aws.ses).work_once()


def failures(world: World) -> list[Failure]:
    return [failing.kind for failing in world.account().failing_mailboxes]


def overview(world: World) -> AccountOverview:
    return account_overview(world.services, "xen1", None, world.now)


def explanations(world: World) -> list[PageExplanation]:
    page = overview(world)
    return [explain(finding, page, world.services.settings.network) for finding in page.causes]


def lift_address(world: World, email: str | None = None) -> LiftResult:
    return lift(world.services, AUTHOR, find_address(world.services, ASKED, email), world.now)


def resend_password(world: World, to: str | None = None) -> ResentPassword:
    return resend(world.services, ASKED, to, world.now)


def refusal(world: World, email: str | None = None) -> OfficeRefusal:
    with pytest.raises(OfficeRefusal) as error:
        find_address(world.services, ASKED, email)
    return error.value


# Shown.


@pytest.mark.parametrize(
    ("reason", "why"), [("BOUNCE", "l'un d'eux en est revenu"), ("COMPLAINT", "signalé comme indésirable")]
)
def test_the_diagnosis_says_why_since_when_and_the_way_out(world: World, reason: str, why: str) -> None:
    world.settle(password=None)
    suppress(world, reason=reason)
    world.wait(DAY)

    way, *_ = explanations(world)

    assert way.sentence.startswith(f"Nos mails ne partent plus vers {EMAIL} depuis le 1er septembre 2026 à 9 h 00 : ")
    assert why in way.sentence
    assert way.act == "mails"
    (address,) = overview(world).addresses
    kind: Failure = "bounced" if reason == "BOUNCE" else "complained"
    assert address.suppression == Suppression(kind, world.now - DAY)


def test_a_password_opens_the_account_all_the_same(world: World) -> None:
    world.settle()
    suppress(world)

    assert [finding.code for finding in overview(world).causes] == ["suppressed", "nothing"]


def test_a_family_without_password_is_told_an_address_that_is_served(world: World) -> None:
    world.settle(emails=(EMAIL, OTHER), password=None)
    suppress(world)

    assert [(cause.code, cause.emails) for cause in overview(world).causes] == [
        ("suppressed", (EMAIL,)),
        ("never_activated", (OTHER,)),
    ]


@pytest.mark.parametrize("error", [(403, "AccessDeniedException"), (429, "TooManyRequestsException"), (500, "Fault")])
def test_an_account_is_shown_though_ses_does_not_say(world: World, error: tuple[int, str]) -> None:
    world.settle()
    with world.aws.failing("GET", "before", error=error):
        page = overview(world)

    assert not page.knows_suppressions
    assert [finding.code for finding in page.causes] == ["nothing"]


# Lifted.


def test_a_mended_mailbox_gets_passwords_again(world: World) -> None:
    world.settle()
    suppress(world)
    lose_password(world)
    assert failures(world) == ["bounced"]

    result = lift_address(world)
    # A returned mail is not searched for.
    assert [cause.code for cause in overview(world).causes] == ["mailed_in_vain"]
    assert explanations(world)[0].act == "mot-de-passe"
    world.wait(DAY)
    lose_password(world)

    assert result.has_changed
    assert failures(world) == []
    assert kinds(world) == ["unsuppressed"]
    assert [cause.code for cause in overview(world).causes] == ["mailed_unused"]


def test_a_mailbox_that_is_not_mended_is_stopped_and_marked_anew(world: World) -> None:
    world.settle(emails=("rebond@example.org",))
    lose_password(world, "rebond@example.org")
    lift_address(world)
    world.wait(DAY)
    lose_password(world, "rebond@example.org")

    assert [(failing.kind, failing.at) for failing in world.account().failing_mailboxes] == [("bounced", world.now)]
    assert overview(world).addresses[0].suppression == Suppression("bounced", world.now)


def test_a_mark_alone_is_lifted_too(world: World) -> None:
    mark_failing(world, world.settle())

    assert lift_address(world).has_changed
    assert (failures(world), kinds(world)) == ([], ["unsuppressed"])


def test_where_nothing_stops_nothing_is_done_and_nothing_noted(world: World) -> None:
    world.settle()

    assert not lift_address(world).has_changed
    assert kinds(world) == []


def test_every_account_with_that_address_is_put_right_and_noted(world: World) -> None:
    mark_failing(world, world.settle())
    mark_failing(world, world.settle(TWIN, emails=(OTHER, EMAIL)))
    mark_failing(world, world.account(TWIN), OTHER)
    suppress(world)

    result = lift_address(world)

    assert result.accounts == (TWIN,)
    assert [failing.mailbox for failing in world.account(TWIN).failing_mailboxes] == [
        world.services.record.pseudonyms.of_mailbox(OTHER)
    ]
    assert (kinds(world), kinds(world, TWIN)) == (["unsuppressed"], ["unsuppressed"])


def test_one_that_somebody_else_lifted_meanwhile_is_lifted(world: World) -> None:
    world.settle()
    suppress(world)
    status = find_address(world.services, ASKED, None)
    world.aws.client("sesv2").delete_suppressed_destination(EmailAddress=EMAIL)

    assert lift(world.services, AUTHOR, status, world.now).has_changed


def test_what_comes_back_after_it_was_lifted_stays_marked(world: World) -> None:
    mark_failing(world, world.settle())
    status = find_address(world.services, ASKED, None)
    pseudonyms = world.services.record.pseudonyms
    account, later = world.account(), world.now + timedelta(seconds=1)
    bare = account.without_failing_mailbox(pseudonyms.of_mailbox(EMAIL), world.now)
    world.services.accounts.change(
        account, bare.with_failing_mailbox(pseudonyms.of_mailbox(EMAIL), "complained", pseudonyms, later)
    )

    lift(world.services, AUTHOR, status, world.now)

    assert failures(world) == ["complained"]


@pytest.mark.parametrize("call", ["PutItem", "BatchWriteItem", "DELETE", "UpdateItem", "Query"])
def test_interrupted_it_is_done_by_the_same_command(world: World, call: str) -> None:
    mark_failing(world, world.settle())
    mark_failing(world, world.settle(TWIN))
    suppress(world)
    for when in ("before", "after"):
        with world.aws.failing(call, when, times=2):
            try:
                lift_address(world, EMAIL)
            except Unavailable:
                assert world.account().failing_mailboxes or world.account(TWIN).failing_mailboxes

    lift_address(world, EMAIL)

    assert (world.account().failing_mailboxes, world.account(TWIN).failing_mailboxes) == ((), ())
    assert world.aws.ses.suppressions == {}
    assert {"unsuppressed"} == set(kinds(world)) == set(kinds(world, TWIN))


def test_a_refusal_of_aws_is_its_own_and_nothing_is_lifted(world: World) -> None:
    mark_failing(world, world.settle())
    suppress(world)
    status = find_address(world.services, ASKED, None)

    with (
        world.aws.failing("DELETE", "before", error=(403, "AccessDeniedException")),
        pytest.raises(Unavailable) as error,
    ):
        lift(world.services, AUTHOR, status, world.now)

    assert "AccessDeniedException" in str(error.value.__cause__)
    assert failures(world) == ["bounced"]


# The address.


def test_of_several_the_one_that_is_stopped_is_meant(world: World) -> None:
    world.settle(emails=(OTHER, EMAIL))
    suppress(world)

    assert lift_address(world).address.email == EMAIL


def test_of_several_that_may_be_meant_one_must_be_typed(world: World) -> None:
    world.settle(emails=(OTHER, EMAIL))
    assert refusal(world).code == "unsuppress_which"
    suppress(world)
    suppress(world, OTHER)

    assert f"{OTHER}, {EMAIL}" in sentence_of(refusal(world))
    lift_address(world, f" {OTHER.upper()} ")
    assert set(world.aws.ses.suppressions) == {EMAIL}


@pytest.mark.parametrize(("text", "code"), [("autre@example.org", "email_not_on_file"), ("rien", "email_not_on_file")])
def test_an_address_of_nobody_s_is_not_lifted(world: World, text: str, code: str) -> None:
    world.settle()
    suppress(world, "autre@example.org")

    assert refusal(world, text).code == code
    assert "autre@example.org" in world.aws.ses.suppressions


def test_an_account_without_an_address_is_told_so(world: World) -> None:
    world.settle(emails=())

    assert "aucune" in sentence_of(refusal(world))


# A password sent concurrently.


@pytest.mark.parametrize("is_marked", [False, True])
def test_a_password_is_not_sent_where_it_would_not_arrive(world: World, is_marked: bool) -> None:
    account = world.settle()
    suppress(world)
    if is_marked:
        mark_failing(world, account)

    for to in (None, EMAIL):
        with pytest.raises(OfficeRefusal) as error:
            resend_password(world, to)
        assert error.value.code == "resend_suppressed"
        assert "faites d'abord repartir nos mails" in sentence_of(error.value)
    assert kinds(world) == []


def test_it_goes_to_the_addresses_that_are_served(world: World) -> None:
    world.settle(emails=(EMAIL, OTHER))
    suppress(world)

    result = resend_password(world)

    assert (result.to, result.left_out) == ((OTHER,), (EMAIL,))


def test_it_goes_where_ses_does_not_say(world: World) -> None:
    world.settle()
    suppress(world)

    with world.aws.failing("GET", "before"):
        assert resend_password(world).to == (EMAIL,)
