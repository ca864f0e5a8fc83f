"""The summary: everything as text, the terms, one button, then a single receipt, never read as an acceptance."""

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from chalicelib.domain.enrolment.periods import EnrolmentPeriod
from tests.support.admission import MERLE, announce, applicant, application_of
from tests.support.application_form import (
    GUARDIAN_STEP,
    HOME,
    RECEIPT,
    SUMMARY,
    context_of,
    draft,
    fill,
    only,
    promised,
    send_as_shown,
)
from tests.support.applications import ALBA, NILS, WHOLE
from tests.support.french import plain
from tests.support.pdf_tags import heard
from tests.support.world import Visitor, World

OTHER = "geai@example.org"


@pytest.fixture(autouse=True)
def ready(world: World, visitor: Visitor) -> None:
    applicant(world, visitor, draft=WHOLE, provided=(promised(world),))


def send(visitor: Visitor) -> Any:
    return fill(visitor, SUMMARY)


def test_it_says_all_that_was_answered_what_counts_where_and_what_comes(visitor: Visitor) -> None:
    page = visitor.get(SUMMARY).text

    for expected in (
        "Mme Inès Geai",
        "merle@example.org",
        "06 99 00 20 01",
        "4 allée des Tilleuls",
        "Nous habitons dans l'agglomération.",
        "Alba Geai",
        "Date de naissance : 14 mars 2018.",
        "Piano à Evry - Xénakis, Débutant ; jours possibles, dans l'ordre : mercredi, samedi",
        "Justificatif de domicile : <strong>promise sur papier</strong>",
        "Les places sont tirées au sort entre les demandes envoyées pendant la période",
        "Les places sont données d'abord aux familles prioritaires",
        "Demandes ouvertes jusqu'au 15 septembre 2026 inclus.",
        "aucune place n'est encore attribuée",
        "Lire le règlement",
    ):
        assert expected in page


def test_it_is_sent_once_and_the_receipt_is_shown(world: World, visitor: Visitor) -> None:
    first, again = send(visitor), visitor.get(RECEIPT)

    assert (first.status_code, first.headers["Location"]) == (303, RECEIPT)
    assert application_of(world).number in again.text
    assert "Tout est envoyé" in visitor.get(SUMMARY).text


def test_what_lacks_is_led_to_and_nothing_can_be_sent(world: World, visitor: Visitor) -> None:
    applicant(world, visitor, draft=only())
    page = visitor.get(SUMMARY).text
    assert "Il reste à faire" in page
    assert "Envoyer la demande" not in page

    answer = visitor.post(SUMMARY, {"vu": ""})

    assert answer.status_code == 422
    assert application_of(world).sent is None


def test_a_child_that_has_a_request_already_is_named_and_whose_it_is_is_not(world: World, visitor: Visitor) -> None:
    draft(world, OTHER, only(ALBA))
    second = send_as_shown(world, context_of(world, OTHER)).application

    answer = send(visitor)

    assert answer.status_code == 422
    assert "pour Alba Geai, une demande est déjà enregistrée" in answer.text
    assert "01 99 00 10 03" in answer.text
    for word in (OTHER, second.number):
        assert word not in answer.text
    assert application_of(world).sent is None


def test_what_was_saved_in_another_window_is_read_again_before_it_is_sent(world: World, visitor: Visitor) -> None:
    version = visitor.get(SUMMARY).text.partition('name="vu" value="')[2].partition('"')[0]
    fill(visitor, GUARDIAN_STEP, nom="M. Côme Geai")

    answer = visitor.post(SUMMARY, {"vu": version})

    assert answer.status_code == 422
    assert "d'autres réponses ont été enregistrées" in answer.text
    assert "M. Côme Geai" in answer.text
    assert application_of(world).sent is None
    assert send(visitor).status_code == 303


def test_nothing_of_a_child_is_in_the_record_the_queue_or_an_address(world: World, visitor: Visitor) -> None:
    send(visitor)

    for text in (world.log.getvalue(), world.aws.queue_bodies()):
        assert not any(word in text for word in ("Alba", "Geai", "geai", MERLE, "2018-03-14", "Tilleuls"))
    assert NILS.key not in world.log.getvalue()
    assert HOME not in world.aws.queue_bodies()


def receipt(visitor: Visitor) -> Any:
    fill(visitor, SUMMARY)
    return visitor.get(RECEIPT)


def test_it_says_the_number_what_was_sent_and_what_comes_next_with_dates(world: World, visitor: Visitor) -> None:
    page = receipt(visitor).text

    number = application_of(world).number
    for expected in (
        f'<dd class="number">{number}</dd>',
        "1er septembre 2026 à 9 h 00 (heure de Paris)",
        "Alba Geai, Nils Geai",
        "Envoyer une demande n'est pas être inscrit",
        "jusqu'au 15 septembre 2026 inclus",
        "/extranet/pre-inscription/suivi",
        "Justificatif de domicile : promise sur papier",
        "01 99 00 10 03",
    ):
        assert expected in page
    assert "<h1>Demande envoyée</h1>" in page
    world.wait(timedelta(minutes=11))
    assert "<h1>Reçu de votre demande</h1>" in visitor.get(RECEIPT).text


def test_nothing_in_it_reads_as_a_place(visitor: Visitor) -> None:
    page = receipt(visitor).text.casefold()

    assert not any(word in page for word in ("est inscrit ", "est inscrite", "acceptée", "confirmée", "félicitations"))


def test_before_it_is_sent_there_is_none(visitor: Visitor) -> None:
    for path in (RECEIPT, f"{RECEIPT}/pdf"):
        assert visitor.get(path).headers["Location"] == HOME


def test_its_pdf_says_the_same(world: World, visitor: Visitor) -> None:
    receipt(visitor)

    answer = visitor.get(f"{RECEIPT}/pdf")

    number = application_of(world).number
    assert answer.headers["Content-Disposition"] == f'attachment; filename="recu-{number}.pdf"'
    assert ("P", number) in heard(answer.data)
    words = plain(" ".join(page.extract_text() for page in PdfReader(BytesIO(answer.data)).pages))
    assert "TilleulsEvry" not in words.replace("91000 ", "")
    for expected in (
        number,
        "Mme Inès Geai",
        "4 allée des Tilleuls",
        "Piano à Evry - Xénakis",
        "n'est pas être inscrit",
        "15 septembre 2026",
    ):
        assert expected in " ".join(words.split())


def test_after_the_period_it_promises_no_correction(world: World, visitor: Visitor) -> None:
    receipt(visitor)
    announce(world, EnrolmentPeriod(date(2026, 8, 25), date(2026, 8, 31)))

    page = visitor.get(RECEIPT).text

    assert "Vous pouvez tout corriger" not in page
    assert "Demandes closes depuis le 31 août 2026." in page


def test_its_mail_goes_to_the_address_that_was_proven_and_says_all(world: World, visitor: Visitor) -> None:
    receipt(visitor)
    world.deliver()

    (mail,) = world.mails()
    assert (mail.to, f"numéro {application_of(world).number}" in mail.subject) == (MERLE, True)
    for expected in ("aucune place n'est attribuée", "Piano à Evry - Xénakis", "15 septembre 2026 inclus", "/suivi"):
        assert expected in mail.text
        assert expected in mail.html
    assert {event["event"] for event in world.events()} >= {"admission_sent", "admission_receipt_mailed"}


def test_only_what_was_sent_last_is_told(world: World, visitor: Visitor) -> None:
    receipt(visitor)
    fill(visitor, f"{HOME}/responsable", nom="M. Côme Geai")

    assert "M. Côme Geai" not in visitor.get(RECEIPT).text
    assert application_of(world).answers == replace(application_of(world).answers, guardian="M. Côme Geai")
