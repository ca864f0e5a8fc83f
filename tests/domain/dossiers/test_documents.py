"""The documents of a dossier of either kind: provided on paper, then uploaded, and those still awaited."""

import pytest

from chalicelib.domain.admission.applications import Application
from chalicelib.domain.dossiers.documents import (
    FOYER,
    DocumentRule,
    DueDocument,
    HasDocuments,
    ProvidedDocument,
    RequiredDocument,
    not_uploaded,
)
from chalicelib.domain.enrolment.enrolments import Enrolment
from tests.support import answers, applications

ON_PAPER = ProvidedDocument("certificat", "a1", answers.SAVED)
UPLOADED = ProvidedDocument("certificat", "a1", answers.SAVED, "documents/x")


@pytest.fixture(params=[Enrolment(answers.REF), Application(applications.REF)], ids=["enrolment", "application"])
def dossier(request: pytest.FixtureRequest) -> HasDocuments:
    whole: HasDocuments = request.param
    return whole


def test_a_document_is_provided_on_paper_then_uploaded_then_removed(dossier: HasDocuments) -> None:
    promised = dossier.with_document(ON_PAPER)

    assert promised.document("certificat", "a1") == ON_PAPER
    assert promised.with_document(UPLOADED).provided == (UPLOADED,)
    assert promised.document("certificat", "b2") is None
    assert promised.without_document("certificat", "b2") == promised
    assert promised.without_document("certificat", "a1").provided == ()


def test_a_re_enrolment_begins_with_its_first_document() -> None:
    assert Enrolment(answers.REF).with_document(ON_PAPER).started_at == answers.NOW


def test_a_promised_document_is_awaited_until_it_is_uploaded(dossier: HasDocuments) -> None:
    certificate = RequiredDocument(DocumentRule("certificat", "Certificat médical"), "a1", "Léo")
    notice = RequiredDocument(DocumentRule("avis", "Avis d'imposition", of="household"), FOYER)
    promised, due = dossier.with_document(ON_PAPER), DueDocument("Avis d'imposition", is_promised=False)

    assert [
        not_uploaded((certificate, notice), one) for one in (dossier, promised, promised.with_document(UPLOADED))
    ] == [
        (DueDocument("Certificat médical, Léo", is_promised=False), due),
        (DueDocument("Certificat médical, Léo", is_promised=True), due),
        (due,),
    ]
