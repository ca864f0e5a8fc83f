"""One account for the office: found by its identifier, for an author with a reason."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.audit import AuditEntry, Author
from chalicelib.domain.account.rate_limits import LOGIN_OF_ACCOUNT
from chalicelib.domain.refusals import Unavailable
from chalicelib.domain.staff.consultations import KEPT_FOR, ConsultationKind
from chalicelib.office.account import consultations_of, note_consultation, pseudonym, trail_deletions
from chalicelib.office.helpdesk import access as helpdesk
from chalicelib.office.helpdesk.access import HelpdeskCase
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.stores.attempts import AttemptTimes
from tests.support.world import ROSSIGNOL, World

MINUTE = timedelta(minutes=1)
BASILE = "Basile Troglodyte <troglodyte@example.org>"
ODILE = "Odile Fauvette <fauvette@example.org>"


def look(world: World, by: str = BASILE, kind: ConsultationKind = "family_read", ref: AccountRef = ROSSIGNOL) -> None:
    note_consultation(world.services, ref, kind, by, world.now)


def seen(world: World) -> list[tuple[str, str, int]]:
    consultations = consultations_of(world.services, ROSSIGNOL, world.now)
    return [(consultation.who, consultation.kind, consultation.times) for consultation in consultations]


def test_what_one_person_opens_within_half_an_hour_is_told_once_with_its_first_and_last_time(world: World) -> None:
    began = world.now
    for _ in range(3):
        look(world)
        world.wait(5 * MINUTE)

    (consultation,) = consultations_of(world.services, ROSSIGNOL, world.now)

    assert (consultation.at, consultation.last_at, consultation.times) == (began, began + 10 * MINUTE, 3)


def test_each_person_each_kind_and_each_half_hour_has_its_own_in_their_order(world: World) -> None:
    look(world)
    look(world, ODILE, "bills_read")
    world.wait(30 * MINUTE)
    look(world)

    family = seen(world)

    assert sorted(family[:2]) == [(BASILE, "family_read", 1), (ODILE, "bills_read", 1)]
    assert family[2:] == [(BASILE, "family_read", 1)]


def test_another_family_has_its_own(world: World) -> None:
    look(world, ref=AccountRef("evry-xenakis", "xen2"))
    look(world, ref=AccountRef("evry-magnard", "xen1"))

    assert seen(world) == []


def test_it_is_forgotten_after_a_year_though_the_table_may_still_hold_it(world: World) -> None:
    look(world)
    world.wait(KEPT_FOR - MINUTE)
    assert len(seen(world)) == 1

    world.wait(MINUTE)

    assert seen(world) == []


def test_no_trace_is_left_of_who_looked_at_an_account_that_is_erased(world: World) -> None:
    for number in range(30):
        look(world, f"Personne {number} <personne@example.org>")

    world.database.write_all(trail_deletions(world.services, ROSSIGNOL))

    assert pseudonym(world.services, ROSSIGNOL) not in world.aws.everything(world.resources)


@pytest.mark.parametrize("when", ["before", "after"])
def test_what_cannot_be_noted_is_unavailable(world: World, when: Any) -> None:
    with world.aws.failing("UpdateItem", when), pytest.raises(Unavailable):
        look(world)


AUTHOR = Author("Mme Houx", "la famille a appelé")
ASKED = HelpdeskCase(" XEN 1 ", None, AUTHOR)
TWIN = AccountRef("evry-magnard", "xen1")


def audit_entries(world: World, ref: AccountRef = ROSSIGNOL) -> list[AuditEntry]:
    pseudonym = world.services.record.pseudonyms.of(ref.site, ref.identifier)
    return list(world.services.audit_trail.on(ref.site, pseudonym))


def kinds(world: World, ref: AccountRef = ROSSIGNOL) -> list[str]:
    return [act.kind for act in audit_entries(world, ref)]


def try_in_vain(world: World) -> None:
    for _ in range(5):
        world.services.attempts.reserve(AttemptTimes.on_account(ROSSIGNOL), LOGIN_OF_ACCOUNT, world.now)


@pytest.mark.parametrize("author", [Author("", "appel"), Author("Mme Houx", "  ")])
def test_every_act_has_a_name_and_a_reason(world: World, author: Author) -> None:
    world.settle()
    try_in_vain(world)
    case = replace(ASKED, author=author)

    for act in (
        lambda: helpdesk.unlock(world.services, case, world.now),
        lambda: helpdesk.switch(world.services, case, world.now, is_disabled=True),
        lambda: helpdesk.resend(world.services, case, None, world.now),
    ):
        with pytest.raises(OfficeRefusal, match="author_missing"):
            act()
    assert not world.account().disabled


@pytest.mark.parametrize(
    ("text", "site", "code"),
    [
        ("xen2", None, "family_unknown"),
        ("xen1", "bondoufle-gounod", "family_unknown"),
        ("xen1", "paris", "site_unknown"),
        (" ", None, "identifier_malformed"),
        ("x" * 65, None, "identifier_malformed"),
        ("xen1", None, "several_sites"),
    ],
)
def test_the_account_is_the_one_that_was_meant_or_none(world: World, text: str, site: str | None, code: str) -> None:
    world.settle()
    world.settle(TWIN)

    with pytest.raises(OfficeRefusal, match=code):
        helpdesk.switch(world.services, HelpdeskCase(text, site, AUTHOR), world.now, is_disabled=True)


def test_of_an_identifier_of_two_sites_the_one_asked_is_changed(world: World) -> None:
    world.settle()
    world.settle(TWIN)

    helpdesk.switch(world.services, HelpdeskCase("xen1", TWIN.site, AUTHOR), world.now, is_disabled=True)

    assert world.account(TWIN).disabled
    assert not world.account().disabled
    assert (kinds(world), kinds(world, TWIN)) == ([], ["disabled"])
