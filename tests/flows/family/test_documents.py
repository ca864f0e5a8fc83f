"""The step « Pièces à fournir »: files in the bucket count, and each file or promise is stored with author and time."""

import base64
import hashlib
import json
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.account.sessions import Token
from chalicelib.domain.dossiers.documents import FOYER, ProvidedDocument, SavedBy, Slot
from chalicelib.domain.dossiers.uploads import (
    FORM_LIFETIME,
    LARGEST,
    MOST_FILES,
    DocumentStatus,
    UploadedFile,
    UploadForm,
)
from chalicelib.domain.enrolment.answers import CourseWish, PupilAnswers
from chalicelib.domain.enrolment.enrolments import PupilFile
from chalicelib.domain.enrolment.periods import PeriodClosed
from chalicelib.domain.refusals import FieldsRefused, StepMoved, Unavailable
from chalicelib.flows.family.documents import document_statuses, save_documents, upload_forms
from chalicelib.flows.family.reenrolment import EnrolmentContext, StepSubmission
from chalicelib.flows.family.uploads import promise_field
from chalicelib.office.account import pseudonym
from chalicelib.values import version_of
from tests.support.answers import WHOLE
from tests.support.aws import When, faults_of
from tests.support.browser_upload import JPEG, PDF, WORD, SignedForm, upload
from tests.support.enrolment import IN_JUNE, LAST_SECOND, LEO_KEY, enrolment, open_season
from tests.support.enrolment_flows import come
from tests.support.households import open_session
from tests.support.staff import in_parallel
from tests.support.world import ROSSIGNOL, World

PAGE = "http://127.0.0.1:8000/extranet/compte/reinscription/pieces"
QUOTIENT = ("quotient-familial", FOYER)
DANCE = ("certificat-danse", LEO_KEY)
BOTH = (QUOTIENT, DANCE)
DANCES = PupilAnswers(stays=True, wishes=(CourseWish("Danse classique", "keep"),), image_rights=False)


@pytest.fixture
def token(world: World) -> Token:
    """Re-enrol Léo in his dance course, so that two documents are required."""
    account = open_season(world)
    before = enrolment(world)
    author = SavedBy("Mme Aimée Rossignol", world.now)
    after = before.with_household(WHOLE, author).with_pupil(PupilFile(LEO_KEY, "Léo", DANCES, author), world.now)
    world.services.enrolments.change(before, after)
    return open_session(world, account)


def forms_now(world: World, me: EnrolmentContext) -> dict[Slot, UploadForm]:
    """Return the forms of the page as it is now."""
    return upload_forms(world.services, me, document_statuses(world.services, me), PAGE)


def fixed(key: str, content: bytes) -> str:
    """Compute the key of an upload's copy, once it is stored."""
    return UploadedFile(key, len(content), IN_JUNE, etag(content)).fixed_copy.key


def etag(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def send_form(form: UploadForm, content: bytes) -> Any:
    """Upload a file with a form, as often as one likes."""
    return upload(SignedForm(form.address, form.fields), content)


def send(world: World, token: Token, slot: Slot, content: bytes) -> str:
    """Upload a file for a document through the page's form, and return its key."""
    form = forms_now(world, come(world, token))[slot]
    assert send_form(form, content).status == 303
    return form.fields["key"]


def note(
    world: World, me: EnrolmentContext, promises: Collection[Slot] = (), by: str = "1", *, later: bool = True
) -> None:
    submission = StepSubmission(by, version_of(me.enrolment.provided), later=later)
    save_documents(world.visit(), me, document_statuses(world.services, me), promises, submission)


def standing(world: World, token: Token) -> dict[Slot, DocumentStatus]:
    return {each.document.slot: each for each in document_statuses(world.services, come(world, token))}


def test_a_page_costs_two_round_trips_to_the_tables_and_a_saved_step_three(world: World, token: Token) -> None:
    for slot in BOTH:
        send(world, token, slot, PDF)
    world.aws.calls.clear()

    me = come(world, token)
    upload_forms(world.services, me, document_statuses(world.services, me), PAGE)
    assert world.aws.calls == ["GetItem", "BatchGetItem", "GET", "GET", "GET"]  # one listing, one read of each file
    world.aws.calls.clear()
    note(world, me)

    assert [call for call in world.aws.calls if call != "GET"] == ["PUT", "PUT", "UpdateItem", "POST"]  # copies first
    world.aws.calls.clear()
    note(world, come(world, token))
    assert [call for call in world.aws.calls if call != "GET"] == ["GetItem", "BatchGetItem"]


def test_what_was_uploaded_is_found_by_whoever_comes_next_though_nothing_was_saved(world: World, token: Token) -> None:
    """The browser may die right after the upload."""
    assert {slot: each.state for slot, each in standing(world, token).items()} == dict.fromkeys(BOTH, "lacking")
    key = send(world, token, DANCE, JPEG)

    status = standing(world, open_session(world, world.account()))[DANCE]

    assert (status.state, status.kind, status.newest and status.newest.key) == ("received", "jpeg", key)
    assert status.newest
    assert status.newest.size == len(JPEG)
    assert enrolment(world).provided == ()


def test_a_promise_is_noted_and_taken_back(world: World, token: Token) -> None:
    slots = [("certificat-danse", "ffffffff"), ("passeport", FOYER), ("", "")]
    note(world, come(world, token), [QUOTIENT, *slots])
    assert len(enrolment(world).provided) == 1
    assert enrolment(world).document(*QUOTIENT) == ProvidedDocument(*QUOTIENT, SavedBy("Mme Aimée Rossignol", IN_JUNE))
    assert standing(world, token)[QUOTIENT].state == "promised"

    note(world, come(world, token))

    assert enrolment(world).provided == ()


def test_a_file_that_is_none_of_those_taken_leaves_the_one_before(world: World, token: Token) -> None:
    key = send(world, token, DANCE, PDF)
    note(world, come(world, token))
    before = enrolment(world)
    world.aws.date_back(world.resources, fixed(key, PDF))
    send(world, token, DANCE, WORD)
    assert standing(world, token)[DANCE].state == "unreadable"
    assert standing(world, token)[DANCE].keeps_noted

    note(world, come(world, token), [QUOTIENT], later=False)

    assert standing(world, token)[DANCE].state == "received"
    assert enrolment(world).document(*DANCE) == before.document(*DANCE)


def test_a_file_that_a_form_sent_again_is_studied_again_and_what_was_noted_stays(world: World, token: Token) -> None:
    form = forms_now(world, come(world, token))[DANCE]
    send_form(form, PDF)
    note(world, come(world, token))
    before = enrolment(world)
    (noted,) = before.provided
    world.aws.date_back(world.resources, noted.object_key)

    for content in (JPEG, b"", WORD):
        send_form(form, content)

    assert standing(world, token)[DANCE].state == "unreadable"
    note(world, come(world, token))
    assert enrolment(world) == before, "what was noted stands where no form can replace it"
    assert noted.etag == etag(PDF)
    assert list(world.aws.documents(world.resources).values()) == [PDF]


def test_a_file_swapped_while_it_is_noted_is_not_noted_for_the_other(world: World, token: Token) -> None:
    form = forms_now(world, come(world, token))[DANCE]
    send_form(form, PDF)
    me = come(world, token)
    statuses = document_statuses(world.services, me)
    send_form(form, JPEG)

    with pytest.raises(Unavailable):
        save_documents(world.visit(), me, statuses, (), StepSubmission("1", version_of(()), later=True))
    assert enrolment(world).provided == ()
    note(world, come(world, token))

    assert enrolment(world).document(*DANCE) == ProvidedDocument(
        *DANCE, SavedBy("Mme Aimée Rossignol", IN_JUNE), fixed(form.fields["key"], JPEG)
    )


def test_a_file_that_is_not_taken_is_deleted_and_why_is_told(world: World, token: Token) -> None:
    for content, code in (
        (b"", "document_empty"),
        (PDF + bytes(LARGEST), "document_too_large"),
        (b"\0\0\0\x24ftypheic", "document_heic"),
        (WORD, "document_unreadable"),
        (b"%", "document_unreadable"),
    ):
        send(world, token, DANCE, content)
        assert standing(world, token)[DANCE].state == "unreadable"

        with pytest.raises(FieldsRefused) as refusal:
            note(world, come(world, token), [QUOTIENT], later=False)

        assert refusal.value.fields == {promise_field(DANCE): (code,)}
        assert world.aws.documents(world.resources) == {}


def test_nobody_fills_the_bucket(world: World, token: Token) -> None:
    forms = [forms_now(world, come(world, token))[DANCE] for _ in range(3)]
    assert len({form.fields["key"] for form in forms}) == 1, "a page opened again has the same key"
    for number in range(MOST_FILES):
        send(world, token, DANCE, PDF + bytes([number]))
    assert DANCE not in forms_now(world, come(world, token))
    note(world, come(world, token))

    for number in range(3 * MOST_FILES):  # an old form, sent again and stored each time
        send_form(forms[0], JPEG + bytes([number]))
        note(world, come(world, token))

    assert len(world.aws.documents(world.resources)) <= 2 * MOST_FILES
    assert DANCE not in forms_now(world, come(world, token))


def test_what_cannot_be_deleted_stays_and_hinders_nobody(world: World, token: Token) -> None:
    key = send(world, token, DANCE, PDF)

    with world.aws.failing("POST", "before"):
        note(world, come(world, token))

    assert set(world.aws.documents(world.resources)) == {key, fixed(key, PDF)}
    assert standing(world, token)[DANCE].state == "received"
    assert world.events()[-1]["lacking"] == "tidying"


def test_the_same_form_sent_twice_writes_once(world: World, token: Token) -> None:
    send(world, token, DANCE, PDF)
    me = come(world, token)
    note(world, me, [QUOTIENT])
    world.wait(timedelta(seconds=5))
    before = enrolment(world)

    note(world, replace(come(world, token), enrolment=me.enrolment), [QUOTIENT])

    assert enrolment(world) == before


def test_two_guardians_at_once_one_is_told_of_the_other(world: World, token: Token) -> None:
    context = come(world, token)
    note(world, come(world, token), [QUOTIENT], "2")

    with pytest.raises(StepMoved) as refusal:
        note(world, context, [DANCE])

    assert refusal.value.saved == SavedBy("M. Côme Rossignol", IN_JUNE)
    assert [each.code for each in enrolment(world).provided] == ["quotient-familial"]


def test_of_guardians_that_race_one_wins_whole(world: World, token: Token) -> None:
    me = come(world, token)

    results = in_parallel(2, lambda place: note(world, me, [BOTH[place]]))

    assert set(results) == {None, StepMoved}
    assert len(enrolment(world).provided) == 1


def test_files_of_another_family_or_season_or_deleted_are_never_looked_at(world: World, token: Token) -> None:
    """The same site, document and pupil key, but another account: another folder."""
    twin = replace(ROSSIGNOL, identifier="xen2")
    world.settle(twin)
    mine = send(world, token, DANCE, PDF)
    note(world, come(world, token))
    world.services.documents.delete_under("documents/")
    own, other = (pseudonym(world.services, ref) for ref in (ROSSIGNOL, twin))
    for theirs in (mine.replace(own, other), mine.replace("/2027/", "/2026/")):
        assert mine != theirs
        world.services.documents.put(theirs, PDF, "application/pdf")

    assert standing(world, token)[DANCE].state == "lacking"


def test_a_form_has_a_key_of_its_own_for_each_document_in_the_family_s_folder(world: World, token: Token) -> None:
    forms = forms_now(world, come(world, token))

    folder = f"documents/2027/evry-xenakis/{pseudonym(world.services, ROSSIGNOL)}/"
    assert {slot: form.fields["key"].rpartition("/")[0] for slot, form in forms.items()} == {
        slot: folder + "/".join(slot) for slot in BOTH
    }
    assert "ossignol" not in str([form.fields for form in forms.values()])


@pytest.mark.parametrize(
    ("delay", "lifetime"),
    [(timedelta(days=3), FORM_LIFETIME), (timedelta(minutes=20), timedelta(minutes=20)), (timedelta(seconds=1),) * 2],
)
@pytest.mark.usefixtures("token")
def test_a_form_ends_with_the_period_if_not_before(world: World, delay: timedelta, lifetime: timedelta) -> None:
    world.now = LAST_SECOND + timedelta(seconds=1) - delay
    me = come(world, open_session(world, world.account()))

    for form in forms_now(world, me).values():
        until = datetime.fromisoformat(json.loads(base64.b64decode(form.fields["policy"]))["expiration"])
        moment = datetime.strptime(form.fields["x-amz-date"], "%Y%m%dT%H%M%S%z")
        assert abs(until - moment - lifetime) <= timedelta(seconds=1)  # the signer reads the clock twice


def test_after_the_period_nothing_new_is_accepted_and_what_was_is_shown(world: World, token: Token) -> None:
    key = send(world, token, DANCE, PDF)
    note(world, come(world, token))
    world.now = LAST_SECOND + timedelta(seconds=1)
    me = come(world, open_session(world, world.account()))

    assert forms_now(world, me) == {}
    with pytest.raises(PeriodClosed):
        note(world, me, [QUOTIENT])

    assert [each.object_key for each in enrolment(world).provided] == [fixed(key, PDF)]
    assert [each.state for each in document_statuses(world.services, me)] == ["lacking", "received"]


@faults_of("GET", "PUT", "UpdateItem")
def test_after_any_fault_the_same_form_ends_it(world: World, token: Token, call: str, when: When) -> None:
    key = send(world, token, DANCE, PDF)
    me = come(world, token)
    with world.aws.failing(call, when, times=1), pytest.raises(Unavailable):
        note(world, me, [QUOTIENT])

    note(world, me, [QUOTIENT])

    assert [each.object_key for each in enrolment(world).provided] == [fixed(key, PDF), ""]
