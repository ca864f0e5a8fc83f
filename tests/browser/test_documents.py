"""« Pièces à fournir » in a browser, with JavaScript or not, on a telephone: files go to the bucket and can be read."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from chalicelib.domain.dossiers.uploads import LARGEST
from tests.support.accessibility import offences
from tests.support.browser import PAGE, QUOTIENT, choose, come, send
from tests.support.browser_upload import HEIC, JPEG, PDF, WORD
from tests.support.service import Running

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("open_period")]


@pytest.fixture
def files(tmp_path: Path) -> Path:
    for name, content in (
        ("avis.pdf", PDF),
        ("photo.jpg", JPEG),
        ("lettre.docx", WORD),
        ("IMG_0042.HEIC", HEIC),
        ("renamed.pdf", WORD),
        ("large.pdf", PDF + bytes(LARGEST)),
    ):
        (tmp_path / name).write_bytes(content)
    return tmp_path


def test_a_file_is_sent_replaced_and_saved(page: Page, running: Running, javascript: bool, files: Path) -> None:
    come(page, running, "GOU1002" if javascript else "HEN5002")
    expect(page.get_by_text("Pas encore fourni.")).to_be_visible()

    send(page, files / "renamed.pdf")
    expect(page).to_have_url(re.compile(f"{PAGE}$"))
    expect(page.get_by_text("n’est ni un PDF, ni une photo JPEG ou PNG : choisissez-en un autre.")).to_be_visible()
    send(page, files / "avis.pdf")
    expect(page.get_by_text(re.compile(r"Reçu le .*\s: un PDF, 1\sKo\."))).to_be_visible()
    send(page, files / "photo.jpg")
    expect(page.get_by_text(re.compile(r"Reçu le .*\s: une photo JPEG, 1\sKo\."))).to_be_visible()
    page.get_by_role("button", name="Enregistrer et continuer").click()

    expect(page).not_to_have_url(re.compile(PAGE))
    page.goto(PAGE)
    expect(page.get_by_text("une photo JPEG")).to_be_visible()
    expect(page.locator("li.done", has_text="Pièces à fournir")).to_be_visible()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("large.pdf", "Ce fichier fait un peu plus de 10 Mo : il faut au plus 10 Mo."),
        ("IMG_0042.HEIC", "Réglages > Appareil photo > Formats > « Le plus compatible »"),
        ("lettre.docx", "Ce fichier n’est ni un PDF, ni une photo JPEG ou PNG : choisissez-en un autre."),
    ],
)
def test_with_javascript_what_could_not_be_taken_is_told_before_it_is_sent(
    small: Page, running: Running, files: Path, name: str, sentence: str
) -> None:
    come(small, running, "MAG2002")

    choose(small, files / name)
    expect(small.get_by_text(sentence)).to_be_visible()
    small.get_by_role("button", name=f"Envoyer : {QUOTIENT}").click()

    expect(small).to_have_url(re.compile(f"{PAGE}$"))
    expect(small.locator("input[type=file]")).to_be_focused()
    assert offences(small) == []


def test_with_javascript_a_file_chosen_and_not_sent_is_recalled(small: Page, running: Running, files: Path) -> None:
    come(small, running, "MAG2002")
    choose(small, files / "avis.pdf")

    small.get_by_role("button", name="Enregistrer, finir plus tard").click()
    expect(small.get_by_text("Vous avez choisi un fichier sans l’envoyer")).to_be_visible()
    small.get_by_role("button", name="Enregistrer, finir plus tard").click()

    expect(small).to_have_url(re.compile("/reinscription$"))


def test_it_fits_a_telephone_and_axe_finds_nothing(small: Page, running: Running) -> None:
    come(small, running, "MAG2002")
    expect(small.get_by_text("Pas encore fourni.").first).to_be_visible()

    assert offences(small) == []
