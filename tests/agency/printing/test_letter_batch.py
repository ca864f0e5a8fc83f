"""The PDF of a site: a page per family, text that can be searched, the same bytes each time, whole or not there."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from agency.printing.letter_batch import print_letters
from chalicelib.presentation.office.postal_letter import PostalLetter
from chalicelib.presentation.printing.letters import UnprintableLetter
from tests.support.french import loose, plain
from tests.support.paper_letters import HOME, LONG_NAME, NETWORK, letter_to

ROOT = Path(__file__).parents[3]
NAMES = ["Famille Cœur-d'Étoile", "Mme Nguyễn Thị Hương", "M. Łukasz Özgür & fils (10 €)", LONG_NAME]


def nothing() -> None:
    """Show no progress."""


def print_to(path: Path, letters: list[PostalLetter]) -> list[UnprintableLetter]:
    return print_letters(path, "Courrier aux familles : Evry - Magnard", NETWORK, letters, nothing)


def read_pages(path: Path) -> list[str]:
    return [plain(page.extract_text()) for page in PdfReader(path).pages]


def test_each_family_has_its_page_and_its_words_can_be_searched(tmp_path: Path) -> None:
    path = tmp_path / "courrier.pdf"

    assert (
        print_to(path, [letter_to(name, display_identifier=f"MAG{number}") for number, name in enumerate(NAMES)]) == []
    )

    pages = read_pages(path)
    assert len(pages) == len(NAMES)
    for number, (name, page) in enumerate(zip(NAMES, pages, strict=True)):
        assert f"Bonjour {name}," in " ".join(page.split())
        assert f"MAG{number}\n" in page
        assert "91000 EVRY COURCOURONNES" in page
        assert "Réinscription 2026-2027 : du 1er septembre 2026 au 15 septembre 2026 inclus." in page
        assert "https://extranet.example.fr/extranet/usager" in page


def test_its_blanks_that_hold_are_such_for_who_copies_or_reads_it_aloud(tmp_path: Path) -> None:
    path = tmp_path / "courrier.pdf"
    print_to(path, [letter_to("Famille d'Été")])

    (page,) = [page.extract_text() for page in PdfReader(path).pages]
    assert [said for line in page.splitlines() for said in loose(line)] == []
    assert "Réinscription 2026-2027\N{NO-BREAK SPACE}: du 1er\N{NO-BREAK SPACE}septembre 2026" in page
    assert "91000 EVRY COURCOURONNES" in page


def test_the_pdf_says_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "courrier.pdf"
    print_to(path, [letter_to()])

    reader = PdfReader(path)

    assert reader.metadata is not None
    assert reader.metadata.title == "Courrier aux familles : Evry - Magnard"
    assert reader.metadata.author == "Réseau des conservatoires 91"
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "fr-FR"
    assert [round(float(side) / 72 * 25.4) for side in reader.pages[0].mediabox[2:]] == [210, 297]


def test_every_font_is_in_the_pdf(tmp_path: Path) -> None:
    path = tmp_path / "courrier.pdf"
    print_to(path, [letter_to("Mme Nguyễn")])

    resources: Any = PdfReader(path).pages[0]["/Resources"]
    fonts = [resource.get_object() for resource in resources["/Font"].values()]
    assert len(fonts) >= 3
    assert all("/FontFile2" in font["/FontDescriptor"].get_object() for font in fonts)


def test_the_same_letters_give_the_same_bytes(tmp_path: Path) -> None:
    first, second = tmp_path / "1.pdf", tmp_path / "2.pdf"
    letters = [letter_to(name) for name in NAMES]

    print_to(first, letters)
    print_to(tmp_path / "other.pdf", [letter_to("Zzyzx Ω")])
    print_to(second, letters)

    assert first.read_bytes() == second.read_bytes()


def test_the_same_letters_give_the_same_bytes_in_another_process_on_another_day(tmp_path: Path) -> None:
    here = tmp_path / "here.pdf"
    print_to(here, [letter_to(name) for name in NAMES])
    there = tmp_path / "there.pdf"
    script = (
        "from pathlib import Path\n"
        "from tests.agency.printing.test_letter_batch import NAMES, letter_to, print_to\n"
        f"print_to(Path({str(there)!r}), [letter_to(name) for name in NAMES])"
    )

    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, check=True, timeout=120)

    assert here.read_bytes() == there.read_bytes()


def test_a_name_that_the_font_does_not_show_is_told_and_the_others_are_printed(tmp_path: Path) -> None:
    path = tmp_path / "courrier.pdf"
    yamada, long = letter_to("Famille 山田"), letter_to("x" * 4000)

    failures = print_to(path, [yamada, letter_to(), long])

    assert [(letter.letter, letter.why) for letter in failures] == [
        (yamada, "la police d'impression ne montre pas : 山 田"),
        (long, "le texte est trop long pour une page"),
    ]
    (page,) = read_pages(path)
    assert "Famille Rossignol" in page


@pytest.mark.parametrize("letters", [[], ["Famille 山田"]])
def test_where_there_is_nothing_to_print_no_pdf_of_an_earlier_run_is_left(tmp_path: Path, letters: list[str]) -> None:
    path = tmp_path / "courrier.pdf"
    path.write_bytes(b"of last week")

    print_to(path, [letter_to(name) for name in letters])

    assert list(tmp_path.iterdir()) == []


def test_it_is_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "courriers" / "courrier.pdf"

    print_to(path, [letter_to()])

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_run_that_is_stopped_leaves_the_pdf_of_before_and_no_half_one(tmp_path: Path) -> None:
    path = tmp_path / "courrier.pdf"
    print_to(path, [letter_to()])
    before = path.read_bytes()

    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        print_letters(path, "", NETWORK, [letter_to("Autre"), letter_to()], stop)

    assert path.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["courrier.pdf"]


def test_a_run_that_is_killed_while_it_prints_leaves_no_half_pdf(tmp_path: Path) -> None:
    path = tmp_path / "courrier.pdf"
    script = (
        "from pathlib import Path\n"
        "from agency.printing.letter_batch import print_letters\n"
        "from tests.support.paper_letters import NETWORK, letter_to\n"
        "letters = (letter_to(f'Famille {number}') for number in range(100_000))\n"
        f"print_letters(Path({str(path)!r}), '', NETWORK, letters, lambda: print('.', flush=True))"
    )

    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout
        for _ in range(200):
            process.stdout.readline()
        process.send_signal(signal.SIGKILL)

    assert list(tmp_path.glob("*.pdf")) == []


def test_folds_are_marked_at_a_third_and_two_thirds(tmp_path: Path) -> None:
    path = tmp_path / "courrier.pdf"
    print_to(path, [letter_to(address=HOME)])

    stream = PdfReader(path).pages[0].get_contents()
    assert stream is not None
    lines = [line.split() for line in stream.get_data().decode("latin-1").splitlines() if line.endswith(" l S")]
    assert [round(297 - float(line[2]) / 72 * 25.4) for line in lines][1:] == [99, 198]
