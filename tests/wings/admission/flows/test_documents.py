"""The step « Pièces à fournir » of an application: it stores the files in the bucket, its own only."""

import base64
import json
from dataclasses import replace
from datetime import date

import pytest

from chalicelib.domain.dossiers.documents import FOYER
from chalicelib.domain.dossiers.uploads import LARGEST
from chalicelib.domain.enrolment.periods import EnrolmentPeriod
from chalicelib.domain.refusals import FieldsRefused, StepMoved, Unavailable
from chalicelib.values import version_of
from chalicelib.wings.admission.domain.applications import Answers, Application, Candidate, Wish, submit
from chalicelib.wings.admission.flows.documents import (
    DocumentsClosed,
    document_statuses,
    may_provide,
    save_documents,
    upload_forms,
)
from chalicelib.wings.admission.flows.draft import StepForm
from chalicelib.wings.admission.flows.entry import ApplicantContext, enter
from tests.support.admission import announce, applicant, application_of, stores, token_of
from tests.support.applications import ALBA
from tests.support.aws import When
from tests.support.browser_upload import JPEG, PDF, WORD, SignedForm, upload
from tests.support.world import Visitor, World

THEN = "http://127.0.0.1:8000/extranet/pre-inscription/demande/pieces/envoyee"
HOME = ("justificatif-domicile", FOYER)
DANCE = ("certificat-danse", ALBA.key)
DANCER = Candidate(ALBA.key, "Alba", "Geai", date(2016, 3, 14), (Wish("Danse classique", "evry-xenakis"),))
ANSWERS = Answers("Mme Inès Geai", "06 99 00 20 01", ("4 allée des Tilleuls", "91000 Evry"), (), (DANCER,))
OVER = EnrolmentPeriod(date(2026, 8, 1), date(2026, 8, 15))


@pytest.fixture
def draft(world: World, visitor: Visitor) -> Application:
    return applicant(world, visitor, draft=ANSWERS)


def come(world: World, visitor: Visitor) -> ApplicantContext:
    return enter(world.visit(token_of(visitor)))


def send(world: World, me: ApplicantContext, slot: tuple[str, str], content: bytes) -> str:
    form = upload_forms(world.services, me, document_statuses(world.services, me), THEN)[slot]
    assert upload(SignedForm(form.address, form.fields), content).status == 303
    return form.fields["key"]


def note(
    world: World, me: ApplicantContext, promises: list[tuple[str, str]] | None = None, *, later: bool = True
) -> Application:
    statuses, version = document_statuses(world.services, me), version_of(me.application.provided)
    return save_documents(world.visit(), me, statuses, promises or [], StepForm(version, later))


def test_a_file_is_noted_under_a_key_that_no_form_replaces(world: World, visitor: Visitor, draft: Application) -> None:
    sent_to = send(world, come(world, visitor), DANCE, PDF)
    world.aws.calls.clear()

    note(world, come(world, visitor), [HOME], later=False)

    tables = [call for call in world.aws.calls if call not in {"GET", "PUT", "POST"}]
    assert tables == ["GetItem", "BatchGetItem", "UpdateItem"]
    noted = application_of(world).document(*DANCE)
    folder = f"requests/2026/{draft.ref.mailbox}/certificat-danse/{ALBA.key}/"
    assert sent_to.startswith(f"{folder}upload_")
    assert noted
    assert noted.object_key.startswith(f"{folder}noted_")
    assert world.aws.documents(world.resources) == {noted.object_key: PDF}
    assert noted.saved.by == "Mme Inès Geai"
    promise = application_of(world).document(*HOME)
    assert promise
    assert not promise.object_key


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (WORD, "document_unreadable"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "document_unreadable"),
        (b"", "document_empty"),
        (PDF + bytes(LARGEST), "document_too_large"),
    ],
    ids=["another kind", "a page", "empty", "too large"],
)
def test_a_file_that_is_none_of_those_taken_is_deleted_and_what_lacks_is_told(
    world: World, visitor: Visitor, draft: Application, content: bytes, code: str
) -> None:
    send(world, come(world, visitor), DANCE, content)

    with pytest.raises(FieldsRefused) as refusal:
        note(world, come(world, visitor), later=False)

    assert refusal.value.fields == {
        "papier-justificatif-domicile-foyer": ("document_missing",),
        f"papier-certificat-danse-{ALBA.key}": (code,),
    }
    assert world.aws.documents(world.resources) == {}
    assert application_of(world) == draft


def test_a_form_is_signed_for_one_key_of_the_request_alone(world: World, visitor: Visitor, draft: Application) -> None:
    """S3 refuses any other key. Moto does not check it, the emulator's test does (tests/e2e/test_documents.py)."""
    me = come(world, visitor)
    form = upload_forms(world.services, me, document_statuses(world.services, me), THEN)[DANCE]

    conditions = json.loads(base64.b64decode(form.fields["policy"]))["conditions"]

    assert {"key": form.fields["key"]} in conditions
    assert form.fields["key"].startswith(f"requests/2026/{draft.ref.mailbox}/certificat-danse/{ALBA.key}/upload_")


def test_another_application_s_files_are_not_seen(world: World, visitor: Visitor, draft: Application) -> None:
    send(world, come(world, visitor), DANCE, PDF)
    applicant(world, visitor, "pie@example.org", draft=ANSWERS)

    states = {status.state for status in document_statuses(world.services, come(world, visitor))}

    assert draft.email != "pie@example.org"
    assert states == {"lacking"}


def test_the_later_of_two_devices_is_told_so(world: World, visitor: Visitor, draft: Application) -> None:
    late = come(world, visitor)
    note(world, come(world, visitor), [HOME])

    with pytest.raises(StepMoved):
        note(world, late, [DANCE])

    assert [document.code for document in application_of(world).provided] == ["justificatif-domicile"]
    assert draft.provided == ()


@pytest.mark.parametrize("when", ["before", "after"])
def test_the_next_try_notes_a_failed_write(world: World, visitor: Visitor, draft: Application, when: When) -> None:
    send(world, come(world, visitor), DANCE, JPEG)
    with world.aws.failing("UpdateItem", when), pytest.raises(Unavailable):
        note(world, come(world, visitor))

    note(world, come(world, visitor))

    noted = application_of(world).document(*DANCE)
    assert noted
    assert world.aws.documents(world.resources)[noted.object_key] == JPEG
    assert draft.provided == ()


def test_documents_are_taken_late_while_a_place_is_asked(world: World, visitor: Visitor, draft: Application) -> None:
    announce(world, OVER)
    assert not may_provide(come(world, visitor))
    with pytest.raises(DocumentsClosed):
        note(world, come(world, visitor), [HOME])
    sent = stores(world).applications.change(draft, submit(draft, "P26-K4TN-8WCB", world.now))

    note(world, come(world, visitor), [HOME])

    assert application_of(world).document(*HOME)
    known = application_of(world)
    stores(world).applications.change(known, replace(known.withdraw([ALBA.key], world.now)))
    assert not may_provide(come(world, visitor))
    assert upload_forms(world.services, come(world, visitor), (), THEN) == {}
    assert sent.number
