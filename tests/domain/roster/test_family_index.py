"""The index: the listed families, their numbers of rows, and contradictory rows."""

import sys

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.roster.family_index import FamilyIndex
from chalicelib.domain.roster.yearly_file import Anomaly
from tests.support.family_files import GRIVE, MERLE, ROSSIGNOL, but, readings

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
    stranger = but(MERLE, identifier="XEN 1")
    index, anomalies = enter(ROSSIGNOL, stranger, GRIVE, ROSSIGNOL)

    assert summary(anomalies) == [("row_contradicts", 3, "name", "2")]
    assert (index.families, index.left_out, index.unplaced) == (1, 3, 0)
    assert index.rows_of(XEN1) == 0
    assert index.lists(XEN1)


def test_the_column_that_contradicts_is_named() -> None:
    for word, other in (("email", "autre@example.org"), ("address", "9 rue Autre"), ("guardian", "M. Autre")):
        _, anomalies = enter(ROSSIGNOL, but(ROSSIGNOL, **{word: other}))

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

    for rows in ((with_dash, without, elsewhere), (without, with_dash, elsewhere)):
        index, anomalies = enter(*rows)

        assert summary(anomalies) == [("row_identifier_alike", 3, "identifier", "2")]
        assert index.families == 3, "a warning only"
    assert enter(but(ROSSIGNOL, identifier="12-3"), but(MERLE, identifier="1-23"))[1] == []
