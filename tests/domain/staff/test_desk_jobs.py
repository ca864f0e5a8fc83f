"""A job of the desk: its worker, its stalls, its results."""

from datetime import UTC, datetime, timedelta

from chalicelib.domain.staff.desk_jobs import KEPT, LEASE, STILL, DeskJob

NOW = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
WHO = "Odile Fauvette <fauvette@example.org>"


def test_a_job_of_a_name_is_that_one_and_else_has_one_of_its_own() -> None:
    assert DeskJob.ask("families", WHO, NOW, id="a").id == "a"
    assert DeskJob.ask("families", WHO, NOW).id != DeskJob.ask("families", WHO, NOW).id


def test_a_worker_has_it_for_two_minutes_from_when_it_last_wrote() -> None:
    job = DeskJob.ask("families", WHO, NOW).take(NOW)
    later = NOW + timedelta(seconds=100)

    assert job.state == "running"
    assert job.is_held(NOW + LEASE - timedelta(seconds=1))
    assert not job.is_held(NOW + LEASE)
    assert job.go_on({"batch": 1}, 100, 300, later).is_held(later + LEASE - timedelta(seconds=1))


def test_it_stands_still_where_nobody_has_it_and_nothing_moves() -> None:
    job = DeskJob.ask("families", WHO, NOW)

    assert not job.is_still(NOW)
    assert job.is_still(NOW + STILL)
    assert not job.take(NOW).is_still(NOW + STILL)
    assert job.take(NOW).is_still(NOW + LEASE)
    assert not job.end("ready", {}, NOW).is_still(NOW + KEPT)


def test_what_it_found_waits_to_be_confirmed_then_is_done_from_its_beginning() -> None:
    ready = DeskJob.ask("families", WHO, NOW).take(NOW).go_on({"batch": 2}, 200, 300, NOW).end("ready", {"n": 1}, NOW)
    job = ready.confirm("B", {"disable_gone": True}, NOW)

    assert (ready.is_at_work, ready.is_over, ready.cursor, ready.lease) == (False, False, {}, None)
    assert (job.state, job.done, job.confirmed_by) == ("applying", 0, "B")
    assert job.take(NOW).state == "applying"


def test_it_is_kept_thirty_days_after_it_last_moved() -> None:
    later = NOW + timedelta(days=3)

    assert DeskJob.ask("families", WHO, NOW).cancel(later).expires_at == later + timedelta(days=30)
    assert DeskJob.ask("families", WHO, NOW).cancel(later).is_over
