"""A parsed row: its family, the errors that leave it out, and its warnings."""

from datetime import date

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.family.households import Course, Guardian, Pupil
from chalicelib.domain.roster.rows import Reading, read_row
from chalicelib.domain.roster.yearly_file import Column, Row

TODAY = date(2026, 6, 1)
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
    given = {(name.rstrip("_0123456789"), int(name[-1]) if name[-1].isdigit() else 1): v for name, v in cells.items()}
    return read_row(Row(7, CELLS | given), SITES, TODAY)


def codes(parsed: Reading) -> list[str]:
    return [anomaly.code for anomaly in parsed.anomalies]


def test_a_row_lists_a_family() -> None:
    parsed = reading()

    family = parsed.family
    assert family is not None
    assert codes(parsed) == []
    assert family.ref == parsed.ref == AccountRef("evry-xenakis", "xen1")
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
    parsed = reading(**cells)

    assert parsed.family is None
    assert [(anomaly.code, anomaly.severity, anomaly.line, anomaly.column) for anomaly in parsed.anomalies] == [
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
    parsed = reading(**cells)

    assert parsed.family is not None
    assert [(anomaly.code, anomaly.severity, anomaly.column) for anomaly in parsed.anomalies] == [
        (code, "warning", column)
    ]


def test_what_could_not_be_read_whole_is_not_told_so_that_it_replaces_nothing() -> None:
    family = reading(email_1="rossignol@example", born_on="hier", telephone_1="néant").family

    assert family is not None
    assert family.listed_fields == {"name", "written", "guardians", "address", "payer"}
    assert family.pupils == (Pupil("Zélie Rossignol", None, (Course("Hautbois", "Cycle 1"),)),)


def test_a_family_that_nobody_can_reach_is_told() -> None:
    parsed = reading(email_1="", address_1="", postcode="", town="")

    assert codes(parsed) == ["row_without_email", "row_unreachable"]


def test_a_row_whose_cells_slid_is_nobodys() -> None:
    parsed = read_row(Row(7, CELLS, shifted=True), SITES, TODAY)

    assert (parsed.ref, parsed.family, codes(parsed)) == (None, None, ["row_shifted"])


def test_a_family_left_out_is_still_known_to_be_listed() -> None:
    assert reading(name="").ref == AccountRef("evry-xenakis", "xen1")


@pytest.mark.parametrize(
    "typed",
    [
        *("2015-02-28", "28/02/2015", "28.02.2015", "28-2-2015", "2015-02-28 00:00:00", "2015/02/28"),
        *("28 février 2015", "samedi 28 février 2015", "28 févr. 2015", "28-févr-15", "28/02/15", "28.2.15"),
        *("20150228", "28022015", "42063"),
    ],
)
def test_days_as_software_writes_them(typed: str) -> None:
    family = reading(born_on=typed).family

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
    parsed = reading(address_1="\n".join(f"Bâtiment {number}" for number in range(lines)))

    assert codes(parsed) == warnings
