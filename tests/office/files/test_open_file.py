"""A file of families opened, in any format: its rows in our words, or one sentence with the way out."""

import os
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from agency.console.sentences import sentence_of
from chalicelib.domain.roster.yearly_file import Row, YearlyFile
from chalicelib.office.files.open_file import open_file
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.settings.environment import Network, load_network
from chalicelib.wings.admission.settings import AdmissionSettings

NETWORK = load_network()
HEADINGS = "Site;Identifiant;Famille;E-mail 1;Remarque"


def csv_file(folder: Path, text: str, encoding: str = "utf-8", name: str = "familles.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def xlsx_file(folder: Path, **sheets: Sequence[Sequence[object]]) -> Path:
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    path = folder / "familles.xlsx"
    workbook.save(path)
    return path


def rows(path: Path, site: str | None = None) -> list[Row]:
    return list(open_file(path, NETWORK, site).rows())


def refusal(path: Path, network: Network = NETWORK, site: str | None = None) -> str:
    """Read a file that is refused, and return the sentence."""
    with pytest.raises(OfficeRefusal) as error:
        list(open_file(path, network, site).rows())
    return sentence_of(error.value)


def with_imports(**imports: Any) -> Network:
    return replace(NETWORK, imports=replace(NETWORK.imports, **imports))


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_csv_is_read_with_any_separator_in_any_usual_encoding(tmp_path: Path, separator: str, encoding: str) -> None:
    text = f"{HEADINGS}\nevry-xenakis;XEN 1;Famille d'Été;\u00a0ete@example.org ;à voir\n".replace(";", separator)

    (row,) = rows(csv_file(tmp_path, text, encoding))

    assert row.line == 2
    assert row.cells == {
        ("site", 1): "evry-xenakis", ("identifier", 1): "XEN 1", ("name", 1): "Famille d'Été",
        ("email", 1): "ete@example.org",
    }  # fmt: skip


def test_headings_are_told_as_the_file_writes_them_and_those_that_are_not_ours(tmp_path: Path) -> None:
    file = open_file(csv_file(tmp_path, f"{HEADINGS}\n"), NETWORK)

    assert file.headings[("email", 1)] == "E-mail 1"
    assert file.ignored == ("Remarque",)


def test_lines_count_as_a_spreadsheet_counts_them_below_a_title_too(tmp_path: Path) -> None:
    text = f'{HEADINGS}\ns;1;"Famille\nRossignol";;\n\n;;;;\ns;2;Famille Merle;;\n'
    below = f"sep=;\nListe des familles\n\n{HEADINGS}\ns;1;Famille Merle;;\n"  # and the mark of Excel

    assert [(row.line, row.cell("identifier")) for row in rows(csv_file(tmp_path, text))] == [(2, "1"), (5, "2")]
    assert [row.line for row in rows(csv_file(tmp_path, below))] == [5]


def test_a_row_shorter_than_the_headings_is_empty_at_its_end_and_a_longer_one_has_slid(tmp_path: Path) -> None:
    (short,) = rows(csv_file(tmp_path, f"{HEADINGS}\ns;1;Famille Merle\n"))
    slid = rows(csv_file(tmp_path, f"{HEADINGS}\ns;1;Famille; Merle;m@example.org;x\ns;1;Merle;;;;;\n"))

    assert (short.cell("email"), short.shifted) == ("", False)
    assert [row.shifted for row in slid] == [True, False]


def test_an_xlsx_is_read_with_its_numbers_and_dates(tmp_path: Path) -> None:
    path = xlsx_file(tmp_path, Familles=[
        ("Site", "Identifiant", "Famille", "Code postal", "Date de naissance"),
        ("evry-xenakis", 1001.0, "Famille Merle", 1000, datetime(2015, 2, 28)),  # noqa: DTZ001 - of a cell
        (None, None, None, None, None, "une note à droite"),
    ])  # fmt: skip

    (row,) = rows(path)

    assert (row.line, row.shifted) == (2, False)
    assert list(row.cells.values()) == ["evry-xenakis", "1001", "Famille Merle", "1000", "2015-02-28"]


def test_the_sheet_of_families_is_found_among_others(tmp_path: Path) -> None:
    path = xlsx_file(
        tmp_path, Notice=[("À lire",)], Familles=[HEADINGS.split(";"), ("s", "1", "Famille Merle")], Vide=[]
    )

    assert [row.cell("name") for row in rows(path)] == ["Famille Merle"]


def test_a_file_may_be_read_as_often_as_one_likes(tmp_path: Path) -> None:
    file = open_file(csv_file(tmp_path, f"{HEADINGS}\ns;1;Famille Merle;;\n"), NETWORK)

    assert list(file.rows()) == list(file.rows()) != []


def test_headings_may_be_those_that_the_network_says(tmp_path: Path) -> None:
    network = with_imports(columns={"identifier": ("Clé",), "guardian_1": ("Mère",)})
    path = csv_file(tmp_path, "Site;Clé;Famille;Mère\ns;1;Famille Merle;Mme Merle\n")

    (row,) = open_file(path, network).rows()

    assert (row.cell("identifier"), row.cell("guardian")) == ("1", "Mme Merle")


def test_the_site_of_all_rows_may_be_given_where_no_column_tells(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "Identifiant;Famille\n1;Famille Merle\n")

    assert [row.cell("site") for row in rows(path, "evry-magnard")] == ["evry-magnard"]
    only = replace(NETWORK, sites=NETWORK.sites[:1], admission=AdmissionSettings())
    assert [row.cell("site") for row in open_file(path, only).rows()] == [NETWORK.sites[0].code]


# Unreadable files: one sentence, with the next step.


def test_what_is_no_file(tmp_path: Path) -> None:
    absent, pipe = tmp_path / "absent.csv", tmp_path / "tube.csv"
    os.mkfifo(pipe)

    assert refusal(absent) == f"Le fichier {absent} est introuvable : vérifiez son nom et son dossier."
    assert refusal(tmp_path) == f"{tmp_path.name} est un dossier : donnez le fichier qui est dedans."
    assert "n'est ni un CSV ni un XLSX" in refusal(pipe)


def test_a_file_that_the_system_refuses_to_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = csv_file(tmp_path, HEADINGS)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)

    assert refusal(path) == (
        "Le fichier familles.csv ne se laisse pas lire (Permission denied) : "
        "fermez-le ailleurs, ou vérifiez vos droits."
    )


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_a_file_with_nothing_in_it(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "familles.csv"
    path.write_bytes(content)

    assert refusal(path) == "Le fichier familles.csv est vide : exportez-le à nouveau."


@pytest.mark.parametrize("text", ["Nom,Prénom\nMerle,Léo\n", "une colonne\nMerle\n", "{\n}\n"])
def test_headings_that_nobody_knows(tmp_path: Path, text: str) -> None:
    assert refusal(csv_file(tmp_path, text)).startswith("Aucun intitulé de colonne n'est connu (lus : «")


def test_columns_that_lack_have_one_meaning_or_are_none(tmp_path: Path) -> None:
    network = with_imports(columns={"courriel": ("Mail",)})

    assert refusal(csv_file(tmp_path, "Site;Nom;E-mail\n")) == (
        "Il manque ces colonnes : « Identifiant », « Famille » (lues : « Site », « Nom », « E-mail »). Renommez-les "
        "dans le fichier, ou dites leurs noms dans network.toml, sous [imports.columns]."
    )
    assert refusal(csv_file(tmp_path, f"{HEADINGS};Courriel\n")) == (
        "Les colonnes « E-mail 1 » et « Courriel » disent toutes deux « E-mail 1 » : renommez ou retirez l'une d'elles."
    )
    assert "« courriel » n'est pas une colonne" in refusal(csv_file(tmp_path, HEADINGS), network)


def test_a_site_given_beside_a_column_of_sites_or_that_is_none(tmp_path: Path) -> None:
    assert refusal(csv_file(tmp_path, HEADINGS), site="evry-magnard") == (
        "Le fichier a une colonne de sites : retirez --site."
    )
    bare = csv_file(tmp_path, "Identifiant;Famille\n")
    assert refusal(bare, site="ailleurs").startswith("Aucun site ne s'appelle « ailleurs ».")
    assert "« Site »" in refusal(bare)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "ancien format d'Excel, ou protégé par un mot de passe"),
        (b"%PDF-1.7\n\0\x81", "n'est ni un CSV ni un XLSX"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "n'est ni un CSV ni un XLSX"),
        (b"PK\x03\x04 and no more", "est abîmé"),
        (b"Site;Identifiant\n\x81\n", "n'est ni en UTF-8 ni en Windows-1252"),
    ],
)
def test_what_is_no_table_by_its_content_whatever_its_name(tmp_path: Path, content: bytes, sentence: str) -> None:
    for name in ("familles.xlsx", "familles.csv"):
        path = tmp_path / name
        path.write_bytes(content)

        assert sentence in refusal(path)


@pytest.mark.parametrize(
    ("part", "sentence"),
    [("content.xml", "enregistrez-le en XLSX ou en CSV"), ("word/document.xml", "n'est ni un CSV ni un XLSX")],
)
def test_an_archive_that_is_no_workbook(tmp_path: Path, part: str, sentence: str) -> None:
    path = tmp_path / "familles.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(part, "")

    assert sentence in refusal(path)


def test_two_sheets_of_families(tmp_path: Path) -> None:
    path = xlsx_file(tmp_path, Gounod=[HEADINGS.split(";")], Magnard=[HEADINGS.split(";")])

    assert (
        refusal(path)
        == "Plusieurs feuilles peuvent être la liste (« Gounod », « Magnard ») : gardez-en une par fichier."
    )


def test_a_file_beyond_all_measure(tmp_path: Path) -> None:
    path = csv_file(tmp_path, HEADINGS)
    with path.open("ab") as stream:
        stream.truncate(600_000_000)  # a sparse file

    assert refusal(path).startswith("Le fichier familles.csv est démesuré")


@pytest.mark.parametrize("moment", ["between", "during"])
def test_a_file_that_changes_while_it_is_read(tmp_path: Path, moment: str) -> None:
    path = csv_file(tmp_path, f"{HEADINGS}\ns;1;Famille Merle;;\n")
    file = open_file(path, NETWORK)

    def change() -> None:
        path.write_text(f"{HEADINGS}\ns;2;Famille Grive;;;\n", encoding="utf-8")

    with pytest.raises(OfficeRefusal, match="file_changed"):
        read_while(file, change, moment)


def read_while(file: YearlyFile, change: Callable[[], None], moment: str) -> None:
    if moment == "between":
        change()
    for _ in file.rows():
        if moment == "during":
            change()
