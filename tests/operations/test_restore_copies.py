"""The copy back: its conditions, its trail, races, faults, and documents."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.audit import TOMBSTONE_LASTS, Erasure
from chalicelib.domain.refusals import Unavailable
from chalicelib.infra.dynamo.database import Delete, Put
from chalicelib.office.account import pseudonym
from chalicelib.office.rights.erasure import erase
from chalicelib.presentation.office.accounts import ACTS
from operations.restore.copies import Copies, RestoreComparison
from operations.restore.differences import DOCUMENTS, TABLES, RestoreChoice, RestoreDifference
from operations.restore.documents import DocumentVersions
from tests.support.aws import When
from tests.support.enrolled_families import rossignol
from tests.support.world import ROSSIGNOL, World

MERLE = AccountRef("evry-magnard", "mag1")
ALL = RestoreChoice(is_all=True)


class Past:
    """A world with two families, its second tables, and its copies."""

    def __init__(self, world: World) -> None:
        self.world = world
        rossignol(world)
        world.settle(MERLE, name="Famille Merle")
        world.settle(replace(MERLE, identifier="mag7"), name="Famille Loriot")
        self.live = {table: world.resources.table(table) for table in TABLES}
        self.second = {table: f"clef-test-restore-20260901T070000Z-{table}" for table in TABLES}
        self.client = world.aws.client("dynamodb")
        for table in TABLES:  # moto restores the present
            self.client.restore_table_to_point_in_time(
                SourceTableName=self.live[table], TargetTableName=self.second[table]
            )
        self.bucket = world.resources.documents_bucket
        self.s3 = world.aws.client("s3")
        self.at = world.now
        world.wait(timedelta(hours=2))

    def copies(self) -> Copies:
        versions = DocumentVersions(self.s3, self.bucket)
        return Copies(self.world.services, self.live, self.second, versions, self.at, self.world.now)

    def chosen(self, choice: RestoreChoice = ALL) -> tuple[Copies, list[RestoreDifference]]:
        copies = self.copies()
        differences = copies.compare().differences
        differences_held = copies.erasures(frozenset()).hold(differences)
        return copies, [each for each in differences if choice.takes(each, differences_held)]

    def copy(self, choice: RestoreChoice = ALL) -> list[RestoreDifference]:
        copies, differences = self.chosen(choice)
        return copies.copy(differences, "user/marie", "État d'avant", lambda: None)

    def lose(self, ref: AccountRef) -> None:
        """Delete an account as no erasure does."""
        self.world.database.write_together(
            Delete(self.live["Accounts"], {"site": ref.site, "identifier": ref.identifier})
        )

    def rename(self, ref: AccountRef, name: str) -> Account:
        """Damage an account."""
        _, after = self.world.services.accounts.revise(ref, lambda account: replace(account, name=name))  # type: ignore[misc]
        return after


@pytest.fixture
def past(world: World) -> Iterator[Past]:
    result = Past(world)
    yield result
    for name in result.second.values():
        result.client.delete_table(TableName=name)


def by_name(comparison: RestoreComparison) -> set[tuple[str, str, str, str]]:
    return {(each.table, each.state, each.site, each.family) for each in comparison.differences}


def test_what_differs_is_found_by_site_table_and_family(past: Past) -> None:
    assert by_name(past.copies().compare()) == set()
    past.lose(MERLE)
    past.rename(ROSSIGNOL, "X")
    past.world.settle(replace(MERLE, identifier="mag2"))
    past.world.database.write_together(*past.world.services.enrolments.forget(ROSSIGNOL, ("2026", "2027", "2028")))

    comparison = past.copies().compare()

    assert by_name(comparison) == {
        ("Accounts", "missing", *_words(MERLE)),
        ("Accounts", "changed", *_words(ROSSIGNOL)),
        ("Accounts", "new", "evry-magnard", "mag2"),
        ("Enrolments", "missing", *_words(ROSSIGNOL)),
    }
    assert [each.fields for each in comparison.differences if each.state == "changed"] == [("name",)]


def _words(ref: AccountRef) -> tuple[str, str]:
    return ref.site, ref.identifier


def test_a_family_is_copied_back_and_nothing_else(past: Past) -> None:
    before = past.world.account(ROSSIGNOL)
    past.lose(MERLE)
    change = past.rename(ROSSIGNOL, "X")

    assert past.copy(RestoreChoice(families=frozenset({_words(ROSSIGNOL)}))) == []

    account = past.world.account(ROSSIGNOL)
    assert (account.name, account.household, account.password) == (before.name, before.household, before.password)
    assert account.stamp not in {before.stamp, change.stamp}  # no session goes on
    assert past.world.services.accounts.find(MERLE) is None
    (act,) = past.world.services.audit_trail.on(ROSSIGNOL.site, pseudonym(past.world.services, ROSSIGNOL))
    assert (ACTS[act.kind], act.author.who) == ("données remises dans un état antérieur", "user/marie")


def test_a_second_run_does_only_the_rest(past: Past) -> None:
    past.lose(MERLE)
    past.rename(ROSSIGNOL, "X")
    past.copy(RestoreChoice(site=MERLE.site))
    past.rename(MERLE, "Famille Merle-Noir")  # by its family, since then

    copies, differences = past.chosen()
    past.copy()

    assert [(each.site, each.family) for each in differences] == [_words(ROSSIGNOL)]
    assert copies.compare().copy_counts == {"Accounts": 2}
    assert past.world.account(MERLE).name == "Famille Merle-Noir"
    assert past.chosen()[1] == []


@pytest.mark.parametrize("call", ["UpdateItem", "PutItem"])
def test_an_item_changed_since_the_comparison_is_left(past: Past, call: str) -> None:
    past.rename(ROSSIGNOL, "X")
    past.lose(MERLE)
    ref = {"UpdateItem": ROSSIGNOL, "PutItem": MERLE}[call]
    log_in(past, ROSSIGNOL)
    copies, differences = past.chosen(RestoreChoice(families=frozenset({_words(ref)})))
    past.world.wait(timedelta(minutes=1))

    def overtake() -> None:
        if ref == MERLE:
            past.world.settle(ref, name="X")
        log_in(past, ref)  # an attribute that the copy does not write

    with past.world.aws.interrupted(call, overtake):
        conflicts = copies.copy(differences, "user/marie", "?", lambda: None)

    assert conflicts == differences
    assert (past.world.account(ref).name, past.world.account(ref).last_login) == ("X", past.world.now)
    assert past.copy() == []  # compared again, and chosen again
    assert past.world.account(ref).name != "X"


def log_in(past: Past, ref: AccountRef) -> None:
    past.world.services.accounts.revise(ref, lambda account: replace(account, last_login=past.world.now))


def test_a_fault_at_any_call_leaves_the_rest_to_a_second_run(past: Past) -> None:
    second = past.second["Accounts"]
    puts = [Put(second, item) for item in past.world.database.items(second)]
    faults: list[tuple[str, When]] = [
        (call, when) for call in ("BatchWriteItem", "PutItem", "UpdateItem") for when in ("before", "after")
    ]
    for call, when in faults:
        past.lose(MERLE)
        past.rename(ROSSIGNOL, "X")
        copies, differences = past.chosen()
        with past.world.aws.failing(call, when, times=1), pytest.raises(Unavailable):
            copies.copy(differences, "user/marie", "?", lambda: None)

        assert past.copy() == []

        names = [past.world.account(ref).name for ref in (ROSSIGNOL, MERLE)]
        assert (names, past.chosen()[1]) == (["Famille Rossignol", "Famille Merle"], []), (call, when)
        past.world.database.write_together(*puts)


def test_eight_items_of_a_table_are_written_at_once(past: Past) -> None:
    bills = ({"site": MERLE.site, "identifier": f"mag{number}"} for number in range(100, 108))
    past.world.database.write_all(Put(past.second["Billing"], bill) for bill in bills)
    copies, differences = past.chosen()
    together = Barrier(8, timeout=10)

    def wait_for_seven_others() -> None:
        together.wait()

    copies.copy(differences, "user/marie", "?", wait_for_seven_others)

    assert (len(differences), past.chosen()[1]) == (8, [])


def test_an_erased_family_comes_back_by_name_only(past: Past) -> None:
    ref = replace(MERLE, identifier="mag7")
    erasure = Erasure.of([MERLE], "user/marie", "asked", past.world.now)
    erase(past.world.services, past.world.account(MERLE), erasure, lambda: None)
    past.lose(ref)

    past.copy()
    assert past.world.services.accounts.find(MERLE) is None
    assert past.world.account(ref).name == "Famille Loriot"  # of the same site, lost by no erasure

    past.copy(RestoreChoice(families=frozenset({_words(MERLE)})))
    assert past.world.account(MERLE).name == "Famille Merle"


def test_an_erasure_without_a_readable_tombstone_holds_its_whole_site(past: Past) -> None:
    erasure = Erasure.of([MERLE], "user/marie", "asked", past.world.now)
    former = replace(erasure, has_tombstones=False, name="of an earlier version")
    for stone, later in ((former, timedelta(0)), (erasure, TOMBSTONE_LASTS)):
        past.world.services.audit_trail.add_erasure(stone)
        past.lose(MERLE)
        past.world.wait(later)

        assert past.copies().erasures(frozenset()).nameless == {MERLE.site: 1 + bool(later)}, stone
        assert past.copies().erasures(frozenset({_words(MERLE)})).nameless.get(MERLE.site, 0) == bool(later), stone


def test_second_tables_forget_a_family_erased_since_they_were_made_and_keep_one_erased_before(past: Past) -> None:
    database, former, made_at = past.world.database, replace(MERLE, identifier="mag7"), past.world.now
    roll = {"site": f"{MERLE.site}#c1", "identifier": "roll#1", "marks": {"mag1": "late", "xen1": "late"}}
    database.write_together(Put(past.second["Teaching"], roll))
    for ref, at in ((former, made_at - timedelta(minutes=1)), (MERLE, made_at)):
        erasure = Erasure.of([ref], "user/marie", "asked", at)
        erase(past.world.services, past.world.account(ref), erasure, lambda: None)
    copies = past.copies()

    lines = copies.forget_erased(copies.compare().differences, made_at)

    assert {(each.table, each.key["identifier"]) for each in lines} == {("Accounts", "mag1"), ("Teaching", "roll#1")}
    assert {item["identifier"] for item in database.items(past.second["Accounts"])} == {"xen1", "mag7"}


def test_an_identifier_given_to_another_family_does_not_get_the_erased_one_back(past: Past) -> None:
    erasure = Erasure.of([MERLE], "user/marie", "purged", past.world.now)
    erase(past.world.services, past.world.account(MERLE), erasure, lambda: None)
    past.world.settle(MERLE, name="Famille Pinson")

    past.copy()

    assert past.world.account(MERLE).name == "Famille Pinson"


class TestDocuments:
    @pytest.fixture(autouse=True)
    def versions(self, past: Past) -> Iterator[None]:
        past.s3.put_bucket_versioning(Bucket=past.bucket, VersioningConfiguration={"Status": "Enabled"})
        yield
        past.s3.put_bucket_versioning(Bucket=past.bucket, VersioningConfiguration={"Status": "Suspended"})

    def put(self, past: Past, name: str, body: bytes) -> str:
        key = f"documents/2027/{ROSSIGNOL.site}/{pseudonym(past.world.services, ROSSIGNOL)}/rib/foyer/{name}"
        past.s3.put_object(Bucket=past.bucket, Key=key, Body=body)
        return key

    def test_deleted_and_replaced_ones_come_back_and_new_ones_stay(self, past: Past) -> None:
        first, second = self.put(past, "a", b"a"), self.put(past, "b", b"b")
        for key in (first, second):
            past.world.aws.date_back(past.world.resources, key)
        past.at = datetime.now(UTC) - timedelta(hours=12)
        past.s3.delete_object(Bucket=past.bucket, Key=first)
        new = self.put(past, "c", b"c")
        self.put(past, "b", b"other")

        pairs = {(each.key["identifier"], each.state) for each in past.copies().compare().differences}
        past.copy(RestoreChoice(table=DOCUMENTS, site=ROSSIGNOL.site))

        assert pairs == {(first, "missing"), (second, "changed"), (new, "new")}
        items = {key: past.s3.get_object(Bucket=past.bucket, Key=key)["Body"].read() for key in (first, second, new)}
        assert items == {first: b"a", second: b"b", new: b"c"}
        assert past.s3.list_object_versions(Bucket=past.bucket, Prefix=first)["DeleteMarkers"]  # no version is deleted
        assert past.chosen()[1] == []

    def test_one_uploaded_since_the_comparison_stays(self, past: Past) -> None:
        keys = [self.put(past, name, b"then") for name in ("a", "b", "c")]
        for key in keys:
            past.world.aws.date_back(past.world.resources, key)
        past.at = datetime.now(UTC) - timedelta(hours=12)
        self.put(past, "b", b"wrong")
        for key in keys[1:]:
            past.s3.delete_object(Bucket=past.bucket, Key=key)
        self.put(past, "a", b"wrong")
        copies, differences = past.chosen(RestoreChoice(table=DOCUMENTS))

        for name in ("a", "b", "c"):
            self.put(past, name, b"by its family")

        assert copies.copy(differences, "user/marie", "?", lambda: None) == differences
        bodies = [past.s3.get_object(Bucket=past.bucket, Key=key)["Body"].read() for key in keys]
        assert (len(differences), bodies) == (3, [b"by its family"] * 3)
