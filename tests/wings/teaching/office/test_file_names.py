"""Teachers' names in the yearly file compared with linked ones: each difference is reported once."""

from chalicelib.domain.roster.rows import read_row
from chalicelib.domain.roster.yearly_file import Anomaly, Row
from chalicelib.wings.teaching.domain.teachers import Link
from chalicelib.wings.teaching.office.file_names import FileNames
from tests.support.family_files import SITES, TODAY
from tests.support.teaching import OTHER, PINSON, SITE


def anomalies_of(teachers: list[str], *links: Link) -> list[tuple[str, int, dict[str, str]]]:
    """Read a file with one pupil per row, and list its anomalies."""
    names = FileNames()
    for line, teacher in enumerate(teachers, 2):
        cells = {"site": SITE, "identifier": f"XEN {line}", "name": "Famille", "pupil": "Zélie", "discipline": "Alto"}
        row = {(word, 1): cell for word, cell in (cells | {"teacher": teacher}).items()}
        names.add(read_row(Row(line, row), SITES | {"evry xenakis": SITE}, TODAY))
    anomalies: list[Anomaly] = list(names.anomalies(links))
    assert {anomaly.severity for anomaly in anomalies} <= {"warning"}
    return [(anomaly.code, anomaly.line, dict(anomaly.facts)) for anomaly in anomalies]


def test_a_network_without_links_is_told_nothing() -> None:
    assert anomalies_of([PINSON, "", OTHER]) == []


def test_links_of_another_site_ask_nothing_of_this_one() -> None:
    assert anomalies_of([PINSON], Link("evry-magnard", PINSON)) == [
        ("row_teacher_gone", 0, {"name": PINSON, "site": "evry-magnard"})
    ]


def test_a_name_without_a_link_and_a_link_without_a_name_are_told_once_each() -> None:
    assert anomalies_of([OTHER, "M.  CHOUCAS", "mme pinson"], Link(SITE, PINSON), Link(SITE, "Mme Grue")) == [
        ("row_teacher_unlinked", 2, {"name": OTHER}),
        ("row_teacher_gone", 0, {"name": "Mme Grue", "site": SITE}),
    ]


def test_courses_without_a_teacher_are_counted_for_their_site() -> None:
    assert anomalies_of([PINSON, "", ""], Link(SITE, PINSON)) == [
        ("row_courses_without_teacher", 3, {"site": SITE, "count": "2"})
    ]
