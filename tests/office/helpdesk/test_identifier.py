"""A family's identifier changed on the desk: mailed, unique under any race and fault, and kept by the next file."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest

from chalicelib import wiring
from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.refusals import Unavailable
from chalicelib.domain.roster.yearly_file import Anomaly, YearlyFile
from chalicelib.office.account import find_account
from chalicelib.office.find import find_at
from chalicelib.office.helpdesk.corrections import IDENTIFIER
from chalicelib.office.helpdesk.show import account_overview
from chalicelib.office.helpdesk.undo import CorrectionUndo, undo_correction
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.office.roster.import_families import FamilyChange, FamilyImport, carry_out
from chalicelib.office.roster.survey import ImportOptions, survey_families
from chalicelib.services.office import OfficeServices
from tests.support.aliases import BY, NEW, change_identifier
from tests.support.aws import When, faults_of
from tests.support.family_files import MERLE, but, file
from tests.support.family_files import ROSSIGNOL as ROW
from tests.support.logins import outcome
from tests.support.refusals import sentence_of
from tests.support.two_logins import settle_family, settle_two_logins
from tests.support.world import PASSWORD, ROSSIGNOL, World

OTHER = AccountRef(ROSSIGNOL.site, "xen2")


def opens(world: World, ref: AccountRef = NEW) -> bool:
    world.wait(timedelta(days=2))
    return outcome(world, PASSWORD, ref) == ref.site


def test_the_account_keeps_its_key_and_both_guardians_read_the_new_identifier(world: World) -> None:
    settle_two_logins(world)

    change_identifier(world, "PIE-9")
    world.deliver_patiently()

    account = world.account()
    assert (account.ref, account.display_identifier, account.aliases) == (ROSSIGNOL, "PIE-9", ("pie-9",))
    first, second = sorted(world.mails(), key=lambda mail: mail.to != "rossignol@example.org")
    assert "Identifiant : PIE-9" in first.text
    assert "XEN 1, ouvre toujours le compte de la famille" in first.text
    assert "Identifiant : XEN1 R2" in second.text
    assert "Un responsable qui a son propre accès garde le sien." in second.text


def test_the_desk_finds_the_family_by_each_identifier(world: World) -> None:
    settle_family(world)
    change_identifier(world, "PIE-8")
    change_identifier(world)

    for text in ("PIE 9", "pie-9", "PIE8", "XEN1"):
        assert [one.ref for one in find_at(world.services, text, [ROSSIGNOL.site], world.now).accounts] == [ROSSIGNOL]
        assert find_account(world.services, text, None).ref == ROSSIGNOL
        assert account_overview(world.services, text, ROSSIGNOL.site, world.now).account.ref == ROSSIGNOL


@pytest.mark.parametrize("spelling", ["XEN 2", "XEN-2", "xen1r2"])
def test_an_identifier_of_another_account_is_refused(world: World, spelling: str) -> None:
    settle_two_logins(world)
    world.settle(OTHER)

    with pytest.raises(OfficeRefusal) as refusal:
        change_identifier(world, spelling)

    assert "donnez un autre identifiant" in sentence_of(refusal.value)
    assert (world.account().display_identifier, world.account().aliases) == ("XEN 1", ())


def test_an_earlier_identifier_ends_those_after_it_and_they_are_free_again(world: World) -> None:
    settle_family(world)
    world.settle(OTHER, password=None)
    change_identifier(world, "PIE-8")
    change_identifier(world)
    assert opens(world)

    change_identifier(world, "PIE-8")
    assert (opens(world), opens(world, AccountRef(NEW.site, "pie-8"))) == (False, True)
    with pytest.raises(OfficeRefusal, match="identifier_taken"):
        change_identifier(world, "PIE8", OTHER)

    change_identifier(world, "PIE-9", OTHER)
    assert world.account(NEW).family == OTHER.identifier
    with pytest.raises(OfficeRefusal, match="identifier_taken"):
        change_identifier(world)
    world.deliver_patiently()
    assert any("PIE-9, n'ouvre plus le compte de la famille" in mail.text for mail in world.mails())


def test_an_undone_change_leaves_one_identifier(world: World) -> None:
    settle_family(world)
    trace = change_identifier(world).trace
    assert trace
    undo = CorrectionUndo(ROSSIGNOL, IDENTIFIER, "", trace.at, trace.decision, trace.old, trace.new)

    for _ in range(2):
        undo_correction(world.services, undo, BY, world.now)
    world.deliver_patiently()

    assert (world.mails(), world.account().display_identifier, opens(world)) == ([], "XEN 1", False)


@faults_of("BatchGetItem", "BatchWriteItem", "GetItem", "PutItem", "SendMessageBatch", "UpdateItem")
def test_after_any_fault_the_same_form_ends_it_and_nobody_else_gets_it(world: World, call: str, when: When) -> None:
    settle_family(world)
    for skips in range(3):
        with world.aws.failing(call, when, skips=skips), suppress(Unavailable):
            change_identifier(world)
    change_identifier(world)

    account = world.account()
    assert (account.display_identifier, account.aliases, opens(world)) == ("PIE-9", ("pie-9",), True)
    assert [trace.what for trace in account.corrections] == ["identifier"]


def test_two_families_given_one_identifier_at_once_have_one_winner(world: World) -> None:
    """A real race, each with its own connection. The loser's account does not show it."""
    settle_family(world)
    world.settle(OTHER, password=None)
    fresh = world.aws.keep(world.resources)
    for _ in range(4):
        fresh()
        together = Barrier(2)

        def act(ref: AccountRef, together: Barrier = together) -> str:
            rebuilt = wiring.build(world.services.settings, calls=1, patience=20)
            services = OfficeServices.over(replace(rebuilt, periods=world.services.periods))
            together.wait()
            try:
                change_identifier(world, "PIE-9", ref, services)
            except OfficeRefusal as refusal:
                return refusal.code
            return "done"

        with ThreadPoolExecutor(2) as pool:
            codes = dict(zip((ROSSIGNOL.identifier, OTHER.identifier), pool.map(act, (ROSSIGNOL, OTHER)), strict=True))

        assert sorted(codes.values()) == ["done", "identifier_taken"]
        assert codes[world.account(NEW).family] == "done"
        spellings = {ref.identifier: world.account(ref).display_identifier for ref in (ROSSIGNOL, OTHER)}
        assert {name for name, spelling in spellings.items() if spelling == "PIE-9"} == {world.account(NEW).family}


# The next file.


def imported(world: World, yearly_file: YearlyFile) -> list[tuple[str, AccountRef | None]]:
    findings: list[FamilyChange | Anomaly] = []
    survey = survey_families(world.services, yearly_file, findings.append, world.now)
    carry_out(
        FamilyImport(world.services, survey, ImportOptions(apply=True, is_sure=True), world.now),
        yearly_file,
        findings.append,
    )
    return [(one.code if isinstance(one, Anomaly) else one.kind, one.ref) for one in findings]


@pytest.fixture
def account(world: World) -> Account:
    """Import a family whose identifier is then changed here."""
    imported(world, file(ROW, MERLE))
    change_identifier(world)
    return world.account()


def test_the_next_file_may_list_the_family_by_either_identifier(world: World, account: Account) -> None:
    assert imported(world, file(ROW, MERLE)) == [("unchanged", ROSSIGNOL), ("kept", ROSSIGNOL), ("unchanged", OTHER)]
    assert world.account().display_identifier == "PIE-9"

    row = but(ROW, identifier="PIE-9", address="9 rue du Bac")
    assert imported(world, file(row, MERLE)) == [("changed", ROSSIGNOL), ("unchanged", OTHER)]
    assert (world.account().gone_at, world.account().household.address[0]) == (None, "9 rue du Bac")
    assert imported(world, file(row, MERLE)) == [("unchanged", ROSSIGNOL), ("unchanged", OTHER)]
    assert imported(world, file(MERLE)) == [("unchanged", OTHER), ("gone", ROSSIGNOL)]
    assert account.aliases == world.account().aliases


def test_a_file_with_both_identifiers_leaves_both_rows_out(world: World, account: Account) -> None:
    rows = (ROW, but(ROW, identifier="PIE-9", address="9 rue du Bac"), MERLE)

    assert imported(world, file(*rows)) == [
        ("row_email_shared", NEW),
        ("row_identifiers_two", ROSSIGNOL),
        ("row_identifiers_two", NEW),
        ("unchanged", OTHER),
    ]
    assert world.account() == account


def test_an_alias_that_the_file_gives_to_another_family_is_an_error_and_erases_none(
    world: World, account: Account
) -> None:
    row = but(MERLE, identifier="PIE-9", name="Famille Corneille", pupil="Ida Corneille", guardian="M. Corneille")

    assert ("row_identifier_alias", NEW) in imported(world, file(MERLE, row))
    assert replace(world.account(), gone_at=None) == account

    change_identifier(world, "XEN 1")
    assert ("new", NEW) in imported(world, file(ROW, MERLE, row))
    assert world.account(NEW).role == "family"
