"""CSV in the encodings and with the separators of French software."""

from pathlib import Path

import pytest

from chalicelib.office.files.open_file import encoding_of, records
from chalicelib.office.refusals import OfficeRefusal
from tests.support.refusals import sentence_of

TEXT = "Famille;Élève\r\n« Lœuf »;Zoé – l’aînée\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_an_encoding_is_found_by_what_the_file_holds(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "familles.csv"
    path.write_bytes(TEXT.encode(encoding))

    rows = list(records(path, encoding_of(path), ";"))

    assert rows == [("Famille", "Élève"), ("« Lœuf »", "Zoé – l’aînée")]


def test_an_accent_far_into_the_file_counts(tmp_path: Path) -> None:
    path = tmp_path / "familles.csv"
    path.write_bytes(b"Famille\n" * 200_000 + "Élève\n".encode("cp1252"))

    assert encoding_of(path) == "cp1252"


@pytest.mark.parametrize(("content", "code"), [(b"a;b\n\x81\x8d\n", "file_encoding"), (b"a\0b", "file_not_table")])
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "familles.csv"
    path.write_bytes(content)

    with pytest.raises(OfficeRefusal, match=code):
        encoding_of(path)


def test_quoting_as_french_spreadsheets_write_it(tmp_path: Path) -> None:
    path = tmp_path / "familles.csv"
    path.write_text('a;"3 rue de l\'Orge\nBâtiment C; escalier 2";"dit ""Zoé"""\n;;\n\nb;c;d\n', encoding="utf-8")

    assert list(records(path, "utf-8", ";")) == [
        ("a", "3 rue de l'Orge\nBâtiment C; escalier 2", 'dit "Zoé"'), ("", "", ""), (), ("b", "c", "d"),
    ]  # fmt: skip


@pytest.mark.parametrize("line", ['"jamais fermé;b\n', '"fermé"trop tôt;b\n', '"' + "x" * 200_000 + '"\n'])
def test_quotes_that_do_not_close_are_told_with_their_line(tmp_path: Path, line: str) -> None:
    path = tmp_path / "familles.csv"
    path.write_text(f"a;b\nc;d\n{line}", encoding="utf-8")

    with pytest.raises(OfficeRefusal) as refusal:
        list(records(path, "utf-8", ";"))

    assert sentence_of(refusal.value) == (
        "Fichier familles.csv, ligne 3 : guillemets mal fermés ; enregistrez-le à nouveau en CSV."
    )


def test_a_mark_that_lies_about_the_encoding_is_told(tmp_path: Path) -> None:
    path = tmp_path / "familles.csv"
    path.write_bytes(b"\xef\xbb\xbfSite\n\xe9\n")

    with pytest.raises(OfficeRefusal, match="file_encoding"):
        list(records(path, encoding_of(path), ";"))
