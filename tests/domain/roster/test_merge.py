"""Rows merged into families, in any order, and missing or repeated rows."""

import sys
from datetime import date

import pytest

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.family.households import Course, Guardian, Household, Pupil
from chalicelib.domain.roster.merge import FamilyIndex, is_other_family, merge_rows
from chalicelib.domain.roster.row_families import FIELDS, ListedFamily
from chalicelib.domain.roster.rows import Reading
from chalicelib.domain.roster.rows import read_row as reading_of
from chalicelib.domain.roster.yearly_file import Anomaly, Row
from tests.support.family_files import GRIVE, MERLE, ROSSIGNOL, SITES, TODAY, but, readings, rows

XEN1 = AccountRef("evry-xenakis", "xen1")
XEN2 = AccountRef("evry-xenakis", "xen2")


def enter(*cells: tuple[str, ...]) -> tuple[FamilyIndex, list[Anomaly]]:
    index = FamilyIndex()
    return index, [anomaly for reading in readings(*cells) for anomaly in index.add(reading)]


def summary(anomalies: list[Anomaly]) -> list[tuple[str, int, str, str]]:
    return [
        (anomaly.code, anomaly.line, anomaly.column[0] if anomaly.column else "", anomaly.facts["line"])
        for anomaly in anomalies
    ]


def test_the_index_tells_who_is_listed_and_where() -> None:
    index, anomalies = enter(ROSSIGNOL, MERLE, GRIVE)

    assert anomalies == []
    assert (index.rows, index.families, index.left_out, index.unplaced) == (3, 3, 0, 0)
    assert index.sites == ("evry-magnard", "evry-xenakis")
    assert index.lists(XEN1)
    assert not index.lists(AccountRef("evry-magnard", "xen1"))
    assert not index.lists(AccountRef("autre", "xen1"))


def test_rows_of_one_identifier_make_one_family_however_it_is_written() -> None:
    index, anomalies = enter(ROSSIGNOL, MERLE, but(ROSSIGNOL, identifier="xen1", pupil="Noé", discipline="Tuba"))

    assert anomalies == []
    assert (index.families, index.rows_of(XEN1), index.rows_of(XEN2)) == (2, 2, 1)


def test_rows_that_contradict_each_other_are_all_left_out_and_still_listed() -> None:
    index, anomalies = enter(ROSSIGNOL, but(MERLE, identifier="XEN 1"), GRIVE, ROSSIGNOL)

    assert summary(anomalies) == [("row_contradicts", 3, "name", "2")]
    assert (index.families, index.left_out, index.unplaced) == (1, 3, 0)
    assert index.rows_of(XEN1) == 0
    assert index.lists(XEN1)


def test_the_column_that_contradicts_is_named() -> None:
    for word, value in (("email", "autre@example.org"), ("address", "9 rue Autre"), ("guardian", "M. Autre")):
        _, anomalies = enter(ROSSIGNOL, but(ROSSIGNOL, **{word: value}))

        assert summary(anomalies) == [("row_contradicts", 3, word, "2")]


def test_a_row_left_out_leaves_its_family_listed_and_partial() -> None:
    index, _ = enter(ROSSIGNOL, but(ROSSIGNOL, pupil="Noé\x07"), but(MERLE, name=""))

    assert (index.families, index.left_out, index.unplaced) == (1, 2, 0)
    assert index.is_partial(XEN1)
    assert index.lists(XEN2)
    assert index.rows_of(XEN2) == 0


def test_a_row_without_a_site_or_an_identifier_is_nobodys() -> None:
    index, _ = enter(but(ROSSIGNOL, site=""), but(MERLE, identifier=""), GRIVE)

    assert (index.families, index.left_out, index.unplaced) == (1, 2, 2)


def test_more_pupils_than_a_family_can_have_leave_it_out() -> None:
    index, anomalies = enter(*(but(ROSSIGNOL, pupil=f"Élève {number}") for number in range(21)))

    assert summary(anomalies) == [("row_pupils_too_many", 22, "pupil", "2")]
    assert (index.families, index.left_out) == (0, 21)


def test_an_address_shared_by_two_families_is_told_with_the_first_line() -> None:
    _, anomalies = enter(ROSSIGNOL, but(MERLE, email="Rossignol@example.org"))

    assert summary(anomalies) == [("row_email_shared", 3, "email", "2")]
    assert anomalies[0].severity == "warning"


def test_a_family_at_two_sites_shares_its_address_with_itself() -> None:
    _, anomalies = enter(ROSSIGNOL, but(ROSSIGNOL, site="evry-magnard"))

    assert anomalies == []


def test_the_same_family_twice_at_one_site_is_told() -> None:
    _, anomalies = enter(ROSSIGNOL, but(ROSSIGNOL, identifier="XEN 9"))

    assert summary(anomalies) == [("row_email_shared", 3, "email", "2")]


def test_a_family_takes_some_hundred_bytes() -> None:
    index, _ = enter(ROSSIGNOL)

    entry = index._families["evry-xenakis"]["xen1"]  # noqa: SLF001 - its size is the promise
    assert sum(map(sys.getsizeof, (entry, entry.facts, "xen1", "rossignol@example.org"))) < 400


def test_two_identifiers_of_a_site_that_differ_by_a_dash_only_are_told() -> None:
    with_dash, without = but(ROSSIGNOL, identifier="UN-7005"), but(MERLE, identifier="UN7005")
    elsewhere = but(GRIVE, identifier="UN–7005")

    for cells in ((with_dash, without, elsewhere), (without, with_dash, elsewhere)):
        index, anomalies = enter(*cells)

        assert summary(anomalies) == [("row_identifier_alike", 3, "identifier", "2")]
        assert index.families == 3, "a warning only"
    assert enter(but(ROSSIGNOL, identifier="12-3"), but(MERLE, identifier="1-23"))[1] == []


REF = AccountRef("bondoufle-gounod", "gou1002")
BORN = date(2015, 2, 28)
ZOE = Pupil("Zoé Lavande", BORN)


def account(**parts: tuple[str, ...]) -> Account:
    """Make the Lavandes' account with these parts on file."""
    guardians = parts.get("guardians", ("Mme Iris Lavande", "M. Éric Lavande"))
    household = Household(tuple(map(Guardian, guardians)), pupils=(ZOE,) if parts.get("pupils", ("Zoé",)) else ())
    return Account(REF, "Famille Lavande", ("lavande@example.org",), "stamp", household=household)


def listed(name: str, *guardians: str, pupils: tuple[Pupil, ...] = (), email: str = "pie@example.org") -> ListedFamily:
    return ListedFamily(REF, 2, "GOU 1002", name, tuple(map(Guardian, guardians)), (email,), pupils=pupils)


TOM = Pupil("Tom Pie", date(2016, 5, 1))


@pytest.mark.parametrize(
    ("family", "on_file"),
    [
        (listed("Famille Pie", "M. Luc Pie", pupils=(TOM,)), account()),
        (listed("Famille Pie", "M. Luc Pie"), account()),
        (listed("Famille Pie", "M. Luc Pie", pupils=(Pupil("Zoé Pie", date(2016, 5, 1)),)), account()),
        (listed("Famille Pie", "M. Luc Pie", pupils=(TOM,)), account(guardians=())),
        (listed("Famille Pie"), account()),
        (listed("Famille Pie", pupils=(TOM,), email="lavande@example.org"), account()),
    ],
)
def test_name_guardians_and_pupils_that_all_differ_are_another_familys(family: ListedFamily, on_file: Account) -> None:
    assert is_other_family(family, on_file)


@pytest.mark.parametrize(
    ("family", "on_file"),
    [
        (listed("FAMILLE LAVANDE", "M. Luc Pie", pupils=(TOM,)), account()),
        (listed("Lavande-Pie", "M. Luc Pie", pupils=(TOM,)), account()),
        (listed("Famille Pie", "LAVANDE IRIS", pupils=(TOM,)), account()),  # a married name, and pupils who left
        (listed("Famille Pie", "Mme Iris Pie", pupils=(Pupil("ZOE LAVANDE"),)), account()),
        (listed("Famille Pie", "Mme Iris Pie", pupils=(Pupil("Zoé Pie", BORN),)), account()),
        (listed("Famille Pie", email="lavande@example.org"), account()),
        (listed("Famille Pie", pupils=(TOM,), email="lavande@example.org"), account(pupils=())),
    ],
)
def test_a_family_that_keeps_one_of_them_is_the_same(family: ListedFamily, on_file: Account) -> None:
    assert not is_other_family(family, on_file)


NOE = but(ROSSIGNOL, pupil="Noé Rossignol", discipline="Tuba")


def merge(*cells: tuple[str, ...]) -> tuple[list[ListedFamily], list[Anomaly]]:
    return merge_readings(readings(*cells))


def merge_readings(items: list[Reading]) -> tuple[list[ListedFamily], list[Anomaly]]:
    index, anomalies = FamilyIndex(), list[Anomaly]()
    for reading in items:
        list(index.add(reading))
    return list(merge_rows(items, index, anomalies.append)), anomalies


def pupils(family: ListedFamily) -> list[str]:
    return [pupil.name for pupil in family.pupils]


def test_each_row_may_list_a_pupil_and_a_family_comes_with_its_last() -> None:
    families, anomalies = merge(ROSSIGNOL, MERLE, NOE, GRIVE)

    assert [(family.name, family.line) for family in families] == [
        ("Famille Merle", 3), ("Famille Rossignol", 2), ("Famille Grive", 5),
    ]  # fmt: skip
    assert pupils(families[1]) == ["Zélie Rossignol", "Noé Rossignol"]
    assert anomalies == []


def test_a_pupil_of_two_disciplines_is_one_pupil_with_two_courses() -> None:
    families, anomalies = merge(
        ROSSIGNOL, NOE, but(ROSSIGNOL, pupil="ZELIE Rossignol", discipline="Formation musicale")
    )

    zelie, noe = families[0].pupils
    assert (zelie.name, [course.discipline for course in zelie.courses]) == (
        "Zélie Rossignol", ["Hautbois", "Formation musicale"],
    )  # fmt: skip
    assert noe.courses == (Course("Tuba"),)
    assert anomalies == []


def test_a_row_that_repeats_another_counts_once_and_is_told() -> None:
    families, anomalies = merge(ROSSIGNOL, ROSSIGNOL)

    assert [pupils(family) for family in families] == [["Zélie Rossignol"]]
    assert [(anomaly.code, anomaly.severity, anomaly.line, anomaly.facts) for anomaly in anomalies] == [
        ("row_repeated", "warning", 3, {"line": "2"})
    ]


def test_rows_that_contradict_give_no_family() -> None:
    assert merge(ROSSIGNOL, but(NOE, name="Famille Autre"))[0] == []


def test_a_family_of_which_a_row_is_left_out_does_not_tell_its_pupils() -> None:
    families, _ = merge(ROSSIGNOL, but(NOE, discipline="Tuba\x07"))

    assert families[0].listed_fields == set(FIELDS) - {"pupils", "telephones", "payer", "guardian_addresses"}


@pytest.mark.parametrize(
    ("word", "field", "code"),
    [("telephone", "telephones", "row_telephones_differ"), ("payer", "payer", "row_payers_differ")],
)
def test_rows_that_differ_on_telephones_or_payers_leave_those_on_file(word: str, field: str, code: str) -> None:
    read = [
        reading_of(Row(row.line, {**row.cells, (word, 1): cell}), SITES, TODAY)
        for row, cell in zip(rows(ROSSIGNOL, NOE, NOE), ("0199001234", "0199005678", "0199001234"), strict=True)
    ]

    families, anomalies = merge_readings(read)

    assert pupils(families[0]) == ["Zélie Rossignol", "Noé Rossignol"]
    assert field not in families[0].listed_fields
    assert [(anomaly.code, anomaly.severity, anomaly.line, anomaly.column, anomaly.facts) for anomaly in anomalies] == [
        (code, "warning", 3, (word, 1), {"line": "2"})
    ]


def test_what_is_doubted_in_one_row_is_doubted_of_the_family() -> None:
    families, anomalies = merge(ROSSIGNOL, but(NOE, pupil="", discipline="Tuba"))

    assert families[0].listed_fields == set(FIELDS) - {"pupils", "telephones", "payer", "guardian_addresses"}
    assert anomalies == []
