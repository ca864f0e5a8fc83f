"""The page « Pièces à fournir » of an application, as a browser gets and sends it."""

import html
from dataclasses import replace
from datetime import date

import pytest

from chalicelib.web.responses import SECURITY_HEADERS
from chalicelib.wings.admission.domain.applications import Answers, Candidate, Wish
from tests.support.admission import START, applicant, application_of
from tests.support.applications import ALBA
from tests.support.browser_upload import PDF, WORD, signed_forms, upload
from tests.support.enrolment_pages import version_of_page
from tests.support.world import Visitor, World

APPLICATION = f"{START}/demande"
PAGE = f"{APPLICATION}/pieces"
PAPER = "papier-justificatif-domicile-foyer"
DANCER = Candidate(ALBA.key, "Alba", "Geai", date(2016, 3, 14), (Wish("Danse classique", "evry-xenakis"),))
ANSWERS = Answers("Mme Inès Geai", "06 99 00 20 01", ("4 allée des Tilleuls", "91000 Evry"), (), (DANCER,))


@pytest.fixture
def inside(world: World, visitor: Visitor) -> Visitor:
    applicant(world, visitor, draft=ANSWERS)
    return visitor


def send(visitor: Visitor, code: str, content: bytes) -> str:
    form = next(one for one in signed_forms(visitor.get(PAGE).text) if one.slot[0] == code)
    return upload(form, content).location


def save(visitor: Visitor, **form: str) -> tuple[int, str]:
    answer = visitor.post(PAGE, {"vu": version_of_page(visitor, PAGE)} | form)
    return answer.status_code, answer.headers.get("Location", "") or html.unescape(answer.text)


def test_a_file_is_sent_to_the_bucket_and_its_page_tells_that_it_came(world: World, inside: Visitor) -> None:
    away = inside.get(send(inside, "certificat-danse", PDF).removeprefix("http://127.0.0.1:8000"))

    assert (away.status_code, away.headers["Location"]) == (303, PAGE)
    answer = inside.get(PAGE)
    assert "Reçu le" in answer.text
    assert "Certificat médical pour la danse, Alba Geai" in html.unescape(answer.text)
    assert f"form-action 'self' {world.aws.endpoint_url}" in answer.headers["Content-Security-Policy"]
    assert {name: answer.headers[name] for name in SECURITY_HEADERS if name != "Content-Security-Policy"} == {
        name: value for name, value in SECURITY_HEADERS.items() if name != "Content-Security-Policy"
    }


def test_one_goes_on_when_all_is_there_and_is_told_what_lacks_else(world: World, inside: Visitor) -> None:
    send(inside, "certificat-danse", WORD)
    status, page = save(inside, **{PAPER: "oui"})
    assert status == 422
    assert "Certificat médical pour la danse, Alba Geai : le fichier reçu n'est ni un PDF" in page
    send(inside, "certificat-danse", PDF)

    assert save(inside, **{PAPER: "oui"}) == (303, f"{APPLICATION}/recapitulatif")

    assert len(application_of(world).provided) == 2
    assert save(inside, plus_tard="oui") == (303, APPLICATION)
    assert [document.code for document in application_of(world).provided] == ["certificat-danse"]


def test_who_asks_for_nothing_that_needs_a_document_is_told_so(world: World, visitor: Visitor) -> None:
    applicant(world, visitor, draft=replace(ANSWERS, candidates=()))

    page = html.unescape(visitor.get(PAGE).text)

    assert "Aucune pièce ne vous est demandée pour l'instant." in page
    assert 'type="file"' not in page


def test_what_another_device_saved_meanwhile_is_told(world: World, inside: Visitor) -> None:
    before = version_of_page(inside, PAGE)
    save(inside, plus_tard="oui", **{PAPER: "oui"})

    answer = inside.post(PAGE, {"vu": before, "plus_tard": "oui"})

    assert answer.status_code == 422
    assert "sur un autre appareil" in html.unescape(answer.text)
    assert [document.code for document in application_of(world).provided] == ["justificatif-domicile"]
