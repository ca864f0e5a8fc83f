"""The findings of an import in words: one line, or one for each field that differs."""

from datetime import UTC, datetime

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.roster.row_families import Difference
from chalicelib.domain.roster.yearly_file import Anomaly
from chalicelib.office.roster.import_families import FamilyChange, kind_of_finding
from chalicelib.presentation.office.findings import KINDS, lines_of

REF = AccountRef("evry-xenakis", "xen1")


def test_an_anomaly_is_in_the_list_of_its_severity_with_its_sentence() -> None:
    anomaly = Anomaly("row_without_name", "error", 7, ("name", 1), REF)

    assert KINDS[kind_of_finding(anomaly)] == "Erreurs (lignes laissées de côté)"
    assert lines_of(anomaly, {("name", 1): "Nom"}) == [
        (7, "evry-xenakis", "xen1", "", "Nom", "", "", "Il n'y a pas de nom de famille. La ligne est laissée de côté.")
    ]


def test_each_field_that_differs_has_its_line() -> None:
    differences = (Difference("name", "Famille A", "Famille B"), Difference("disabled", ours=True, file=False))
    change = FamilyChange("changed", REF, "XEN 1", "Famille B", 3, differences)

    assert [line[4:7] for line in lines_of(change, {})] == [
        ("Famille", "Famille A", "Famille B"),
        ("Compte", "désactivé", "actif"),
    ]


def test_who_is_gone_says_since_when_and_who_moved_from_where() -> None:
    change = FamilyChange("gone", REF, "XEN 1", "Famille A", gone_at=datetime(2026, 9, 1, tzinfo=UTC))
    family_change = FamilyChange("moved", REF, "XEN 1", "Famille A", 3, moved_from=AccountRef("evry-magnard", "xen1"))

    assert lines_of(change, {})[0][-1] == "Notée partie le 1er septembre 2026."
    assert lines_of(family_change, {})[0][-1] == "Avant à evry-magnard, où le fichier ne la liste plus."
