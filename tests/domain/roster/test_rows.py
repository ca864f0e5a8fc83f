"""A parsed row: its family, the errors that leave it out, and its warnings."""

from datetime import date

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.family.households import Course, Guardian, Pupil
from chalicelib.domain.roster.row_emails import Addresses
from chalicelib.domain.roster.rows import Reading, guardians_of, pupils_of, read_row
from chalicelib.domain.roster.yearly_file import Column, Row, RowNotes

TODAY = date(2026, 6, 1)
ZELIE: dict[Column, str] = {("pupil", 1): "Zélie", ("discipline", 1): "Hautbois"}


def pupils_from(cells: dict[Column, str]) -> tuple[tuple[Pupil, ...], list[str]]:
    notes = RowNotes(7)
    return pupils_of(Row(7, cells), notes, TODAY), [anomaly.code for anomaly in notes.anomalies]


def course(**cells: str) -> Course:
    """Parse the only course of a row with some cells."""
    (pupil,), codes = pupils_from({("pupil", 1): "Zélie"} | {(word, 1): cell for word, cell in cells.items()})
    assert codes == []
    (lesson,) = pupil.courses
    return lesson


def test_a_course_tells_what_with_whom_when_and_where() -> None:
    lesson = course(
        discipline="Hautbois", level="Cycle 1", teacher="Mme Sorbier", day="Mercredi", time="14:30-15:15",
        place="Maison de la musique", room="salle Anche",
    )  # fmt: skip

    assert lesson == Course(
        "Hautbois", "Cycle 1", "Mme Sorbier", "mercredi 14 h 30 - 15 h 15", "Maison de la musique, salle Anche"
    )


@pytest.mark.parametrize(
    ("day", "time", "slot"),
    [
        ("MERCREDI", "14h30", "mercredi 14 h 30"),
        ("", "9h-10h", "9 h - 10 h"),
        ("mardi", "14:30:00", "mardi 14 h 30"),
        ("mardi", "de 14H30 à 15H", "mardi de 14 h 30 à 15 h"),
        ("", "17 heures", "17 h"),
        ("lundi", "9 h 05 – 9 h 50", "lundi 9 h 05 - 9 h 50"),
        ("samedi", "", "samedi"),
        ("", "Mercredi\n14h", "Mercredi 14 h"),
        ("", "un samedi sur 2", "un samedi sur 2"),
    ],
)
def test_hours_are_written_in_french(day: str, time: str, slot: str) -> None:
    assert course(day=day, time=time).slot == slot


def test_a_pupil_listed_under_two_numbers_is_one_with_two_courses() -> None:
    pupils, codes = pupils_from(ZELIE | {("pupil", 2): "ZÉLIE", ("discipline", 2): "Chant"})

    assert pupils == (Pupil("Zélie", None, (Course("Hautbois"), Course("Chant"))),)
    assert codes == []


def test_where_a_row_names_one_pupil_every_course_is_its_own() -> None:
    pupils, codes = pupils_from(ZELIE | {("discipline", 2): "Chant", ("level", 2): "Cycle 1", ("discipline", 3): ""})

    assert pupils == (Pupil("Zélie", None, (Course("Hautbois"), Course("Chant", "Cycle 1"))),)
    assert codes == []


def test_where_a_row_names_several_each_has_the_course_of_its_number() -> None:
    pupils, _ = pupils_from(ZELIE | {("pupil", 2): "Noé", ("discipline", 2): "Tuba"})

    assert pupils == (Pupil("Zélie", None, (Course("Hautbois"),)), Pupil("Noé", None, (Course("Tuba"),)))


def test_a_pupil_may_have_no_course() -> None:
    assert pupils_from(ZELIE | {("discipline", 1): ""}) == ((Pupil("Zélie"),), [])


@pytest.mark.parametrize(
    "cells",
    [
        {("pupil", 1): "", ("discipline", 1): "Alto"},
        {("discipline", 1): "Alto"},
        {("pupil", 1): "Zélie", ("pupil", 2): "", ("teacher", 2): "Mme Sorbier"},
        {("pupil", 1): "Zélie", ("born_on", 2): "28/02/2015"},
    ],
)
def test_a_course_or_a_date_without_a_name_is_told(cells: dict[Column, str]) -> None:
    assert pupils_from(cells)[1] == ["row_pupil_nameless"]


GUARDIANS: dict[Column, str] = {("name", 1): "Famille Rossignol", ("guardian", 1): "Mme Rossignol", ("guardian", 2): ""}


def guardians_from(cells: dict[Column, str]) -> tuple[tuple[Guardian, ...], RowNotes]:
    notes = RowNotes(7)
    return guardians_of(Row(7, cells), Addresses({"rossignol@example.org": 1}), notes), notes


@pytest.mark.parametrize(
    ("cells", "telephone"),
    [
        ({("telephone", 1): "0199001234"}, "01 99 00 12 34"),
        ({("mobile", 1): "199001234"}, "01 99 00 12 34"),
        ({("mobile", 1): "0199005678", ("telephone", 1): "0199001234"}, "01 99 00 56 78 / 01 99 00 12 34"),
        ({("mobile", 1): "0199001234", ("telephone", 1): "0199001234"}, "01 99 00 12 34"),
        ({("mobile", 1): "", ("telephone", 1): ""}, ""),
        ({("mobile", 1): "+352 99 00 12", ("telephone", 1): ""}, "+352 99 00 12"),
    ],
)
def test_a_guardian_has_the_telephones_of_its_number(cells: dict[Column, str], telephone: str) -> None:
    guardians, notes = guardians_from(GUARDIANS | cells)

    assert guardians == (Guardian("Mme Rossignol", "rossignol@example.org", telephone),)
    assert notes.anomalies == []


@pytest.mark.parametrize(
    ("cells", "code", "column"),
    [
        ({("telephone", 1): "néant"}, "row_telephone_unreadable", ("telephone", 1)),
        ({("mobile", 1): "néant", ("telephone", 1): "0199001234"}, "row_telephone_unreadable", ("mobile", 1)),
        ({("mobile", 2): "0199001234"}, "row_telephone_nameless", ("telephone", 2)),
    ],
)
def test_an_unreadable_telephone_leaves_those_on_file(cells: dict[Column, str], code: str, column: Column) -> None:
    _, notes = guardians_from(GUARDIANS | cells)

    assert [(anomaly.code, anomaly.severity, anomaly.column) for anomaly in notes.anomalies] == [
        (code, "warning", column)
    ]
    assert notes.doubted == {"telephones"}


def test_in_a_file_that_names_no_guardian_the_first_telephone_is_the_familys() -> None:
    guardians, notes = guardians_from({("name", 1): "Famille Rossignol", ("telephone", 1): "0199001234"})

    assert guardians == (Guardian("Famille Rossignol", "rossignol@example.org", "01 99 00 12 34"),)
    assert notes.anomalies == []


def test_a_guardian_has_the_postal_address_of_its_number() -> None:
    cells: dict[Column, str] = {
        ("guardian", 1): "Mme Rossignol",
        ("guardian", 2): "M. Merle",
        ("guardian_address", 2): "Bâtiment B\n1 rue du Lac",
        ("guardian_postcode", 2): "1000",
        ("guardian_town", 2): "Bourg",
        ("guardian", 3): "Mme Pic",
        ("guardian_address", 3): "Rue Haute 3",
        ("guardian_postcode", 3): "1000",
        ("guardian_town", 3): "Bruxelles",
        ("guardian_country", 3): "Belgique",
    }

    guardians, notes = guardians_from(cells)

    assert [guardian.address for guardian in guardians] == [
        (),
        ("Bâtiment B", "1 rue du Lac", "01000 Bourg"),
        ("Rue Haute 3", "1000 Bruxelles", "Belgique"),
    ]
    assert notes.anomalies == []


SITES = {"evry xenakis": "evry-xenakis", "conservatoire xenakis": "evry-xenakis"}
CELLS: dict[Column, str] = {
    ("site", 1): "Evry - Xénakis",
    ("identifier", 1): "XEN 1",
    ("name", 1): "Famille Rossignol",
    ("guardian", 1): "Mme Aimée Rossignol",
    ("email", 1): "Rossignol@Example.org",
    ("telephone", 1): "0199001234",
    ("guardian", 2): "M. Côme Merle",
    ("email", 2): "",
    ("address", 1): "3 rue de l'Orge",
    ("address", 2): "",
    ("postcode", 1): "91000",
    ("town", 1): "Evry",
    ("payer", 1): "M. Côme Merle",
    ("pupil", 1): "Zélie Rossignol",
    ("born_on", 1): "28/02/2015",
    ("discipline", 1): "Hautbois",
    ("level", 1): "Cycle 1",
    ("pupil", 2): "",
    ("born_on", 2): "",
    ("discipline", 2): "",
    ("level", 2): "",
}


def reading(**cells: str) -> Reading:
    """Parse a row that is valid but for some cells: `email_2="…"`."""
    values = {(name.rstrip("_0123456789"), int(name[-1]) if name[-1].isdigit() else 1): v for name, v in cells.items()}
    return read_row(Row(7, CELLS | values), SITES, TODAY)


def codes(row: Reading) -> list[str]:
    return [anomaly.code for anomaly in row.anomalies]


def test_a_row_lists_a_family() -> None:
    row = reading()

    family = row.family
    assert family is not None
    assert codes(row) == []
    assert family.ref == row.ref == AccountRef("evry-xenakis", "xen1")
    assert (family.line, family.display_identifier, family.name) == (7, "XEN 1", "Famille Rossignol")
    assert family.emails == ("rossignol@example.org",)
    assert family.guardians == (
        Guardian("Mme Aimée Rossignol", "rossignol@example.org", "01 99 00 12 34"),
        Guardian("M. Côme Merle"),
    )
    assert family.address == ("3 rue de l'Orge", "91000 Evry")
    assert family.pupils == (Pupil("Zélie Rossignol", date(2015, 2, 28), (Course("Hautbois", "Cycle 1"),)),)
    assert family.listed_fields == {
        "name",
        "written",
        "emails",
        "guardians",
        "address",
        "pupils",
        "telephones",
        "payer",
    }
    assert (family.telephones, family.payer) == (("01 99 00 12 34", ""), "M. Côme Merle")


def test_a_file_tells_nothing_of_what_it_has_no_column_for() -> None:
    bare = {column: CELLS[column] for column in list(CELLS)[:3]}

    family = read_row(Row(7, bare), SITES, TODAY).family

    assert family is not None
    assert family.listed_fields == {"name", "written"}


def test_names_may_stand_in_several_columns() -> None:
    apart: dict[Column, str] = {
        ("guardian_title", 1): "Mme",
        ("guardian_first", 1): "Aimée",
        ("guardian", 1): "Rossignol",
        ("pupil_first", 1): "Zélie",
        ("pupil", 1): "Rossignol",
    }

    family = read_row(Row(7, CELLS | apart), SITES, TODAY).family

    assert family is not None
    assert family.guardians[0].name == "Mme Aimée Rossignol"
    assert family.pupils[0].name == "Zélie Rossignol"


@pytest.mark.parametrize("site", ["evry-xenakis", "EVRY XENAKIS", "Conservatoire Xénakis", "Évry – Xénakis"])
def test_a_site_is_known_by_code_or_by_name(site: str) -> None:
    assert reading(site=site).ref == AccountRef("evry-xenakis", "xen1")


@pytest.mark.parametrize(
    ("cells", "code", "column"),
    [
        ({"site": ""}, "row_without_site", ("site", 1)),
        ({"site": "Conservatoire de Nulle-Part"}, "row_site_unknown", ("site", 1)),
        ({"identifier": ""}, "row_without_identifier", ("identifier", 1)),
        ({"identifier": "XEN" * 22}, "row_identifier_unreadable", ("identifier", 1)),
        ({"identifier": "?"}, "row_identifier_unreadable", ("identifier", 1)),
        ({"identifier": "1,23E+12"}, "row_identifier_unreadable", ("identifier", 1)),
        ({"identifier": "#REF!"}, "row_identifier_unreadable", ("identifier", 1)),
        ({"name": ""}, "row_without_name", ("name", 1)),
        ({"name": "Famille\nRossignol"}, "row_control", ("name", 1)),
        ({"pupil": "Zélie\x07"}, "row_control", ("pupil", 1)),
        ({"name": "R" * 201}, "row_too_long", ("name", 1)),
        ({"address_2": "R" * 401}, "row_too_long", ("address", 2)),
        ({"town": "#N/A"}, "row_formula_error", ("town", 1)),
    ],
)
def test_what_leaves_a_row_out(cells: dict[str, str], code: str, column: Column) -> None:
    row = reading(**cells)

    assert row.family is None
    assert [(anomaly.code, anomaly.severity, anomaly.line, anomaly.column) for anomaly in row.anomalies] == [
        (code, "error", 7, column)
    ]


@pytest.mark.parametrize(
    ("cells", "code", "column"),
    [
        ({"email_1": "rossignol@example"}, "row_email_unreadable", ("email", 1)),
        ({"born_on": "31/02/2015"}, "row_date_unreadable", ("born_on", 1)),
        ({"born_on": "01/01/1900"}, "row_date_implausible", ("born_on", 1)),
        ({"born_on": "1"}, "row_date_unreadable", ("born_on", 1)),
        ({"born_on": "28/02/2015 ?"}, "row_date_unreadable", ("born_on", 1)),
        ({"born_on": "02/06/2026"}, "row_date_unreadable", ("born_on", 1)),
        ({"born_on": "31/12/1899"}, "row_date_unreadable", ("born_on", 1)),
        ({"pupil": ""}, "row_pupil_nameless", ("pupil", 1)),
        ({"level_2": "Cycle 1"}, "row_pupil_nameless", ("pupil", 2)),
        ({"name": "Famille DâÃ©tÃ©"}, "row_garbled", ("name", 1)),
        ({"guardian_5": "M. Trop"}, "row_guardians_too_many", ("guardian", 5)),
        ({"telephone_1": "néant"}, "row_telephone_unreadable", ("telephone", 1)),
        ({"telephone_3": "0199001234"}, "row_telephone_nameless", ("telephone", 3)),
    ],
)
def test_what_is_told_of_a_row_that_is_imported(cells: dict[str, str], code: str, column: Column) -> None:
    row = reading(**cells)

    assert row.family is not None
    assert [(anomaly.code, anomaly.severity, anomaly.column) for anomaly in row.anomalies] == [
        (code, "warning", column)
    ]


def test_what_could_not_be_read_whole_is_not_told_so_that_it_replaces_nothing() -> None:
    family = reading(email_1="rossignol@example", born_on="hier", telephone_1="néant").family

    assert family is not None
    assert family.listed_fields == {"name", "written", "guardians", "address", "payer"}
    assert family.pupils == (Pupil("Zélie Rossignol", None, (Course("Hautbois", "Cycle 1"),)),)


def test_a_family_that_nobody_can_reach_is_told() -> None:
    row = reading(email_1="", address_1="", postcode="", town="")

    assert codes(row) == ["row_without_email", "row_unreachable"]


def test_a_row_whose_cells_slid_is_nobodys() -> None:
    row = read_row(Row(7, CELLS, shifted=True), SITES, TODAY)

    assert (row.ref, row.family, codes(row)) == (None, None, ["row_shifted"])


def test_a_family_left_out_is_still_known_to_be_listed() -> None:
    assert reading(name="").ref == AccountRef("evry-xenakis", "xen1")


@pytest.mark.parametrize(
    "text",
    [
        *("2015-02-28", "28/02/2015", "28.02.2015", "28-2-2015", "2015-02-28 00:00:00", "2015/02/28"),
        *("28 février 2015", "samedi 28 février 2015", "28 févr. 2015", "28-févr-15", "28/02/15", "28.2.15"),
        *("20150228", "28022015", "42063"),
    ],
)
def test_days_as_software_writes_them(text: str) -> None:
    family = reading(born_on=text).family

    assert family is not None
    assert family.pupils[0].born_on == date(2015, 2, 28)


ORGE = ("3 rue de l'Orge",)


@pytest.mark.parametrize(
    ("cells", "lines"),
    [
        ({"postcode": "1000", "town": "Bourg"}, ("3 rue de l'Orge", "01000 Bourg")),
        ({"address_1": "3 rue de l'Orge\nBâtiment C"}, ("3 rue de l'Orge", "Bâtiment C", "91000 Evry")),
        ({"address_2": "Bâtiment C"}, ("3 rue de l'Orge", "Bâtiment C", "91000 Evry")),
        ({"postcode": "", "town": ""}, ("3 rue de l'Orge",)),
        ({"postcode": "1000", "town": "Bruxelles", "country": "Belgique"}, (*ORGE, "1000 Bruxelles", "Belgique")),
        ({"postcode": "1000", "town": "Bruxelles (Belgique)"}, (*ORGE, "1000 Bruxelles (Belgique)")),
        ({"postcode": "1000", "town": "Bruxelles", "address_2": "BELGIQUE"}, (*ORGE, "BELGIQUE", "1000 Bruxelles")),
        ({"postcode": "B-1000", "town": "Bruxelles"}, (*ORGE, "B-1000 Bruxelles")),
        ({"postcode": "1234", "town": "Luxembourg"}, (*ORGE, "1234 Luxembourg")),
        ({"postcode": "1000", "town": "Bourg", "country": "FRANCE"}, (*ORGE, "01000 Bourg")),
        ({"postcode": "1000", "town": "Bourg", "address_1": "3 rue de Belgique"}, ("3 rue de Belgique", "01000 Bourg")),
    ],
)
def test_the_postal_address_line_by_line_the_town_last(cells: dict[str, str], lines: tuple[str, ...]) -> None:
    family = reading(**cells).family

    assert family is not None
    assert family.address == lines


@pytest.mark.parametrize(("lines", "warnings"), [(4, []), (5, ["row_address_too_long"])])
def test_an_address_of_seven_lines_with_the_name_is_told(lines: int, warnings: list[str]) -> None:
    row = reading(address_1="\n".join(f"Bâtiment {number}" for number in range(lines)))

    assert codes(row) == warnings
