"""The documents of a dossier of either kind: provided on paper, then uploaded, and those still awaited."""

import pytest

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
from chalicelib.wings.admission.domain.applications import Application
from tests.support import answers, applications

ON_PAPER = ProvidedDocument("certificat", "a1", answers.SAVED)
UPLOADED = ProvidedDocument("certificat", "a1", answers.SAVED, "documents/x")


@pytest.fixture(params=[Enrolment(answers.REF), Application(applications.REF)], ids=["enrolment", "application"])
def dossier(request: pytest.FixtureRequest) -> HasDocuments:
    whole: HasDocuments = request.param
    return whole


def test_a_document_is_provided_on_paper_then_uploaded_then_removed(dossier: HasDocuments) -> None:
    dossier_after = dossier.with_document(ON_PAPER)

    assert dossier_after.document("certificat", "a1") == ON_PAPER
    assert dossier_after.with_document(UPLOADED).provided == (UPLOADED,)
    assert dossier_after.document("certificat", "b2") is None
    assert dossier_after.without_document("certificat", "b2") == dossier_after
    assert dossier_after.without_document("certificat", "a1").provided == ()


def test_a_re_enrolment_begins_with_its_first_document() -> None:
    assert Enrolment(answers.REF).with_document(ON_PAPER).started_at == answers.NOW


def test_a_promised_document_is_awaited_until_it_is_uploaded(dossier: HasDocuments) -> None:
    certificate = RequiredDocument(DocumentRule("certificat", "Certificat médical"), "a1", "Léo")
    notice = RequiredDocument(DocumentRule("avis", "Avis d'imposition", of="household"), FOYER)
    second, due = dossier.with_document(ON_PAPER), DueDocument("Avis d'imposition", is_promised=False)

    assert [
        not_uploaded((certificate, notice), item) for item in (dossier, second, second.with_document(UPLOADED))
    ] == [
        (DueDocument("Certificat médical, Léo", is_promised=False), due),
        (DueDocument("Certificat médical, Léo", is_promised=True), due),
        (due,),
    ]
