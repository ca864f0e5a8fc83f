"""The page « Pièces à fournir »: forms that post to the bucket, the files received, and promises on paper."""

import html
import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from chalicelib.domain.dossiers.uploads import FORM_LIFETIME, MOST_FILES
from chalicelib.web.responses import SECURITY_HEADERS
from tests.support.browser_upload import HEIC, JPEG, PDF, WORD, signed_forms, upload
from tests.support.enrolment import CONTINUES, FOYER, LAST_SECOND, LEO_KEY, enrolment, open_season
from tests.support.enrolment_pages import error_beside, page_html, post, version_of_page, words_of_page
from tests.support.world import Visitor, World

STEPS = "/extranet/compte/reinscription"
PAGE = f"{STEPS}/pieces"
QUOTIENT = "quotient-familial"
DANCE = "certificat-danse"
ON_PAPER = f"papier-{DANCE}-{LEO_KEY}"
QUOTIENT_ON_PAPER = f"papier-{QUOTIENT}-foyer"


@pytest.fixture
def dances(inside: Visitor) -> Visitor:
    """Re-enrol Léo in his dance course, so that two documents are required."""
    assert post(inside, f"{STEPS}/eleves/{LEO_KEY}", CONTINUES)[0] == 303
    return inside


def send(visitor: Visitor, code: str, content: bytes) -> str:
    """Upload a file through the page's own form, and return the address of its redirect."""
    form = next(each for each in signed_forms(visitor.get(PAGE).text) if each.slot[0] == code)
    response = upload(form, content)
    assert response.status == 303
    return response.location


def save(visitor: Visitor, **form: str) -> tuple[int, str]:
    return post(visitor, PAGE, {"par": "1"} | form)


def part(page: str, title: str) -> str:
    """Extract the section of one document."""
    return next(each for each in page.split("<section ")[1:] if title in each).partition("</section>")[0]


def test_each_document_is_asked_for_with_its_pupil_and_a_form_to_the_bucket(world: World, dances: Visitor) -> None:
    page = page_html(dances, PAGE)

    assert "Avis d'imposition ou attestation de quotient familial" in page
    assert "Certificat médical pour la danse, Léo Rossignol" in page
    assert "De moins de trois mois" in page
    assert "10 Mo au plus" in page
    assert page.count("Pas encore fourni.") == 2
    assert page.count('accept="application/pdf,image/jpeg,image/png"') == 2
    assert "capture" not in page
    forms = signed_forms(dances.get(PAGE).text)
    assert [form.slot for form in forms] == [(QUOTIENT, "foyer"), (DANCE, LEO_KEY)]
    for form in forms:
        assert form.address == f"{world.aws.endpoint_url}/{world.resources.documents_bucket}"
        assert not [part for part in ("${filename}", "ossignol") if part in str(form.fields)]
        assert form.fields["success_action_redirect"] == f"http://127.0.0.1:8000{PAGE}/envoyee"


def test_only_this_page_s_forms_may_be_sent_to_the_bucket(world: World, dances: Visitor) -> None:
    policy = SECURITY_HEADERS["Content-Security-Policy"]

    here = dances.get(PAGE).headers

    wider = policy.replace("form-action 'self'", f"form-action 'self' {world.aws.endpoint_url}")
    assert here["Content-Security-Policy"] == wider != policy
    assert {name: here[name] for name in SECURITY_HEADERS} == SECURITY_HEADERS | {"Content-Security-Policy": wider}
    for path in (STEPS, f"{STEPS}/foyer", "/extranet/compte", "/extranet/compte/mot-de-passe"):
        assert dances.get(path).headers["Content-Security-Policy"] == policy


def test_no_form_outlives_its_page_and_the_page_keeps_no_session_alive(world: World, dances: Visitor) -> None:
    """After a form expires, S3 answers in English."""
    assert dances.get(PAGE).headers["Refresh"] == f"3600; url={PAGE}"
    world.wait(FORM_LIFETIME)
    assert dances.get(PAGE).headers["Location"] == "/extranet/usager"
    world.wait(LAST_SECOND - timedelta(seconds=599) - world.now)
    dances.log_in()
    assert dances.get(PAGE).headers["Refresh"] == f"600; url={PAGE}"


@pytest.mark.parametrize(("content", "message"), [(PDF, "un PDF, 1 Ko."), (JPEG * 70_000, "une photo JPEG, 1,1 Mo.")])
def test_after_a_file_the_page_tells_what_arrived(dances: Visitor, content: bytes, message: str) -> None:
    back = urlsplit(send(dances, DANCE, content))

    away = dances.get(f"{back.path}?{back.query}").headers["Location"]
    page = html.unescape(dances.get(away).text)

    assert (back.path, away) == (f"{PAGE}/envoyee", PAGE)
    assert re.search(r"Reçu le [^<]* à [^<]* : " + re.escape(message), part(page, "danse"))
    assert "Remplacer ce fichier" in part(page, "danse")
    assert "Pas encore fourni." in part(page, "quotient")
    assert ON_PAPER not in page
    assert "certificat de Zélie" not in page


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            PDF + bytes(30 * 1024 * 1024),
            "Le fichier reçu fait 30 Mo, et il faut au plus 10 Mo. Pour l'alléger, numérisez",
        ),
        (PDF + bytes(10 * 1024 * 1024), "Le fichier reçu fait un peu plus de 10 Mo, et il faut au plus 10 Mo."),
        (b"", "Le fichier reçu est vide : choisissez-en un autre."),
        (HEIC, "Réglages > Appareil photo > Formats > « Le plus compatible »"),
        (WORD, "Le fichier reçu n'est ni un PDF, ni une photo JPEG ou PNG : choisissez-en un autre."),
    ],
    ids=["too large", "hardly too large", "empty", "heic", "another kind"],
)
def test_without_javascript_a_bad_file_is_told_so(world: World, dances: Visitor, content: bytes, message: str) -> None:
    send(dances, DANCE, content)

    text = part(page_html(dances, PAGE), "danse")
    status, page = save(dances, **{QUOTIENT_ON_PAPER: "oui"})

    assert message in text
    assert ("ni une photo JPEG" in text) is (content == WORD)
    assert status == 422
    assert message[1:] in error_beside(page, ON_PAPER)
    assert world.aws.documents(world.resources) == {}
    assert "Pas encore fourni." in part(page_html(dances, PAGE), "danse")


def test_who_has_sent_as_many_files_as_may_be_is_told_what_to_do(world: World, dances: Visitor) -> None:
    for number in range(MOST_FILES):
        send(dances, DANCE, PDF + bytes([number]))

    text = part(page_html(dances, PAGE), "danse")

    assert [form.slot[0] for form in signed_forms(dances.get(PAGE).text)] == [QUOTIENT]
    assert "autant de fichiers que possible pour ce document (10 par saison)" in text
    assert "apportez-le sur papier, ou appelez votre conservatoire au 01 99 00 10 03" in text
    assert save(dances, **{QUOTIENT_ON_PAPER: "oui"})[0] == 303
    assert len(enrolment(world).provided) == 2


def test_what_was_sent_and_what_is_promised_is_saved_and_one_goes_on(world: World, dances: Visitor) -> None:
    send(dances, DANCE, PDF)

    assert save(dances, **{QUOTIENT_ON_PAPER: "oui"})[0] == 303

    file, promise = enrolment(world).provided
    assert (file.code, file.owner, file.saved.by) == (DANCE, LEO_KEY, "Mme Aimée Rossignol")
    assert file.object_key in world.aws.documents(world.resources)
    assert (promise.code, promise.object_key) == (QUOTIENT, "")
    page = page_html(dances, PAGE)
    assert "À apporter sur papier au conservatoire." in part(page, "quotient")
    assert f'name="{QUOTIENT_ON_PAPER}" value="oui" checked' in page
    assert 'aria-current="step">Pièces à fournir</a> <span class="state">une pièce à donner</span>' in page


def test_what_lacks_is_told_beside_its_box_and_what_was_ticked_is_kept(world: World, dances: Visitor) -> None:
    status, page = save(dances, **{QUOTIENT_ON_PAPER: "oui"})

    assert status == 422
    error = error_beside(page, ON_PAPER)
    assert "Certificat médical pour la danse, Léo Rossignol : envoyez ce document avec son bouton" in error
    assert f'href="#{ON_PAPER}"' in page
    assert f'name="{QUOTIENT_ON_PAPER}" value="oui" checked' in page
    assert "rien n'a été enregistré" in page
    assert enrolment(world).provided == ()


def test_it_can_be_sent_to_the_bucket_from_the_page_that_refused(dances: Visitor) -> None:
    answer = dances.post(PAGE, {"vu": version_of_page(dances, PAGE)})

    (form, _) = signed_forms(answer.text)
    assert urlsplit(form.address).netloc in answer.headers["Content-Security-Policy"]
    assert upload(form, PDF).status == 303


def test_another_guardian_who_saved_meanwhile_is_named(dances: Visitor) -> None:
    before = version_of_page(dances, PAGE)
    save(dances, par="2", plus_tard="oui", **{QUOTIENT_ON_PAPER: "oui"})

    answer = dances.post(PAGE, {"vu": before, "par": "1", ON_PAPER: "oui"})

    assert answer.status_code == 422
    assert "par M. Côme Rossignol, pendant que vous la remplissiez" in html.unescape(answer.text)
    for box in (ON_PAPER, QUOTIENT_ON_PAPER):  # the boxes of both
        assert f'name="{box}" value="oui" checked' in answer.text


def test_after_the_period_it_shows_what_there_is_and_takes_nothing(world: World, dances: Visitor) -> None:
    """One document was sent, the other promised: the form takes the promise back."""
    send(dances, DANCE, PDF)
    save(dances, **{QUOTIENT_ON_PAPER: "oui"})
    before, documents = version_of_page(dances, PAGE), enrolment(world).provided
    world.wait(LAST_SECOND + timedelta(seconds=1) - world.now)
    dances.log_in()

    response = dances.get(PAGE)
    answer = dances.post(PAGE, {"vu": before})

    page, refusal = html.unescape(response.text), html.unescape(answer.text)
    assert response.headers["Content-Security-Policy"] == SECURITY_HEADERS["Content-Security-Policy"]
    assert "Refresh" not in response.headers
    assert 'type="file"' not in page
    assert "<button" not in page.partition("<main")[2]
    assert "Reçu le" in part(page, "danse")
    assert answer.status_code == 422
    assert "n'est pas ouverte en ce moment" in refusal
    assert "À apporter sur papier" in part(refusal, "quotient")
    text = refusal.partition("qui n'est pas enregistré")[2].partition("</section>")[0]
    assert "À ne plus apporter sur papier : Avis d'imposition" in words_of_page(text)
    assert "certificat" not in text
    assert enrolment(world).provided == documents


def test_where_nothing_is_asked_it_says_so(world: World, visitor: Visitor) -> None:
    open_season(world)
    world.settle()
    visitor.log_in()

    assert "Aucune pièce ne vous est demandée" in page_html(visitor, PAGE)


def test_the_steps_go_on_without_the_bucket(world: World, dances: Visitor) -> None:
    with world.aws.failing("GET", "before"):
        answer = dances.post(f"{STEPS}/foyer", FOYER | {"vu": version_of_page(dances, f"{STEPS}/foyer")})

    assert answer.status_code == 303
