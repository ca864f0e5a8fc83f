"""A manager's uploads: one place for each kind, surveyed as shown, erased once unused."""

from dataclasses import replace

import pytest

from chalicelib.domain.staff.desk_jobs import DeskJob
from chalicelib.domain.staff.members import Member
from chalicelib.office.jobs import uploads
from chalicelib.office.jobs.jobs import find_job, list_jobs
from chalicelib.office.jobs.uploads import ImportUpload, abandon, erase, folder_of, import_uploads, study
from chalicelib.office.refusals import OfficeRefusal
from tests.support.desk_work import deliver_all, read_job
from tests.support.imports import csv, row
from tests.support.staff import MANAGER, member
from tests.support.world import World

THEN = "http://127.0.0.1:8000/extranet/bureau/fichiers/envoye"


@pytest.fixture
def manager(world: World) -> Member:
    return member(world, MANAGER)


def dropped(world: World, manager: Member, content: bytes) -> ImportUpload:
    """Upload a file, as the form does."""
    drop, *_ = import_uploads(world.services, manager, THEN)
    world.services.documents.put(drop.form.fields["key"], content, "text/csv")
    drop, *_ = import_uploads(world.services, manager, THEN)
    return drop


def studied(world: World, manager: Member, drop: ImportUpload) -> DeskJob:
    assert drop.file is not None
    return study(world.services, manager, drop.kind, drop.file.etag, world.now)


@pytest.mark.wing
def test_each_member_has_one_place_for_each_kind_and_no_name_is_in_it(world: World, manager: Member) -> None:
    (once, invoices, places), (again, *_) = (import_uploads(world.services, manager, THEN) for _ in range(2))
    (peer,) = import_uploads(world.services, replace(manager, email="autre@example.org", role="secretary"), THEN)

    assert once.form.fields["key"] == again.form.fields["key"] != peer.form.fields["key"]
    assert [upload.kind for upload in (once, invoices, places, peer)] == ["families", "invoices", "places", "families"]
    assert once.form.fields["key"].startswith("imports/dropped/")
    assert "fauvette" not in once.form.fields["key"]
    assert once.form.fields["success_action_redirect"] == THEN


def test_a_file_is_studied_and_waits_there_no_more(world: World, manager: Member) -> None:
    job = studied(world, manager, dropped(world, manager, csv([row(1)])))
    deliver_all(world)

    assert read_job(world, job).state == "ready"
    assert {key.rpartition("/")[0] for key in world.aws.documents(world.resources)} == {folder_of(job).rstrip("/")}


def test_two_clicks_make_one_job(world: World, manager: Member) -> None:
    drop = dropped(world, manager, csv([row(1)]))
    job = studied(world, manager, drop)

    with pytest.raises(OfficeRefusal, match="drop_moved"):
        studied(world, manager, drop)

    assert [one.id for one in list_jobs(world.services)] == [job.id]


def test_another_file_than_the_one_seen_is_not_studied(world: World, manager: Member) -> None:
    upload = dropped(world, manager, csv([row(1)]))
    dropped(world, manager, csv([row(2)]))

    with pytest.raises(OfficeRefusal, match="drop_moved"):
        studied(world, manager, upload)


def test_a_too_large_file_is_not_studied(world: World, manager: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(uploads.LARGEST, "families", 10)

    with pytest.raises(OfficeRefusal, match="drop_too_large"):
        studied(world, manager, dropped(world, manager, csv([row(1)])))


def test_what_is_given_up_leaves_nothing_and_its_job_may_be_erased(world: World, manager: Member) -> None:
    job = studied(world, manager, dropped(world, manager, csv([row(1)])))
    deliver_all(world)

    abandon(world.services, read_job(world, job), world.now)
    assert world.aws.documents(world.resources) == {}
    erase(world.services, read_job(world, job))
    assert find_job(world.services, job.id) is None


def test_a_job_that_is_not_over_is_not_erased(world: World, manager: Member) -> None:
    job = studied(world, manager, dropped(world, manager, csv([row(1)])))

    with pytest.raises(OfficeRefusal, match="desk_job_at_work"):
        erase(world.services, read_job(world, job))

    assert len(world.aws.documents(world.resources)) == 1
