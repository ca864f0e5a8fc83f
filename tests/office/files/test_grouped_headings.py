"""Headings in two rows: a group over its columns, read together with them, or refused in words that say what to do."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from chalicelib.domain.roster.yearly_file import Row
from chalicelib.office.files.open_file import open_file
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.presentation.office.refusals import sentence_of
from chalicelib.settings.environment import load_network

NETWORK = load_network()
GROUPS = ("Famille", "", "", "Responsable 1", "", "", "Responsable 2", "", "", "Élève 1", "", "Adresse", "", "")
HEADINGS = (
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


def xlsx_file(folder: Path, *rows: tuple[str, ...], merged: tuple[str, ...] = ()) -> Path:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    for row in rows:
        sheet.append([cell or None for cell in row])
    for cells in merged:
        sheet.merge_cells(cells)
    path = folder / "familles.xlsx"
    workbook.save(path)
    return path


def read(path: Path) -> list[Row]:
    return list(open_file(path, NETWORK).rows())


def refusal(path: Path) -> str:
    with pytest.raises(OfficeRefusal) as refused:
        open_file(path, NETWORK)
    return sentence_of(refused.value)


MERGED = ("A1:C1", "D1:F1", "G1:I1", "J1:K1", "L1:N1")


@pytest.mark.parametrize("kind", ["csv", "xlsx", "xlsx, merged"])
def test_two_rows_of_headings_are_read_together(tmp_path: Path, kind: str) -> None:
    rows = (GROUPS, HEADINGS, CELLS)
    make = csv_file if kind == "csv" else xlsx_file
    path = xlsx_file(tmp_path, *rows, merged=MERGED) if kind == "xlsx, merged" else make(tmp_path, *rows)

    (row,) = read(path)

    assert (row.line, row.cells) == (3, dict(zip(READ, CELLS, strict=True)))
    opened = open_file(path, NETWORK)
    assert opened.headings[("email", 2)] == "Responsable 2 E-mail"
    assert opened.ignored == ()


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

    (row,) = read(xlsx_file(tmp_path, groups, headings, cells, merged=("D1:E1", "A1:A2")))

    assert {("address", 1), ("town", 1)} <= set(row.cells)


@pytest.mark.parametrize(
    ("groups", "headings", "unclear"),
    [
        (GROUPS, (*HEADINGS[:9], "Nom de famille", *HEADINGS[10:]), "« Élève 1 / Nom de famille »"),
        (
            (*GROUPS[:6], "Urgence", *GROUPS[7:]),
            HEADINGS,
            "« Urgence / Téléphone », « Urgence / E-mail »",
        ),
        (
            ("Site", "Identifiant", "Famille", "Père", "", "Mère", ""),
            ("", "", "", "Téléphone", "E-mail", "Téléphone", "E-mail"),
            "« Père / Téléphone », « Père / E-mail », « Mère / Téléphone », « Mère / E-mail »",
        ),
        ((*GROUPS[:11], "", "", ""), HEADINGS, "« Élève 1 / Rue », « Élève 1 / Code postal », « Élève 1 / Ville »"),
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
    said = refusal(csv_file(tmp_path, groups, headings, CELLS))

    assert said == (
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
