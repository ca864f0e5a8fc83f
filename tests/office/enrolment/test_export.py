"""The re-enrolments as one file: within the limit of an answer, and noted before it leaves."""

import pytest

from chalicelib.domain.account.audit import Author
from chalicelib.domain.refusals import Unavailable
from chalicelib.office.enrolment import export
from chalicelib.office.enrolment.export import EXPORT_TRAIL, CsvFile, ExportColumns, enrolments_csv
from chalicelib.office.enrolment.reenrolments import PupilQuery
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.presentation.office.enrolments_export import HEADINGS, rows_of
from tests.support.enrolled_families import CANARI, open_for_rossignol, submitted_alone
from tests.support.world import World

AUTHOR = Author("Basile Troglodyte <troglodyte@example.org>", "export des réinscriptions")
QUERIES = [PupilQuery("evry-xenakis"), PupilQuery("evry-magnard")]


@pytest.fixture(autouse=True)
def season(world: World) -> None:
    open_for_rossignol(world)
    submitted_alone(world, CANARI, "Famille Canari", "=Ana Canari", "R27-MMMM-4444")


def exported(world: World) -> CsvFile:
    return enrolments_csv(world.services, QUERIES, ExportColumns(HEADINGS, rows_of), AUTHOR, world.now)


def test_the_rows_of_several_sites_stand_under_one_line_of_headings(world: World) -> None:
    file = exported(world)

    lines = file.text.split("\r\n")
    assert lines[0] == f"\ufeff{';'.join(HEADINGS)}"
    assert (file.rows, len(lines)) == (5, 7)
    assert [line.split(";")[0] for line in lines[1:-1]] == ["evry-xenakis"] * 4 + ["evry-magnard"]
    assert "'=Ana Canari" in lines[-2]


def test_what_is_too_large_for_an_answer_is_refused_with_the_rows_that_fit(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "LARGEST", 1_000)
    with pytest.raises(OfficeRefusal) as refusal:
        exported(world)

    assert refusal.value.code == "export_too_large"
    assert refusal.value.facts["rows"] in {1, 2, 3, 4}


def test_that_they_leave_is_noted_before_site_by_site(world: World) -> None:
    with world.aws.failing("BatchWriteItem", "before"), pytest.raises(Unavailable):
        exported(world)
    exported(world)

    for site in ("evry-xenakis", "evry-magnard"):
        entries = list(world.services.audit_trail.on(site, EXPORT_TRAIL))
        assert [(act.kind, act.author) for act in entries] == [("exported", AUTHOR)]
