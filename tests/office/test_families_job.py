"""The yearly file as a job: surveyed, shown, confirmed and imported as by the command, under all faults."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.refusals import Unavailable
from chalicelib.domain.staff.desk_jobs import LEASE, DeskJob
from chalicelib.office import families_job as families
from chalicelib.office.jobs.job_run import work
from chalicelib.office.jobs.jobs import cancel, confirm, start_again
from chalicelib.office.jobs.uploads import FILE, folder_of
from chalicelib.office.roster.applied_imports import list_imports
from chalicelib.work.long_jobs import HANDLERS
from tests.support.desk_work import MANAGER, deliver, deliver_all, read_job
from tests.support.households import settle_whole
from tests.support.imports import carried_out, csv, dropped, ref, report, row, surveyed
from tests.support.teaching import PINSON, link, stores
from tests.support.world import World


@pytest.mark.wing
def test_each_kind_of_job_has_a_handler() -> None:
    assert set(HANDLERS) == {
        "families",
        "invoices",
        "places",
        "offers",
        "publish",
        "campaign",
        "list_decision",
        "request_list",
        "merge",
    }


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a batch hold two families, so that a short file takes several."""
    monkeypatch.setattr(families, "AT_ONCE", 2)


def accounts(world: World) -> dict[str, Account]:
    return {account.ref.identifier: account for account in world.services.accounts.all("evry-xenakis")}


def counts(job: DeskJob) -> dict[str, Any]:
    return dict(job.result)


FIRST = csv([row(number) for number in range(1, 6)])
# Of the next year: one family is unchanged, one changed, three are gone, two are new, and one row is wrong.
SECOND = csv(
    [row(1), row(2, "Famille Grive"), row(6), row(7), "evry-xenakis;;Famille sans identifiant;grive@example.org;;;;;;"]
)


def test_a_survey_writes_nothing_and_shows_what_the_command_shows(world: World) -> None:
    job = surveyed(world, FIRST)

    assert (job.state, counts(job)) == ("ready", {"new": 5})
    assert accounts(world) == {}
    lines = report(world, job)
    assert lines.sites == {("evry-xenakis", "new"): 5}
    assert lines.lines["new"][0][:4] == [2, "evry-xenakis", "NOTE 1", "Famille Rousserolle 1"]
    assert (lines.facts["rows"], lines.facts["families"]) == (5, 5)


def test_what_is_confirmed_is_carried_out_and_the_file_is_erased(world: World) -> None:
    job = surveyed(world, FIRST)
    assert folder_of(job) + FILE in world.aws.documents(world.resources)

    result = carried_out(world, job)

    assert (result.state, counts(result), result.done, result.of) == ("done", {"new": 5}, 5, 5)
    assert len(accounts(world)) == 5
    assert list(world.aws.documents(world.resources)) == [f"{folder_of(job)}report"]


def test_an_import_that_was_given_up_halfway_is_listed_as_not_complete(world: World) -> None:
    job = surveyed(world, FIRST)
    assert list_imports(world.services, world.now) == ()
    confirm(world.services, job, MANAGER, {}, world.now)

    def give_up() -> bool:
        cancel(world.services, read_job(world, job), world.now)
        return False

    work(world.services, job.id, HANDLERS, lambda: world.now, give_up)

    (record,) = list_imports(world.services, world.now)
    assert (record.id, record.counts, record.done_at) == (job.id, {"new": 5}, None)


def test_the_next_year_is_compared_with_what_is_on_file(world: World) -> None:
    carried_out(world, surveyed(world, FIRST))
    job = surveyed(world, SECOND)

    assert counts(job) == {"unchanged": 1, "changed": 1, "new": 2, "gone": 3, "error": 1}
    lines = report(world, job)
    assert [line[-1] for line in lines.lines["error"]] == ["Il n'y a pas d'identifiant. La ligne est laissée de côté."]
    assert lines.lines["changed"][0][4:7] == ["Famille", "Famille Rousserolle 2", "Famille Grive"]
    assert lines.facts["hesitations"]["keep"] is None  # a row may be a gone family's: none is marked
    assert lines.facts["questions"] == []
    assert lines.facts["hesitations"]["disable"]["code"] == "gone_rows_left_out"


def test_families_that_are_gone_are_disabled_only_where_that_is_ticked(world: World) -> None:
    carried_out(world, surveyed(world, FIRST))
    shorter = csv([row(number) for number in (1, 2, 3)])

    result = carried_out(world, surveyed(world, shorter), is_sure=True)
    assert (result.state, accounts(world)["note5"].disabled, accounts(world)["note5"].gone_at) == (
        "done",
        False,
        world.now,
    )

    job = surveyed(world, shorter)
    assert report(world, job).facts["hesitations"]["disable"]["code"] == "gone_many"
    end = carried_out(world, job, disable_gone=True)
    assert (end.state, end.result["refused"]) == ("failed", "gone_many")
    assert not accounts(world)["note5"].disabled

    run = carried_out(world, surveyed(world, shorter), disable_gone=True, is_sure=True)
    assert (run.state, accounts(world)["note5"].disabled, accounts(world)["note1"].disabled) == ("done", True, False)


def test_where_others_are_gone_by_now_nothing_is_written_and_it_is_surveyed_again(world: World) -> None:
    carried_out(world, surveyed(world, FIRST))
    job = surveyed(world, SECOND)
    world.settle(ref(9))  # an account opened by the office since: unknown to the file

    result = carried_out(world, job)

    assert (result.state, result.result) == ("failed", {"refused": "import_accounts_moved"})
    assert "note6" not in accounts(world)
    start_again(world.services, result, world.now)
    deliver_all(world)
    assert counts(read_job(world, job))["gone"] == 4
    assert carried_out(world, read_job(world, job), is_sure=True).state == "done"


def test_what_many_families_would_lose_is_asked_about_before_anything_is_written(world: World) -> None:
    carried_out(world, surveyed(world, FIRST))
    content = csv([row(number).replace("Odile Rousserolle", "") for number in (1, 2)] + [row(3), row(4), row(5)])
    job = surveyed(world, content)

    question = {"code": "import_many_lose", "about": {"lost": 2, "compared": 5}}
    assert report(world, job).facts["questions"] == [question]
    before = accounts(world)
    result = carried_out(world, job)
    assert (result.state, result.result, accounts(world)) == ("failed", {"refused": "import_many_lose"}, before)
    assert carried_out(world, surveyed(world, content), is_sure=True).state == "done"
    assert accounts(world)["note1"].household.guardians == ()


def test_an_identifier_that_is_another_familys_is_asked_about_and_its_account_begins_again(world: World) -> None:
    settle_whole(world, ref(2))
    carried_out(world, surveyed(world, csv([row(1), row(3)])), is_sure=True)
    job = surveyed(world, csv([row(1), row(2), row(3)]))

    assert counts(job) == {"unchanged": 2, "reused": 1}
    question = {"code": "import_identifiers_reused", "about": {"count": 1, "identifiers": "NOTE 2"}}
    assert report(world, job).facts["questions"] == [question]
    result = carried_out(world, job, is_sure=True)
    assert (result.state, result.result) == ("failed", {"refused": "import_identifiers_reused"})
    assert accounts(world)["note2"].name == "Famille Rossignol"

    end = carried_out(world, surveyed(world, csv([row(1), row(2), row(3)])), reused=True)
    world.deliver()

    assert (end.state, counts(end)) == ("done", {"unchanged": 2, "reused": 1})
    assert (accounts(world)["note2"].name, accounts(world)["note2"].password) == ("Famille Rousserolle 2", None)
    assert world.services.enrolments.of_account(ref(2), ("2025", "2026")) == ()
    assert {mail.to for mail in world.mails()} == {
        *("rossignol@example.org", "come@example.org", "rousserolle2@example.org")
    }


def test_a_file_that_is_another_than_the_one_that_was_surveyed_is_not_carried_out(world: World) -> None:
    job = surveyed(world, FIRST)
    world.services.documents.put(folder_of(job) + FILE, SECOND, "text/csv")

    result = carried_out(world, job)

    assert (result.state, result.result) == ("failed", {"refused": "import_file_gone"})
    assert accounts(world) == {}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"Bonjour", "file_headings_unknown"),
        (b"Site;Nom de famille\nevry-xenakis;Rossignol", "file_columns_lacking"),
        (b"PK\x03\x04 and no more", "file_xlsx_broken"),
        (csv([]), "file_without_rows"),
    ],
)
def test_a_wrong_file_is_refused_as_the_command_refuses_it(world: World, content: bytes, code: str) -> None:
    job = surveyed(world, content)

    assert (job.state, job.result) == ("failed", {"refused": code})
    assert report(world, job).facts["refused"] == code


def test_what_is_given_up_leaves_nothing_even_beside_a_worker(world: World) -> None:
    job = dropped(world, FIRST)

    def give_up() -> bool:
        cancel(world.services, read_job(world, job), world.now)
        world.services.documents.delete_under(folder_of(job))
        return False

    work(world.services, job.id, HANDLERS, lambda: world.now, give_up)

    assert (read_job(world, job).state, world.aws.documents(world.resources)) == ("cancelled", {})


@pytest.mark.usefixtures("small_batches")
def test_a_job_in_many_turns_ends_as_in_one(world: World) -> None:
    carried_out(world, surveyed(world, FIRST))
    job = dropped(world, SECOND)
    turns = 0
    while read_job(world, job).is_at_work:
        turns += 1
        work(world.services, job.id, HANDLERS, lambda: world.now, lambda: False)
    confirm(world.services, read_job(world, job), MANAGER, {"is_sure": True}, world.now)
    while read_job(world, job).is_at_work:
        turns += 1
        work(world.services, job.id, HANDLERS, lambda: world.now, lambda: False)

    result = read_job(world, job)
    assert (result.state, turns) == ("done", 10)
    assert counts(result) == {"unchanged": 1, "changed": 1, "new": 2, "gone": 3, "error": 1}
    assert accounts(world)["note2"].name == "Famille Grive"


THREE = csv([row(1), row(2), row(3)])
READS = ("GetItem", "BatchGetItem", "Query", "GET")
WRITES = ("UpdateItem", "PutItem", "BatchWriteItem", "PUT", "POST")


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize(("calls", "when"), [(READS, "before"), (WRITES, "before"), (WRITES, "after")])
def test_a_job_ends_the_same_whichever_call_failed(world: World, calls: tuple[str, ...], when: Any) -> None:
    job = surveyed(world, THREE)
    documents = world.aws.documents(world.resources)
    for call in calls:
        for skips in range(30):
            world.aws.wipe(world.resources)
            world.services.staff.jobs.create(job)
            for key, content in documents.items():
                world.services.documents.put(key, content, "text/csv")
            confirm(world.services, read_job(world, job), MANAGER, {}, world.now)
            world.aws.calls.clear()
            with world.aws.failing(call, when, times=1, skips=skips):
                deliver(world)
            if world.aws.calls.count(call) <= skips:
                break  # never called so often
            world.wait(LEASE + timedelta(seconds=1))
            deliver_all(world)

            result = read_job(world, job)
            assert (result.state, counts(result)) == ("done", {"new": 3}), (call, skips)
            assert sorted(accounts(world)) == ["note1", "note2", "note3"]
            assert list(world.aws.documents(world.resources)) == [f"{folder_of(job)}report"]
            (record,) = list_imports(world.services, world.now)
            assert (record.id, record.by, record.counts) == (job.id, MANAGER, {"new": 3}), (call, skips)
            assert record.done_at is not None
        else:
            raise AssertionError(f"{call} is called too often to try them all")


def dies_after(batches: int) -> Callable[[], bool]:
    """Make a worker that is killed before it begins another batch."""
    answers = iter([True] * batches)

    def has_time() -> bool:
        for batch in answers:
            return batch
        raise Unavailable("killed")

    return has_time


@pytest.mark.usefixtures("small_batches")
def test_a_worker_that_dies_between_any_two_batches_loses_no_count(world: World) -> None:
    for batches in range(1, 3):
        world.aws.wipe(world.resources)
        job = surveyed(world, FIRST)
        confirm(world.services, job, MANAGER, {}, world.now)
        with pytest.raises(Unavailable):
            work(world.services, job.id, HANDLERS, lambda: world.now, dies_after(batches))
        world.wait(LEASE + timedelta(seconds=1))
        deliver_all(world)

        assert counts(read_job(world, job)) == {"new": 5}


@pytest.mark.wing("teaching")
def test_what_is_carried_out_makes_the_timetables_and_what_is_surveyed_tells_the_links(world: World) -> None:
    link(world, "Mme Grue")
    content = csv([f"{row(1)};{PINSON}"]).replace(b"Discipline", b"Discipline;Professeur", 1)

    job = surveyed(world, content)
    assert [line[-1] for line in report(world, job).lines["warning"]] == [
        f"« {PINSON} » n'est relié à aucun accès d'enseignant : personne ne voit ses cours.",
        "« Mme Grue », à evry-xenakis, est relié à un accès d'enseignant et n'est plus dans le fichier.",
    ]
    assert list(stores(world).timetables.all("evry-xenakis")) == []
    carried_out(world, job)

    assert [timetable.teacher for timetable in stores(world).timetables.all("evry-xenakis")] == [PINSON]
