"""The receipt of an application: its page, to print, its PDF, its mail. It never reads as an acceptance."""

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from chalicelib.domain.enrolment.periods import EnrolmentPeriod
from tests.support.admission import MERLE, announce, applicant, application_of
from tests.support.application_form import HOME, RECEIPT, SUMMARY, fill, promised
from tests.support.applications import WHOLE
from tests.support.french import plain
from tests.support.world import Visitor, World


@pytest.fixture(autouse=True)
def ready(world: World, visitor: Visitor) -> None:
    applicant(world, visitor, draft=WHOLE, provided=(promised(world),))


def sent(visitor: Visitor) -> Any:
    fill(visitor, SUMMARY)
    return visitor.get(RECEIPT)


def test_it_says_the_number_what_was_sent_and_what_comes_next_with_dates(world: World, visitor: Visitor) -> None:
    page = sent(visitor).text

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
    page = sent(visitor).text.casefold()

    assert not any(word in page for word in ("est inscrit ", "est inscrite", "acceptée", "confirmée", "félicitations"))


def test_before_it_is_sent_there_is_none(visitor: Visitor) -> None:
    for path in (RECEIPT, f"{RECEIPT}/pdf"):
        assert visitor.get(path).headers["Location"] == HOME


def test_its_pdf_says_the_same(world: World, visitor: Visitor) -> None:
    sent(visitor)

    answer = visitor.get(f"{RECEIPT}/pdf")

    number = application_of(world).number
    assert answer.headers["Content-Disposition"] == f'attachment; filename="recu-{number}.pdf"'
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
    sent(visitor)
    announce(world, EnrolmentPeriod(date(2026, 8, 25), date(2026, 8, 31)))

    page = visitor.get(RECEIPT).text

    assert "Vous pouvez tout corriger" not in page
    assert "Demandes closes depuis le 31 août 2026." in page


def test_its_mail_goes_to_the_address_that_was_proven_and_says_all(world: World, visitor: Visitor) -> None:
    sent(visitor)
    world.deliver()

    (mail,) = world.mails()
    assert (mail.to, f"numéro {application_of(world).number}" in mail.subject) == (MERLE, True)
    for expected in ("aucune place n'est attribuée", "Piano à Evry - Xénakis", "15 septembre 2026 inclus", "/suivi"):
        assert expected in mail.text
        assert expected in mail.html
    assert {event["event"] for event in world.events()} >= {"admission_sent", "admission_receipt_mailed"}


def test_only_what_was_sent_last_is_told(world: World, visitor: Visitor) -> None:
    sent(visitor)
    fill(visitor, f"{HOME}/responsable", nom="M. Côme Geai")

    assert "M. Côme Geai" not in visitor.get(RECEIPT).text
    assert application_of(world).answers == replace(application_of(world).answers, guardian="M. Côme Geai")
