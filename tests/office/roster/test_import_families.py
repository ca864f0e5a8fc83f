"""The import of families: each family once, under all faults, crashes and conflicts."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from random import Random
from threading import Lock
from time import sleep
from typing import Any

import pytest

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.logins import new_login, opens
from chalicelib.domain.family.households import Guardian
from chalicelib.domain.refusals import Unavailable
from chalicelib.domain.roster.yearly_file import Anomaly, Row, YearlyFile
from chalicelib.infra.dynamo.database import Database, Lookup
from chalicelib.office.roster.import_families import FamilyChange, FamilyImport, carry_out
from chalicelib.office.roster.survey import ImportOptions, survey_families
from tests.support.aws import When
from tests.support.family_files import COLUMNS, GRIVE, MERLE, ROSSIGNOL, but, file
from tests.support.guardian_files import GUARDIANS, ONCE, OWN
from tests.support.guardian_files import values as family_values
from tests.support.two_logins import put
from tests.support.world import World

XEN1, XEN2, XEN9 = (AccountRef("evry-xenakis", identifier) for identifier in ("xen1", "xen2", "xen9"))
MAG1, MAG3 = (AccountRef("evry-magnard", identifier) for identifier in ("xen1", "mag3"))


def import_kinds(world: World, yearly_file: YearlyFile, **how: bool) -> list[tuple[str, AccountRef]]:
    """Import a file, and list the findings by family."""
    return [(change.kind, change.ref) for change in import_changes(world, yearly_file, **how)]


def import_changes(world: World, yearly_file: YearlyFile, **how: bool) -> list[FamilyChange]:
    findings: list[FamilyChange | Anomaly] = []
    options = replace(ImportOptions(apply=True), **how)  # type: ignore[arg-type]  # truths only
    survey = survey_families(world.services, yearly_file, lambda _: None, world.now)
    carry_out(FamilyImport(world.services, survey, options, world.now), yearly_file, findings.append)
    return [event for event in findings if isinstance(event, FamilyChange)]


def accounts(world: World) -> dict[AccountRef, Account]:
    return {account.ref: account for account in world.services.accounts.all()}


def without_stamps(world: World) -> list[Account]:
    """List all accounts, without their random values."""
    return [
        replace(
            account,
            stamp="",
            corrections=tuple(replace(correction, decision="") for correction in account.corrections),
            access_corrections=tuple(replace(correction, decision="") for correction in account.access_corrections),
        )
        for account in world.services.accounts.all()
    ]


def test_every_family_of_the_file_is_found_by_its_addresses_new_or_as_it_was(world: World) -> None:
    """Accounts older than the table of addresses are indexed by the next file, changed or not."""
    mailbox = world.services.record.pseudonyms.of_mailbox("rossignol@example.org")
    import_kinds(world, file(ROSSIGNOL))
    assert world.services.mailboxes.find(mailbox).refs == (XEN1,)
    world.database.write_all(world.services.mailboxes.deletions(XEN1))

    assert import_kinds(world, file(ROSSIGNOL), apply=False) == [("unchanged", XEN1)]
    assert world.services.mailboxes.find(mailbox).refs == ()

    assert import_kinds(world, file(ROSSIGNOL)) == [("unchanged", XEN1)]
    assert world.services.mailboxes.find(mailbox).refs == (XEN1,)


def test_an_import_enters_addresses_25_in_a_call_whether_families_are_new_or_change(world: World) -> None:
    new = [but(ROSSIGNOL, identifier=f"N{number}", email=f"n{number}@example.org") for number in range(60)]
    changes = [but(row, email=f"neuve-{row[1]}@example.org") for row in new]

    for rows, write, addresses in ((new, "PutItem", 60), (changes, "UpdateItem", 120)):
        world.aws.calls.clear()
        import_kinds(world, file(*rows))
        assert world.aws.calls.count(write) == 60
        assert world.aws.calls.count("BatchWriteItem") == -(-addresses // 25)


def test_the_same_file_again_writes_nothing(world: World) -> None:
    import_kinds(world, file(ROSSIGNOL, GRIVE))
    before = accounts(world)
    world.aws.calls.clear()

    assert import_kinds(world, file(ROSSIGNOL, GRIVE)) == [("unchanged", XEN1), ("unchanged", MAG3)]

    assert accounts(world) == before
    assert {"PutItem", "UpdateItem"}.isdisjoint(world.aws.calls)


def test_a_change_by_the_file_is_kept_as_such_and_a_new_family_has_none(world: World) -> None:
    import_kinds(world, file(ROSSIGNOL))
    assert accounts(world)[XEN1].access_corrections == ()

    import_kinds(world, file(but(ROSSIGNOL, email="neuve@example.org")))

    (trace,) = accounts(world)[XEN1].access_corrections
    assert (trace.what, trace.new, trace.actor.side) == ("emails", ("neuve@example.org",), "file")


def test_what_differs_in_the_store_is_what_was_shown(world: World) -> None:
    """Twelve families in two random files: exactly the shown changes are written."""
    draw = Random(25)

    def drawn() -> YearlyFile:
        rows = [
            Row(line, OWN | {("identifier", 1): f"N{line}", ("name", 1): "Famille Dupont"} | {
                **{(word, 1): draw.choice(values) for word, values in ONCE.items() if word != "name"},
                **{(word, number): draw.choice(values) for word, values in GUARDIANS.items() for number in (1, 2)},
            })
            for line in range(2, 14)
        ]  # fmt: skip
        return YearlyFile({column: column[0] for column in rows[0].cells}, lambda: iter(rows))

    first, second = drawn(), drawn()
    import_kinds(world, first)
    before = accounts(world)

    changes = import_changes(world, second, apply=False)
    assert accounts(world) == before
    assert import_changes(world, second) == changes

    for change in changes:
        stood, stands = family_values(before[change.ref]), family_values(accounts(world)[change.ref])
        differences = {difference.what: difference.file for difference in change.differences}
        fields = {"guardian_emails"} if "emails" in differences else set()
        assert {what for what in stands if stands[what] != stood[what]} - fields == differences.keys() - fields
        assert stood | differences | {what: stands[what] for what in fields} == stands
    assert {change.kind for change in import_changes(world, second)} <= {"unchanged", "reused"}


def test_an_account_that_is_no_familys_is_never_changed(world: World) -> None:
    account = world.settle(XEN1, role="office")

    findings: list[FamilyChange | Anomaly] = []
    survey = survey_families(world.services, file(ROSSIGNOL), findings.append, world.now)
    carry_out(
        FamilyImport(world.services, survey, ImportOptions(apply=True), world.now), file(ROSSIGNOL), findings.append
    )

    assert [event.code for event in findings if isinstance(event, Anomaly)] == ["row_not_a_family"]
    assert world.account(XEN1) == account


def test_families_without_number_are_read_and_written_in_their_order(world: World) -> None:
    cells = [but(ROSSIGNOL, identifier=f"N{number}", email=f"n{number}@example.org") for number in range(110)]

    assert import_kinds(world, file(*cells)) == [("new", AccountRef("evry-xenakis", f"n{n}")) for n in range(110)]

    assert len(accounts(world)) == 110
    world.aws.calls.clear()
    assert {kind for kind, _ in import_kinds(world, file(*cells))} == {"unchanged"}
    assert world.aws.calls.count("BatchGetItem") == 2


def test_a_batch_is_asked_for_once_the_one_before_is_answered(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [but(MERLE, identifier=f"N{number}", email=f"n{number}@example.org") for number in range(205)]
    read_together, reading, overtaking = Database.read_together, Lock(), []

    def slow(database: Database, *lookups: Lookup[Any]) -> tuple[Any, ...]:
        if reading.acquire(blocking=False):
            sleep(0.1)  # a concurrent read-ahead of the next one happens now
            answer = read_together(database, *lookups)
            reading.release()
            return answer
        overtaking.append(len(lookups))
        return read_together(database, *lookups)

    monkeypatch.setattr(Database, "read_together", slow)

    assert len(import_kinds(world, file(*rows), apply=False)) == len(rows)
    assert overtaking == []


# Moved and gone.


def test_a_family_at_another_site_has_moved_and_its_former_account_is_gone(world: World) -> None:
    import_kinds(world, file(ROSSIGNOL, MERLE, GRIVE))

    changes = import_changes(world, file(but(ROSSIGNOL, site="evry-magnard"), MERLE, GRIVE))

    assert [(change.kind, change.ref, change.moved_from) for change in changes] == [
        ("moved", MAG1, XEN1), ("unchanged", XEN2, None), ("unchanged", MAG3, None),
    ]  # fmt: skip
    assert accounts(world)[XEN1].gone_at == world.now
    assert accounts(world)[MAG1].gone_at is None


def test_another_family_of_the_same_identifier_is_new_and_the_former_gone(world: World) -> None:
    import_kinds(world, file(ROSSIGNOL, MERLE, GRIVE))
    stranger = but(MERLE, site="evry-magnard", identifier="XEN 1", name="Famille Pinson", email="pinson@example.org")

    assert import_kinds(world, file(stranger, MERLE, GRIVE)) == [
        ("new", MAG1), ("unchanged", XEN2), ("unchanged", MAG3), ("gone", XEN1),
    ]  # fmt: skip


def test_a_family_at_two_sites_has_not_moved(world: World) -> None:
    import_kinds(world, file(ROSSIGNOL, GRIVE))

    assert import_kinds(world, file(ROSSIGNOL, but(ROSSIGNOL, site="evry-magnard"), GRIVE)) == [
        ("unchanged", XEN1), ("new", MAG1), ("unchanged", MAG3),
    ]  # fmt: skip


def test_a_family_gone_is_noted_and_can_still_log_in(world: World) -> None:
    import_kinds(world, file(ROSSIGNOL, MERLE))
    first = world.now

    assert import_kinds(world, file(MERLE)) == [("unchanged", XEN2), ("gone", XEN1)]
    world.wait(timedelta(days=1))
    again = import_changes(world, file(MERLE))

    assert again[1].gone_at == first
    account = accounts(world)[XEN1]
    assert (account.gone_at, account.disabled) == (first, False)


def test_what_is_erased_while_an_import_runs_is_left_alone(world: World) -> None:
    import_kinds(world, file(ROSSIGNOL, MERLE))

    def erasing() -> Iterator[Row]:
        yield from file(MERLE).rows()
        leaver = world.services.accounts.find(XEN1)
        if leaver and len(world.aws.calls) > before:
            world.services.accounts.erase(leaver)

    before = len(world.aws.calls)
    assert import_kinds(world, replace(file(MERLE), rows=erasing)) == [("unchanged", XEN2)]
    assert XEN1 not in accounts(world)


# Faults and conflicts.


LAST_YEAR = (ROSSIGNOL, MERLE, but(ROSSIGNOL, identifier="XEN 9", name="Famille Pie", email="pie@example.org"))
THIS_YEAR = (
    but(ROSSIGNOL, address="9 rue Neuve", email="neuve@example.org"),
    MERLE,
    GRIVE,
    but(GRIVE, identifier="MAG 4", email="g4@example.org"),
)


def of_this_year(world: World) -> list[Account]:
    """Import without a fault, and list the accounts."""
    import_kinds(world, file(*LAST_YEAR))
    import_kinds(world, file(*THIS_YEAR))
    return without_stamps(world)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    ("call", "spared"),
    [
        ("Query", 0),
        ("BatchGetItem", 0),
        ("BatchGetItem", 1),
        ("PutItem", 0),
        ("PutItem", 1),
        ("BatchWriteItem", 0),
        ("UpdateItem", 0),
        ("UpdateItem", 1),
    ],
)
def test_after_a_fault_the_command_again_does_the_rest(world: World, call: str, spared: int, when: When) -> None:
    expected = of_this_year(world)
    world.aws.wipe(world.resources)
    import_kinds(world, file(*LAST_YEAR))

    with pytest.raises(Unavailable), world.aws.failing(call, when, times=1, skips=spared):
        import_kinds(world, file(*THIS_YEAR))
    mailboxes, pseudonyms = world.services.mailboxes, world.services.record.pseudonyms
    for account in accounts(world).values():
        for email in account.emails:
            assert account.ref in mailboxes.find(pseudonyms.of_mailbox(email)).refs
    import_kinds(world, file(*THIS_YEAR))

    assert without_stamps(world) == expected


def test_two_imports_at_once_make_each_family_once(world: World) -> None:
    cells = [but(ROSSIGNOL, identifier=f"N{number}", email=f"n{number}@example.org") for number in range(60)]

    with ThreadPoolExecutor() as pool:
        runs = list(pool.map(lambda _: import_kinds(world, file(*cells)), range(2)))

    assert len(accounts(world)) == 60
    for run in runs:
        assert {kind for kind, _ in run} <= {"new", "unchanged"}
    assert [kind for run in runs for kind, _ in run].count("new") == 60


def test_an_import_never_undoes_what_a_family_does_meanwhile(world: World) -> None:
    cells = [but(ROSSIGNOL, identifier=f"N{number}", email=f"n{number}@example.org") for number in range(40)]
    import_kinds(world, file(*cells))
    changes = [but(row, address="9 rue Neuve") for row in cells]

    def choose(account: Account) -> None:
        while True:
            before = world.account(account.ref)
            try:
                world.services.accounts.change(before, before.with_password("$argon2id$chosen", "chosen", world.now))
            except Exception:  # noqa: BLE001 - after a conflict: again
                continue
            return

    with ThreadPoolExecutor() as pool:
        families = [pool.submit(choose, account) for account in accounts(world).values()]
        kinds = import_kinds(world, file(*changes))
        for future in families:
            future.result()

    assert {kind for kind, _ in kinds} == {"changed"}
    for account in accounts(world).values():
        assert account.password is not None
        assert account.household.address == ("9 rue Neuve", "91000 Evry")


def test_an_account_that_never_holds_still_is_given_up_and_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    import_kinds(world, file(ROSSIGNOL))
    accounts_kept = world.services.accounts
    change = accounts_kept.change

    def restless(before: Account, _after: Account) -> None:
        change(before, before.with_disabled(is_disabled=False))

    monkeypatch.setattr(accounts_kept, "follow_guardians", restless)

    with pytest.raises(Unavailable, match="keeps changing"):
        import_kinds(world, file(but(ROSSIGNOL, address="9 rue Neuve")))


def settle_imported_logins(world: World, *cells: tuple[str, ...]) -> Account:
    """Import a family, and give its second guardian a login of their own."""
    import_kinds(world, file(*cells))
    family = world.account(XEN1)
    second = Guardian("M. Merle", "come@example.net", "06 99 00 20 02", ("1 rue du Lac", "91000 Evry"), "xen1r2")
    household = replace(family.household, guardians=(*family.household.guardians, second))
    put(world, new_login(family, second, AccountRef(XEN1.site, "xen1r2")))
    return put(world, replace(family, emails=(*family.emails, second.email), household=household))


def test_an_import_keeps_both_logins_and_never_counts_one_as_a_family(world: World) -> None:
    family = settle_imported_logins(world, ROSSIGNOL, MERLE)
    row_after = but(ROSSIGNOL, guardian="Mme Rossignol-Houx", email="aimee@example.org", address="9 rue du Pré")

    kinds = import_kinds(world, file(row_after, MERLE), disable_gone=True)

    assert kinds == [("changed", XEN1), ("unchanged", XEN2)]
    aimee, second = world.account(XEN1).household.guardians
    assert (aimee.name, aimee.email, aimee.login) == ("Mme Rossignol-Houx", "aimee@example.org", "")
    assert second == family.household.guardians[1]
    assert world.account(XEN1).emails == ("aimee@example.org", "come@example.net")
    assert import_kinds(world, file(row_after, MERLE))[0] == ("unchanged", XEN1)


def test_a_family_that_is_gone_takes_both_logins_with_it_and_brings_them_back(world: World) -> None:
    settle_imported_logins(world, ROSSIGNOL, MERLE)
    login = AccountRef(XEN1.site, "xen1r2")
    stamps = {world.account(login).stamp}

    import_kinds(world, file(MERLE), disable_gone=True, is_sure=True)
    assert not opens(world.account(XEN1), world.account(login))
    stamps.add(world.account(login).stamp)
    import_kinds(world, file(ROSSIGNOL, MERLE))

    assert opens(world.account(XEN1), world.account(login))
    assert not world.account(login).disabled
    assert len(stamps | {world.account(login).stamp}) == 3, "no session of it goes on"


def test_a_row_of_a_login_s_identifier_is_left_out_and_says_why(world: World) -> None:
    settle_imported_logins(world, ROSSIGNOL)
    yearly_file, findings = file(ROSSIGNOL, but(MERLE, identifier="XEN 1 R2")), list[FamilyChange | Anomaly]()
    survey = survey_families(world.services, yearly_file, lambda _: None, world.now)

    carry_out(FamilyImport(world.services, survey, ImportOptions(apply=True), world.now), yearly_file, findings.append)

    assert [event.code for event in findings if isinstance(event, Anomaly)] == ["row_is_a_login"]


def test_an_address_that_the_file_changes_ends_what_was_mailed_to_the_login_before(world: World) -> None:
    settle_imported_logins(world, ROSSIGNOL)
    login = AccountRef(XEN1.site, "xen1r2")
    put(world, world.account(login).with_mailed_password("Mh4kWqzR7tXc9bPd", "r", world.now))
    columns = (*COLUMNS, ("guardian", 2), ("email", 2))
    cells = dict(zip(columns, (*ROSSIGNOL, "M. Merle", "merle@example.net"), strict=True))

    import_kinds(world, YearlyFile(dict.fromkeys(columns, "Colonne"), lambda: iter([Row(2, cells)])))

    assert (world.account(login).emails, world.account(login).mailed_passwords) == (("merle@example.net",), ())
    assert world.account(XEN1).household.guardians[1].login == "xen1r2"
