"""Letters by post: exactly to the families that mail does not reach, in the requested order."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.account.accounts import Account, AccountRef, Password
from chalicelib.domain.account.audit import Author
from chalicelib.domain.account.notices import Notice, NoticeState
from chalicelib.domain.family.households import Household
from chalicelib.office.helpdesk.access import HelpdeskCase
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.wings.campaign.domain.campaigns import Campaign
from chalicelib.wings.campaign.office.letters import (
    EVERYBODY,
    UNREACHABLE,
    LetterBatch,
    LetterOptions,
    Order,
    Reason,
    family_letter,
    letter_batch,
)
from tests.support.world import World

SITE = "evry-magnard"
HOME = ("12 bis, rue de l'Église", "91000 Évry")
BEGAN = datetime.fromisoformat("2026-08-24T08:00:00+00:00")
SEASON = Campaign("rentree-2026", BEGAN, "Mme Tilleul")
EMAIL = "famille@example.org"
OLD = Password("hash", BEGAN - timedelta(days=300), "chosen")


def settle(world: World, identifier: str, state: NoticeState | None = None, **values: Any) -> Account:
    """Store a family of Evry - Magnard, without a password. `state`: of its notice."""
    emails = values.pop("emails", (EMAIL,))
    account = replace(
        world.settle(AccountRef(SITE, identifier.lower()), password=None),
        **{"emails": emails, "display_identifier": identifier, "household": Household(address=HOME)} | values,
    )
    if state:
        notice = Notice(SEASON.name, world.services.record.pseudonyms.of_mailbox(EMAIL), state, BEGAN)
        account = account.with_notice(notice)
    world.database.write_together(world.services.accounts.put(account))
    return account


def failing(world: World, account: Account, email: str = EMAIL) -> Account:
    pseudonyms = world.services.record.pseudonyms
    account_after = account.with_failing_mailbox(pseudonyms.of_mailbox(email), "bounced", pseudonyms, BEGAN)
    world.services.accounts.change(account, account_after)
    return account_after


def batch_of(
    world: World,
    *reasons: Reason,
    to: frozenset[Reason] = UNREACHABLE,
    season: Campaign | None = SEASON,
    order: Order = "postcode",
) -> LetterBatch:
    site = world.services.settings.network.site(SITE)
    assert site is not None
    return letter_batch(world.services, site, LetterOptions(frozenset(reasons) or to, season, date(2026, 8, 31), order))


def written_to(batch: LetterBatch) -> list[str]:
    return [letter.account.display_identifier for letter in batch.letters]


@pytest.fixture
def families(world: World) -> World:
    """One family for each mail status."""
    settle(world, "NOBODY", emails=())
    failing(world, settle(world, "FAILING"))
    failing(world, settle(world, "BOUNCED", "bounced"))
    settle(world, "COMPLAINED", "complained")
    settle(world, "DOUBT", "sending")
    settle(world, "SENT", "sent")
    settle(world, "DELIVERED", "delivered")
    settle(world, "READY", "delivered", password=OLD)
    settle(world, "NEXT")
    settle(world, "DISABLED", emails=(), disabled=True)
    settle(world, "GONE", emails=(), gone_at=BEGAN)
    return world


def test_by_default_those_get_one_whom_mail_cannot_reach_and_the_others_are_counted(families: World) -> None:
    batch = batch_of(families)

    assert set(written_to(batch)) == {"NOBODY", "FAILING", "BOUNCED", "COMPLAINED"}
    assert {ref.identifier: reason for ref, reason in batch.reasons.items()} == {
        "nobody": "no-address", "failing": "bounced", "bounced": "bounced", "complained": "bounced",
    }  # fmt: skip
    assert batch.not_asked_for == {"reached": 3, "uncertain": 1, "waiting": 1}


@pytest.mark.parametrize(
    ("reasons", "expected"),
    [
        (("no-address",), {"NOBODY"}),
        (("bounced",), {"FAILING", "BOUNCED", "COMPLAINED"}),
        (("uncertain",), {"DOUBT"}),
        (("no-address", "uncertain"), {"NOBODY", "DOUBT"}),
        (("never-activated",), {"NOBODY", "FAILING", "BOUNCED", "COMPLAINED", "DOUBT", "SENT", "DELIVERED", "NEXT"}),
    ],
)
def test_one_may_ask_for_some_only(families: World, reasons: tuple[Reason, ...], expected: set[str]) -> None:
    assert set(written_to(batch_of(families, *reasons))) == expected


def test_all_are_all_but_the_disabled_and_the_gone(families: World) -> None:
    batch = batch_of(families, to=EVERYBODY)

    assert set(written_to(batch)) == {
        "NOBODY", "FAILING", "BOUNCED", "COMPLAINED", "DOUBT", "SENT", "DELIVERED", "READY", "NEXT",
    }  # fmt: skip
    assert not batch.not_asked_for


def test_before_any_campaign_those_get_one_who_have_no_address_that_works(families: World) -> None:
    batch = batch_of(families, season=None)

    assert set(written_to(batch)) == {"NOBODY", "FAILING", "BOUNCED"}
    assert batch.not_asked_for == {"waiting": 6}


def test_a_family_whose_address_was_put_right_waits_for_its_mail_and_gets_no_letter(world: World) -> None:
    account = failing(world, settle(world, "BOUNCED", "bounced"))
    world.services.accounts.change(account, replace(account, emails=("nouvelle@example.org",)))

    batch = batch_of(world)

    assert batch.letters == []
    assert batch.not_asked_for == {"waiting": 1}


def test_a_family_told_by_a_reminder_gets_no_letter(world: World) -> None:
    account = settle(world, "BOUNCED", "bounced")
    reminder = Notice("rappel", "another mailbox", "delivered", BEGAN + timedelta(days=3))
    world.services.accounts.change(account, account.with_notice(reminder))

    assert batch_of(world).not_asked_for == {"reached": 1}


@pytest.mark.parametrize("address", [(), ("", "  "), (" - ",)])
def test_a_family_without_a_postal_address_is_put_aside_and_not_written_to(
    world: World, address: tuple[str, ...]
) -> None:
    account = settle(world, "MAG1", emails=(), household=Household(address=address))

    batch = batch_of(world)

    assert batch.letters == []
    assert batch.without_address == [account]
    assert not batch.reasons


def test_families_of_other_sites_are_theirs(world: World) -> None:
    world.settle(emails=())

    assert batch_of(world).letters == []


def test_letters_are_in_the_order_of_postcodes_then_names_abroad_last(world: World) -> None:
    for identifier, name, town in [
        ("A", "Famille Zinnia", "75011 Paris"),
        ("B", "Famille Érable", "91000 Évry"),
        ("C", "Famille Chêne", "91 000 Evry"),
        ("D", "Famille Aubépine", "1000 Bruxelles"),
        ("E", "Famille Chêne", "91000 EVRY"),
    ]:
        settle(world, identifier, emails=(), name=name, household=Household(address=("1 rue Basse", town)))

    assert written_to(batch_of(world)) == ["A", "C", "E", "B", "D"]
    assert written_to(batch_of(world, order="name")) == ["D", "C", "E", "B", "A"]


# One family's.


ASKED = HelpdeskCase("MAG1", SITE, Author("Mme Houx", "elle le demande"))


def kinds(world: World, account: Account) -> list[str]:
    pseudonym = world.services.record.pseudonyms.of(SITE, account.ref.identifier)
    return [act.kind for act in world.services.audit_trail.on(SITE, pseudonym)]


def test_the_letter_of_one_family_is_the_batch_s_and_is_noted(world: World) -> None:
    account = settle(world, "MAG1", emails=())
    options = LetterOptions(UNREACHABLE, None, world.now.date())
    (expected,) = letter_batch(world.services, world.services.settings.network.sites[1], options).letters

    letter = family_letter(world.services, ASKED, world.now)

    assert letter == expected
    assert kinds(world, account) == ["letter_printed"]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"disabled": True}, "letter_excluded"),
        ({"gone_at": BEGAN}, "letter_excluded"),
        ({"household": Household()}, "letter_nowhere"),
    ],
)
def test_a_letter_that_would_mislead_or_not_arrive_is_refused(world: World, values: dict[str, Any], code: str) -> None:
    account = settle(world, "MAG1", **values)

    with pytest.raises(OfficeRefusal) as refusal:
        family_letter(world.services, ASKED, world.now)

    assert (refusal.value.code, kinds(world, account)) == (code, [])
