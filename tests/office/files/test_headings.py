"""Columns by their headings, as schools' software and secretaries write them."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from openpyxl import Workbook

from agency.console.sentences import sentence_of
from chalicelib.domain.roster.yearly_file import Column, Row
from chalicelib.office.files.columns import FAMILIES
from chalicelib.office.files.headings import Vocabulary
from chalicelib.office.files.open_file import open_file
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.settings.environment import load_network
from chalicelib.wings.billing.office.invoice_columns import INVOICES

NETWORK = load_network()
GROUPS = ("Famille", "", "", "Responsable 1", "", "", "Responsable 2", "", "", "Élève 1", "", "Adresse", "", "")
GROUPED_HEADINGS_HEADINGS = (
    *("Site", "Identifiant", "Nom", "Nom", "Téléphone", "E-mail", "Nom", "Téléphone", "E-mail"),
    *("Nom", "Date de naissance", "Rue", "Code postal", "Ville"),
)
CELLS = (
    *("evry-xenakis", "XEN 1", "Rossignol", "Mme Rossignol", "01 99 00 00 01", "a@example.org", "M. Merle"),
    *("01 99 00 00 02", "b@example.org", "Zélie", "28/02/2015", "3 rue de l'Orge", "91000", "Evry"),
)
READ = (
    *(("site", 1), ("identifier", 1), ("name", 1), ("guardian", 1), ("telephone", 1), ("email", 1)),
    *(("guardian", 2), ("telephone", 2), ("email", 2), ("pupil", 1), ("born_on", 1)),
    *(("address", 1), ("postcode", 1), ("town", 1)),
)


def csv_file(folder: Path, *rows: tuple[str, ...]) -> Path:
    path = folder / "familles.csv"
    path.write_text("\n".join(";".join(row) for row in rows), encoding="utf-8")
    return path


def xlsx_file(folder: Path, *rows: tuple[str, ...], headings: tuple[str, ...] = ()) -> Path:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    for row in rows:
        sheet.append([cell or None for cell in row])
    for cells in headings:
        sheet.merge_cells(cells)
    path = folder / "familles.xlsx"
    workbook.save(path)
    return path


def read(path: Path) -> list[Row]:
    return list(open_file(path, NETWORK).rows())


def refusal(path: Path) -> str:
    with pytest.raises(OfficeRefusal) as error:
        open_file(path, NETWORK)
    return sentence_of(error.value)


MERGED = ("A1:C1", "D1:F1", "G1:I1", "J1:K1", "L1:N1")


@pytest.mark.parametrize("kind", ["csv", "xlsx", "xlsx, merged"])
def test_two_rows_of_headings_are_read_together(tmp_path: Path, kind: str) -> None:
    rows = (GROUPS, GROUPED_HEADINGS_HEADINGS, CELLS)
    make = csv_file if kind == "csv" else xlsx_file
    path = xlsx_file(tmp_path, *rows, headings=MERGED) if kind == "xlsx, merged" else make(tmp_path, *rows)

    (row,) = read(path)

    assert (row.line, row.cells) == (3, dict(zip(READ, CELLS, strict=True)))
    file = open_file(path, NETWORK)
    assert file.headings[("email", 2)] == "Responsable 2 E-mail"
    assert file.ignored == ()


def test_a_heading_may_stand_beside_the_groups_and_a_title_above(tmp_path: Path) -> None:
    groups = ("Site", "Identifiant", "Famille", "Responsable 1", "", "Cours 1", "", "Cours 2", "")
    headings = ("", "", "", "Nom", "E-mail", "Discipline", "Jour", "Discipline", "Jour")
    cells = ("evry-xenakis", "XEN 1", "Rossignol", "Mme Rossignol", "a@example.org", "Cor", "lundi", "Alto", "mardi")

    (row,) = read(csv_file(tmp_path, ("Liste 2027",), groups, headings, cells))

    assert list(row.cells) == [
        *(("site", 1), ("identifier", 1), ("name", 1), ("guardian", 1), ("email", 1)),
        *(("discipline", 1), ("day", 1), ("discipline", 2), ("day", 2)),
    ]


def test_where_cells_are_merged_a_group_ends_with_them(tmp_path: Path) -> None:
    groups = ("Site", "Identifiant", "Famille", "Responsable 1", "", "", "")
    headings = ("", "", "", "Nom", "E-mail", "Adresse", "Ville")
    cells = ("evry-xenakis", "XEN 1", "Rossignol", "Mme Rossignol", "a@example.org", "3 rue de l'Orge", "Evry")

    (row,) = read(xlsx_file(tmp_path, groups, headings, cells, headings=("D1:E1", "A1:A2")))

    assert {("address", 1), ("town", 1)} <= set(row.cells)


@pytest.mark.parametrize(
    ("groups", "headings", "unclear"),
    [
        (
            GROUPS,
            (*GROUPED_HEADINGS_HEADINGS[:9], "Nom de famille", *GROUPED_HEADINGS_HEADINGS[10:]),
            "« Élève 1 / Nom de famille »",
        ),
        (
            (*GROUPS[:6], "Urgence", *GROUPS[7:]),
            GROUPED_HEADINGS_HEADINGS,
            "« Urgence / Téléphone », « Urgence / E-mail »",
        ),
        (
            ("Site", "Identifiant", "Famille", "Père", "", "Mère", ""),
            ("", "", "", "Téléphone", "E-mail", "Téléphone", "E-mail"),
            "« Père / Téléphone », « Père / E-mail », « Mère / Téléphone », « Mère / E-mail »",
        ),
        (
            (*GROUPS[:11], "", "", ""),
            GROUPED_HEADINGS_HEADINGS,
            "« Élève 1 / Rue », « Élève 1 / Code postal », « Élève 1 / Ville »",
        ),
        (
            ("Site", "Identifiant", "Famille", "Responsable 1", "", "", ""),
            ("", "", "", "Nom", "E-mail", "Adresse", "Ville"),
            "« Responsable 1 / Adresse »",
        ),
    ],
)
def test_what_two_rows_do_not_say_for_sure_is_refused_in_words(
    tmp_path: Path, groups: tuple[str, ...], headings: tuple[str, ...], unclear: str
) -> None:
    sentence = refusal(csv_file(tmp_path, groups, headings, CELLS))

    assert sentence == (
        f"Les intitulés sont sur deux lignes, et ne se lisent pas ensemble à coup sûr : {unclear}. Mettez un seul "
        "intitulé au-dessus de chaque colonne, par exemple « Téléphone du responsable 1 », et retirez l'autre ligne."
    )


def test_one_row_of_headings_stays_one_whatever_stands_around_it(tmp_path: Path) -> None:
    headings = ("Site", "Identifiant", "Famille", "Responsable 1", "E-mail 1")
    cells = ("evry-xenakis", "XEN 1", "Famille Téléphone", "Mme Adresse", "a@example.org")

    for above in (("Famille",), ("Liste", "", "Réseau"), ("", "", "Responsable 1")):
        assert [row.cells[("name", 1)] for row in read(csv_file(tmp_path, above, headings, cells))] == [cells[2]]


@pytest.mark.parametrize("make", [csv_file, xlsx_file])
def test_a_column_without_a_heading_is_named_by_its_letter(tmp_path: Path, make: object) -> None:
    assert callable(make)
    path = make(tmp_path, ("Site", "Identifiant", "", "Famille", "", ""), ("s", "1", "3 rue de l'Orge", "Merle"))

    assert [row.unnamed for row in read(path)] == [("colonne C",)]
    path = xlsx_file(tmp_path, ("Site", "Identifiant", "Famille"), ("s", "1", "Merle", *[""] * 24, "note"))
    assert [row.unnamed for row in read(path)] == [("colonne AB",)]


OURS = Vocabulary({})


def misreadings(vocabulary: Vocabulary, headings: Mapping[str, Column | None]) -> dict[str, dict[Column, int]]:
    by_heading = {heading: vocabulary.columns([heading]) for heading in headings}
    return {
        heading: columns
        for heading, columns in by_heading.items()
        if columns != ({column: 0} if (column := headings[heading]) else {})
    }


HEADINGS: dict[str, Column | None] = {
    "Site": ("site", 1),
    "ÉTABLISSEMENT": ("site", 1),
    "Code du site": ("site", 1),
    "Identifiant": ("identifier", 1),
    "N° de famille": ("identifier", 1),
    "Numéro famille": ("identifier", 1),
    "Id": ("identifier", 1),
    "Famille": ("name", 1),
    "Nom de famille": ("name", 1),
    "Responsable 1": ("guardian", 1),
    "Responsable légal 2": ("guardian", 2),
    "2e responsable": ("guardian", 2),
    "Nom et prénom du responsable 1": ("guardian", 1),
    "Nom du responsable 1": ("guardian", 1),
    "Prénom responsable 2": ("guardian_first", 2),
    "Civilité du responsable 1": ("guardian_title", 1),
    "E-mail 1": ("email", 1),
    "email2": ("email", 2),
    "Courriel": ("email", 1),
    "Responsable 2 - Adresse e-mail": ("email", 2),
    "Mail du parent 1": ("email", 1),
    "Adresse": ("address", 1),
    "Adresse postale": ("address", 1),
    "Adresse ligne 2": ("address", 2),
    "Complément d'adresse": ("address", 2),
    "Adresse du responsable 2": ("guardian_address", 2),
    "Code postal du parent 2": ("guardian_postcode", 2),
    "Responsable 2 : ville": ("guardian_town", 2),
    "CP": ("postcode", 1),
    "Code postal": ("postcode", 1),
    "Commune": ("town", 1),
    "Pays": ("country", 1),
    "Pays du responsable 2": ("guardian_country", 2),
    "Élève": ("pupil", 1),
    "ELEVE 3": ("pupil", 3),
    "Prénom de l'élève 2": ("pupil_first", 2),
    "Né(e) le": ("born_on", 1),
    "Date de naissance élève 2": ("born_on", 2),
    "Date de naissance du responsable": None,
    "Discipline 2": ("discipline", 2),
    "Instrument": ("discipline", 1),
    "Cours": ("discipline", 1),
    "Niveau 1": ("level", 1),
    "Cycle": ("level", 1),
    "Discipline 2026": None,
    "Ville 2": None,
    "Nom": None,
    "Prénom": None,
    "N°": None,
    "Téléphone": ("telephone", 1),
    "Tél. 2": ("telephone", 2),
    "Téléphone du responsable 2": ("telephone", 2),
    "N° de téléphone": ("telephone", 1),
    "Portable": ("mobile", 1),
    "Tél. portable responsable 2": ("mobile", 2),
    "Téléphone du secrétariat": None,
    "Payeur": ("payer", 1),
    "Responsable financier": ("payer", 1),
    "Payeur 2": None,
    "Professeur": ("teacher", 1),
    "Nom de l'enseignant 2": ("teacher", 2),
    "Jour": ("day", 1),
    "Horaire 2": ("time", 2),
    "Jour et heure du cours": ("time", 1),
    "Lieu": ("place", 1),
    "Salle de cours": ("room", 1),
    "": None,
}


def test_a_heading_is_known_however_it_is_written() -> None:
    assert misreadings(OURS, HEADINGS) == {}


def test_two_headings_of_one_meaning_are_refused_with_both_names() -> None:
    with pytest.raises(OfficeRefusal) as error:
        OURS.columns(["Mail", "Courriel"])

    assert sentence_of(error.value) == (
        "Les colonnes « Mail » et « Courriel » disent toutes deux « E-mail 1 » : renommez ou retirez l'une d'elles."
    )


def test_the_network_may_have_names_of_its_own_which_go_first() -> None:
    vocabulary = Vocabulary({"guardian_1": ["Mère"], "guardian_2": ["Père"], "email": ["Contact"], "name": ["Élève"]})

    assert vocabulary.columns(["Père", "MERE", "Contact 2", "Élève"]) == {
        ("guardian", 2): 0, ("guardian", 1): 1, ("email", 2): 2, ("name", 1): 3,
    }  # fmt: skip


@pytest.mark.parametrize("key", ["mail", "email_x", "site_2", "9"])
def test_a_column_that_is_none_of_ours_is_refused(key: str) -> None:
    with pytest.raises(OfficeRefusal, match="imports_column_unknown") as error:
        Vocabulary({key: ["Contact"]})

    assert f"« {key} »" in sentence_of(error.value)


def test_what_lacks_is_named_as_we_would() -> None:
    assert FAMILIES.missing(OURS.columns(["Site", "Ville"])) == "« Identifiant », « Famille »"
    assert FAMILIES.missing(OURS.columns(["Site", "Identifiant", "Famille"])) == ""
    assert [FAMILIES.heading_of(column) for column in (("town", 1), ("email", 2))] == ["Ville", "E-mail 2"]


BILLED = Vocabulary({}, INVOICES)


HEADINGS_OF_INVOICES: dict[str, Column | None] = {
    "Site": ("site", 1),
    "Identifiant famille": ("identifier", 1),
    "N° de famille": ("identifier", 1),
    "N° dossier": ("identifier", 1),
    "Numéro": ("number", 1),
    "N°": ("number", 1),
    "N° de facture": ("number", 1),
    "Facture": ("number", 1),
    "RÉF. FACTURE": ("number", 1),
    "Date": ("issued_on", 1),
    "Date de la facture": ("issued_on", 1),
    "Émise le": ("issued_on", 1),
    "Échéance": ("due_on", 1),
    "Date d'échéance": ("due_on", 1),
    "À payer avant le": ("due_on", 1),
    "Libellé": ("label", 1),
    "Objet de la facture": ("label", 1),
    "Montant": ("amount", 1),
    "Montant de la facture": ("amount", 1),
    "Total TTC": ("amount", 1),
    "Payé le": ("paid_on", 1),
    "Réglée le 2": ("paid_on", 2),
    "Date de paiement": ("paid_on", 1),
    "Date d'encaissement": ("paid_on", 1),
    "Montant payé": ("paid", 1),
    "Montant réglé 2": ("paid", 2),
    "Somme versée": ("paid", 1),
    "Montant du paiement": ("paid", 1),
    "Mode": ("how", 1),
    "Mode de règlement": ("how", 1),
    "Moyen de paiement 2": ("how", 2),
    "Paiement": None,  # a day, an amount or a way?
    "Solde": None,
    "Échéance 1": ("instalment_on", 1),
    "Date d'échéance 12": ("instalment_on", 12),
    "Montant 2": ("instalment", 2),
    "Montant de l'échéance 3": ("instalment", 3),
    "Échéancier": ("plan", 1),
    "Échéance 13": None,
    "Famille": None,
    "": None,
}


def test_a_heading_of_the_list_of_invoices_is_known_too() -> None:
    assert misreadings(BILLED, HEADINGS_OF_INVOICES) == {}


def test_its_columns_may_have_the_network_s_names_and_no_others() -> None:
    assert Vocabulary({"number": ["Titre de recette"]}, INVOICES).columns(["titre recette"]) == {("number", 1): 0}
    with pytest.raises(OfficeRefusal, match="imports_column_unknown") as error:
        Vocabulary({"email": ["Contact"]}, INVOICES)
    assert "[billing.columns] : « email »" in sentence_of(error.value)


def test_what_lacks_in_a_list_of_invoices_is_named() -> None:
    assert INVOICES.missing({("site", 1): 0, ("identifier", 1): 1}) == "« Numéro », « Date », « Montant »"
