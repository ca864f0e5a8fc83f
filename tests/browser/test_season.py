"""A season of one family at 360 pixels without JavaScript, from the yearly file to the closing report."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.office.enrolment.decide import EnrolmentDecisionInput
from tests.support.accessibility import offences
from tests.support.browser import ask_for_password, fits, log_in, mailed_password, press
from tests.support.enrolled_families import decide
from tests.support.office import clef, open_now, services_of
from tests.support.service import Running

pytestmark = pytest.mark.browser

STEPS = "/extranet/compte/reinscription"
EMAIL = "aubepine@example.org"
OTHER_EMAIL = "sylvain.aubepine@example.fr"
FAMILY = {"site": "evry-xenakis", "identifiant": "SAI 7001", "nom": "Famille Aubépine"}
HEADINGS = (
    *("Site", "Identifiant", "Famille", "Responsable 1", "E-mail 1", "Téléphone 1", "Responsable 2", "E-mail 2"),
    *("Adresse", "Code postal", "Ville", "Élève", "Date de naissance", "Discipline", "Niveau", "Professeur"),
    *("Jour", "Horaire", "Lieu"),
)
HOUSEHOLD = (
    *("Evry - Xénakis", FAMILY["identifiant"], FAMILY["nom"], "Mme Odile Aubépine", EMAIL, "01 99 00 70 01"),
    *("M. Sylvain Aubépine", OTHER_EMAIL, "4 rue de la Portée", "91000", "Evry"),
)
PUPILS = (
    ("Agathe Aubépine", "12/05/2014", "Hautbois", "Cycle 1", "Mme Sorbier", "Mercredi", "14:30-15:15", "Salle Ravel"),
    ("Basile Aubépine", "03/09/2016", "Danse classique", "Éveil", "M. Platane", "Samedi", "10:00-11:00", "Studio 2"),
    ("Céleste Aubépine", "21/11/2012", "Chant", "Cycle 2", "Mme Tilleul", "Jeudi", "18:00-19:00", "Salle Lully"),
)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def season(running: Running, tmp_path: Path) -> Iterator[Path]:
    """Import the family, open its site's period, and send the campaign."""
    file = tmp_path / "familles.csv"
    rows = (HEADINGS, *((*HOUSEHOLD, *pupil) for pupil in PUPILS))
    file.write_text("\n".join(map(";".join, rows)), encoding="utf-8")
    clef(running, "families", "import", str(file), "--apply", "--yes")
    clef(running, "period", "set", *open_now(), "--site", FAMILY["site"], "--apply")
    clef(running, "campaign", "send", "--site", FAMILY["site"], "--apply", "--yes")
    yield tmp_path
    clef(running, "period", "clear", "--site", FAMILY["site"], "--apply", "--yes")


def go_on(page: Page) -> None:
    fits(page)
    press(page, "Enregistrer et continuer")


def answer_household(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Mon foyer")
    expect(page.get_by_text("4 rue de la Portée")).to_be_visible()
    page.get_by_label("Mes coordonnées sont exactes.").check()
    page.get_by_label("Qui paie les droits d’inscription ?").fill("M. Sylvain Aubépine")
    page.get_by_label("En cas d’urgence, qui appeler ?").fill("Mme Laure Fusain")
    page.get_by_label("Son téléphone").fill("0199007009")
    page.get_by_label("J’accepte").check()
    page.get_by_label("Vous êtes").select_option("Mme Odile Aubépine")
    go_on(page)


def answer_pupils(page: Page) -> None:
    """Answer for the pupils: Agathe stays, Basile changes, Céleste leaves."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Agathe Aubépine")
    page.locator("#choix-oui").check()
    page.locator("#titre-cours-1").click()
    expect(page.get_by_text("mercredi 14 h 30 - 15 h 15").first).to_be_visible()
    page.get_by_label("se réinscrit", exact=True).check()
    page.locator("#image-oui").check()
    page.get_by_label("Vous êtes").select_option("Mme Odile Aubépine")  # a new session does not know the speaker yet
    go_on(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Basile Aubépine")
    expect(page.get_by_text("Vous êtes Mme Odile Aubépine.")).to_be_visible()
    expect(page.get_by_label("Vous êtes")).to_be_hidden()
    page.get_by_label("se réinscrit", exact=True).check()
    page.locator("#titre-cours-1").click()
    page.get_by_label("Une autre discipline").check()
    page.get_by_label("Discipline souhaitée").select_option("Danse contemporaine")
    page.locator("#jour-1-1").select_option("mardi")
    page.locator("#jour-1-2").select_option("jeudi")
    page.locator("#image-non").check()
    go_on(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Céleste Aubépine")
    page.get_by_label("ne se réinscrit pas").check()
    page.get_by_label("Motif", exact=True).select_option("Manque de temps")
    go_on(page)


def provide_documents(page: Page, folder: Path) -> None:
    """Upload Basile's certificate straight to the bucket. The other one comes on paper."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Pièces à fournir")
    certificate = folder / "certificat.pdf"
    certificate.write_bytes(PDF)
    form = page.locator("form.upload").filter(has_text="Certificat médical")
    form.locator("input[type=file]").set_input_files(certificate)
    form.get_by_role("button", name=re.compile("^Envoyer")).click()
    expect(page).to_have_url(re.compile(f"{STEPS}/pieces"))
    expect(page.get_by_text("un PDF")).to_be_visible()
    page.get_by_label("Je l’apporterai sur papier").first.check()
    go_on(page)


def keep_receipt(page: Page, number: str) -> None:
    """Download the receipt as a PDF and as a calendar."""
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger le reçu (PDF)").click()
    assert download.value.suggested_filename == f"recu-{number}.pdf"
    assert "Danse contemporaine" in PdfReader(download.value.path()).pages[0].extract_text()
    with page.expect_download() as download:
        page.get_by_role("link", name="Ajouter à mon agenda").click()
    assert download.value.path().read_bytes().count(b"BEGIN:VEVENT\r\n") == 2


def test_a_season_from_the_yearly_file_to_the_closing_report(telephone: Page, running: Running, season: Path) -> None:
    page = telephone
    assert "SAI 7001" in running.mail_to(EMAIL, "Réinscription")["text"]

    # A first password, and the first login.
    ask_for_password(page, FAMILY["identifiant"], EMAIL)
    log_in(page, FAMILY, mailed_password(running, EMAIL))
    expect(page.get_by_role("heading", level=1)).to_have_text("Bonjour Famille Aubépine")
    fits(page)

    # Three pupils, a document, a break, and the return.
    page.goto(STEPS)
    page.get_by_role("link", name=re.compile("Commencer")).click()
    answer_household(page)
    page.context.clear_cookies()
    log_in(page, FAMILY, mailed_password(running, EMAIL))
    page.goto(STEPS)
    page.get_by_role("link", name=re.compile("Continuer : Agathe")).click()
    answer_pupils(page)
    provide_documents(page, season)

    # The summary is sent, once.
    expect(page.get_by_role("heading", level=1)).to_have_text("Récapitulatif et envoi")
    for words in ("change pour Danse contemporaine", "mardi, jeudi", "Ne se réinscrit pas", "Mme Laure Fusain"):
        expect(page.get_by_text(words).first).to_be_visible()
    fits(page)
    press(page, "Envoyer")
    expect(page).to_have_url(re.compile(f"{STEPS}/recus/R"))
    expect(page.get_by_role("heading", level=1)).to_have_text("C’est envoyé")
    expect(page.get_by_text("choisissez « Imprimer » dans le menu")).to_be_visible()
    fits(page)
    number = page.url.rpartition("/")[2]
    keep_receipt(page, number)
    assert "Vous avez envoyé vos réponses" in running.mail_to(EMAIL, number)["text"]
    mail = running.mail_to(OTHER_EMAIL, number)
    assert "Mme Odile Aubépine a envoyé les réponses" in mail["text"]

    # The other guardian's mail leads to the receipt, once logged in.
    page.context.clear_cookies()
    page.set_content(mail["html"])
    page.get_by_role("link", name="Voir le reçu").click()
    expect(page).to_have_url(re.compile("/extranet/usager$"))
    log_in(page, FAMILY, mailed_password(running, EMAIL))
    expect(page).to_have_url(re.compile(f"{STEPS}/recus/{number}$"))

    # The office decides, and the family reads it.
    assert "Basile Aubépine" in clef(running, "enrolments", "list", "--site", FAMILY["site"])
    assert accept_all(running) == 2
    running.hasten()
    text = running.mail_to(EMAIL, "acceptée")["text"]
    assert re.search("Cours : (Hautbois : continue .cette année : mercredi|Danse classique : change pour)", text)
    page.goto("/extranet/compte/eleves")
    expect(page.get_by_text("accepté").first).to_be_visible()
    fits(page)

    # The export for the school's software, and the closing report.
    export, report = season / "export.csv", season / "cloture.html"
    clef(running, "enrolments", "export", "--site", FAMILY["site"], "--to", str(export))
    assert "Danse contemporaine" in export.read_text(encoding="utf-8-sig")
    clef(running, "enrolments", "report", "--site", FAMILY["site"], "--to", str(report))
    assert "Manque de temps" in report.read_text(encoding="utf-8")
    assert "SAI 7001" not in clef(running, "progress", "--site", FAMILY["site"])


def accept_all(running: Running) -> int:
    """Accept the waiting pupils as the office, and count them."""
    accept, ref = EnrolmentDecisionInput("accepted", "Mme Houx"), AccountRef(FAMILY["site"], "sai7001")
    with services_of(running) as services:
        return len(decide(services, accept, services.clock(), ref=ref, season=open_now()[0][:4]))


def for_everybody(page: Page) -> None:
    faults = offences(page)
    assert faults == [], "\n".join(faults)


def expect_refusal(page: Page) -> None:
    press(page, "Enregistrer et continuer")
    expect(page.get_by_role("alert")).to_be_visible()
    for_everybody(page)


@pytest.mark.usefixtures("open_period")
def test_every_page_of_the_season_is_for_everybody(small: Page, running: Running) -> None:
    """Check at 320 pixels with axe-core, which needs JavaScript: untouched, refused, answered and sent."""
    page, family = small, running.family("MES4001")
    log_in(page, family, family["mot_de_passe"])
    for path in ("", "/famille", "/eleves", "/facturation", "/reinscription", "/reinscription/recapitulatif"):
        page.goto(f"/extranet/compte{path}")
        for_everybody(page)
    page.goto("/extranet/compte/eleves")
    page.get_by_role("link", name="Cours et absences").first.click()
    for_everybody(page)
    page.goto(f"{STEPS}/foyer")
    for_everybody(page)
    expect_refusal(page)
    page.get_by_label("Mes coordonnées sont exactes.").check()
    page.get_by_label("En cas d’urgence, qui appeler ?").fill("Mme Laure Fusain")
    page.get_by_label("Son téléphone").fill("0199007009")
    page.get_by_label("J’accepte").check()
    press(page, "Enregistrer et continuer")
    while "/eleves/" in page.url:
        for_everybody(page)
        page.get_by_label("se réinscrit", exact=True).check()
        page.locator("#titre-cours-1").click()
        page.get_by_label("Une autre discipline").first.check()
        expect_refusal(page)
        page.get_by_label("Continuer comme cette année").first.check()
        page.locator("#image-non").check()
        press(page, "Enregistrer et continuer")
    for_everybody(page)
    for box in page.get_by_label("Je l’apporterai sur papier").all():
        box.check()
    press(page, "Enregistrer et continuer")
    for_everybody(page)
    press(page, "Envoyer")
    expect(page).to_have_url(re.compile(f"{STEPS}/recus/R"))
    for_everybody(page)
    expect(page.get_by_text("choisissez « Imprimer »")).to_have_count(0)  # there is a button with JavaScript
    page.evaluate("window.print = () => { document.title = 'imprimé'; }")
    page.get_by_role("button", name="Imprimer").click()
    expect(page).to_have_title("imprimé")
    for path in ("", "/eleves", "/reinscription", "/reinscription/recapitulatif"):
        page.goto(f"/extranet/compte{path}")
        for_everybody(page)
