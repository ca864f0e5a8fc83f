"""Uploaded files: their unguessable keys, the accepted kinds, and the status of a document."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from chalicelib.domain.dossiers.documents import (
    FOYER,
    DocumentCheck,
    DocumentRule,
    ProvidedDocument,
    RequiredDocument,
    SavedBy,
)
from chalicelib.domain.dossiers.uploads import (
    LARGEST,
    MOST_FILES,
    MOST_FILES_OF_FAMILY,
    DocumentState,
    DocumentStatus,
    Fault,
    Kind,
    UploadedFile,
    document_statuses,
    family_folder,
    fault_of,
    files_of,
    key_of,
    kind_of,
    slot_of,
)
from chalicelib.domain.enrolment.enrolments import Enrolment
from tests.support.answers import NOW, REF, SAVED
from tests.support.browser_upload import JPEG, PDF, PNG, WORD

FOLDER = family_folder("2027", "evry-xenakis", "a1b2c3")
SLOT = ("certificat-danse", "d40a9b64")
ASKED = RequiredDocument(DocumentRule(SLOT[0], "Certificat médical"), SLOT[1], "Léo")
BEGUN = Enrolment(REF, NOW)


def uploaded_file(name: str = "new", size: int = 100, at: datetime = NOW) -> UploadedFile:
    return UploadedFile(f"{FOLDER}{SLOT[0]}/{SLOT[1]}/{name}", size, at)


def provided_document(key: str = "") -> ProvidedDocument:
    return ProvidedDocument(*SLOT, SavedBy("Mme Merle", NOW), key)


def test_a_key_says_what_it_is_of() -> None:
    key = key_of(FOLDER, SLOT, "0123")

    assert key == "documents/2027/evry-xenakis/a1b2c3/certificat-danse/d40a9b64/0123"
    assert slot_of(key) == SLOT
    assert slot_of(key_of(FOLDER, ("quotient-familial", FOYER), "0123")) == ("quotient-familial", FOYER)


def test_whoever_opens_the_page_often_has_one_key_until_a_file_has_come_and_ten_at_most() -> None:
    files: tuple[UploadedFile, ...] = ()
    for number in range(MOST_FILES):
        status = DocumentStatus(ASKED, files=files)
        key = status.next_key(FOLDER, lambda *words: words[-1])
        assert key == status.next_key(FOLDER, lambda *words: words[-1]) == f"{FOLDER}{'/'.join(SLOT)}/upload_{number}"
        assert key
        files += (UploadedFile(key, 1, NOW, str(number)),)

    (full,) = document_statuses([ASKED], BEGUN, files, lambda _: PDF)
    assert full.is_full
    assert full.next_key(FOLDER, lambda *words: words[-1]) is None


def test_a_family_has_so_many_files_whatever_they_are_of() -> None:
    files = tuple(
        UploadedFile(key_of(FOLDER, (f"other-{number // 9}", FOYER), str(number)), 1, NOW)
        for number in range(MOST_FILES_OF_FAMILY)
    )

    (status,) = document_statuses([ASKED], BEGUN, files, lambda _: PDF)
    assert status.is_full
    (status,) = document_statuses([ASKED], BEGUN, files[1:], lambda _: PDF)
    assert not status.is_full


def test_what_is_noted_is_replaced_so_many_times_and_no_more() -> None:
    files = tuple(replace(uploaded_file(), etag=f"{number:032x}").fixed_copy for number in range(MOST_FILES))
    newest = replace(uploaded_file("again"), at=NOW + timedelta(seconds=1), etag="f" * 32)

    (status,) = document_statuses(
        [ASKED], BEGUN.with_document(provided_document(files[-1].key)), (*files, newest), lambda _: PDF
    )

    assert (status.state, status.fault, status.keeps_noted) == ("unreadable", "too_many", True)


def test_what_is_noted_stands_under_the_name_of_its_content_and_is_the_newest_of_its_second() -> None:
    second = replace(uploaded_file(), etag="ab" * 16)

    assert second.fixed_copy.key == f"{FOLDER}{'/'.join(SLOT)}/noted_{'ab' * 16}"
    assert [file.is_fixed for file in (second, second.fixed_copy, replace(second.fixed_copy, etag="cd" * 16))] == [
        *(False, True, False)
    ]
    assert files_of((second.fixed_copy, second), SLOT)[-1] == second.fixed_copy


@pytest.mark.parametrize(
    ("content", "size", "fault"),
    [
        (b"", 0, "empty"),
        (PDF, 30_000_000, "too_large"),
        (b"\0\0\0\x24ftypheic", 1_000_000, "heic"),
        (b"\0\0\0\x1cftypmif1", 1_000_000, "heic"),
        (b"\0\0\0\x1cftyphevc", 30_000_000, "heic"),
        (b"\0\0\0\x20ftypisom", 1_000_000, "unknown"),
        (WORD, 100, "unknown"),
        (b"%", 1, "unknown"),
        (None, 100, "unknown"),
        (PDF, LARGEST, None),
    ],
)
def test_why_a_file_is_not_taken_is_told_truly(content: bytes | None, size: int, fault: Fault | None) -> None:
    assert fault_of(content, size) == fault


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, "pdf"),
        (JPEG, "jpeg"),
        (PNG, "png"),
        (WORD, None),
        (b"GIF89a", None),
        (b"%PD", None),
        (b"\n%PDF-1.7", None),
        (b"<html>%PDF-", None),
        (b"", None),
    ],
)
def test_a_kind_is_told_by_the_content(content: bytes, kind: Kind | None) -> None:
    assert kind_of(content, len(content)) == kind


@pytest.mark.parametrize(("size", "kind"), [(0, None), (1, "pdf"), (LARGEST, "pdf"), (LARGEST + 1, None)])
def test_what_is_empty_or_too_large_is_of_no_kind(size: int, kind: Kind | None) -> None:
    assert kind_of(PDF, size) == kind


def test_what_vanished_meanwhile_is_of_no_kind() -> None:
    assert kind_of(None, 100) is None


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (DocumentStatus(ASKED), "lacking"),
        (DocumentStatus(ASKED, provided_document()), "promised"),
        (DocumentStatus(ASKED, provided_document("gone")), "lacking"),
        (DocumentStatus(ASKED, None, uploaded_file(), "pdf"), "received"),
        (DocumentStatus(ASKED, provided_document(), uploaded_file(), "pdf"), "received"),
        (DocumentStatus(ASKED, None, uploaded_file()), "unreadable"),
        (DocumentStatus(ASKED, provided_document("old"), uploaded_file(), None, keeps_noted=True), "unreadable"),
    ],
)
def test_where_a_document_stands(status: DocumentStatus, state: DocumentState) -> None:
    assert status.state == state


def test_a_file_is_noted_with_its_key_and_its_content() -> None:
    file = replace(uploaded_file(), etag="ab" * 16).fixed_copy
    after = DocumentStatus(ASKED, None, file, "jpeg").record_in(BEGUN, [], SAVED)

    assert after.provided == (ProvidedDocument(*SLOT, SAVED, file.key),)
    assert [
        document.etag for document in (*after.provided, provided_document(uploaded_file().key), provided_document())
    ] == ["ab" * 16, "", ""]


def test_a_file_wins_over_a_promise() -> None:
    before = BEGUN.with_document(provided_document())

    after = DocumentStatus(ASKED, provided_document(), uploaded_file(), "png").record_in(before, [SLOT], SAVED)

    assert after.provided == (ProvidedDocument(*SLOT, SAVED, uploaded_file().key),)


def test_a_promise_is_noted_and_taken_back() -> None:
    enrolment = DocumentStatus(ASKED).record_in(BEGUN, [SLOT], SAVED)

    assert enrolment.provided == (ProvidedDocument(*SLOT, SAVED),)
    assert DocumentStatus(ASKED, provided_document()).record_in(enrolment, [], SAVED).provided == ()


def test_what_is_noted_already_stays_as_it_was_noted() -> None:
    for document, status in (
        (provided_document(), DocumentStatus(ASKED, provided_document())),
        (
            provided_document(uploaded_file().key),
            DocumentStatus(ASKED, provided_document(uploaded_file().key), uploaded_file(), "pdf"),
        ),
    ):
        before = BEGUN.with_document(document)
        assert status.record_in(before, [SLOT], SAVED) == before


def test_a_file_that_is_none_takes_nothing_away_from_the_one_before() -> None:
    before = BEGUN.with_document(provided_document("old"))

    after = DocumentStatus(ASKED, provided_document("old"), uploaded_file(), None, keeps_noted=True).record_in(
        before, [], SAVED
    )

    assert after == before


def test_a_file_that_is_no_more_is_noted_no_more() -> None:
    before = BEGUN.with_document(provided_document("gone"))

    assert DocumentStatus(ASKED, provided_document("gone")).record_in(before, [], SAVED).provided == ()


def test_the_others_stay(  # the same code of another pupil, another code of the same
) -> None:
    documents = tuple(
        replace(provided_document("other"), code=code, owner=owner) for code, owner in (("a", SLOT[1]), (SLOT[0], "b"))
    )
    before = replace(BEGUN, provided=documents)

    after = DocumentStatus(ASKED, None, uploaded_file(), "pdf").record_in(before, [], SAVED)

    assert set(documents) < set(after.provided)


REFUSED = DocumentCheck("refused", "Mme Lyre", NOW, "Illisible.")
AT_THE_DESK = DocumentCheck("received", "Mme Lyre", NOW)


@pytest.mark.parametrize(
    ("check", "key", "newest", "state", "is_lacking"),
    [
        (AT_THE_DESK, "", "", "received", False),
        (REFUSED, "", "", "refused", True),
        (REFUSED, "new", "new", "refused", True),
        (REFUSED, "new", "newer", "received", False),
    ],
    ids=["handed in", "a paper refused", "a file refused", "another file since"],
)
def test_a_checked_document_stays_until_another_comes(
    check: DocumentCheck, key: str, newest: str, state: DocumentState, is_lacking: bool
) -> None:
    document = replace(provided_document(key and uploaded_file(key).key), check=check)
    file = uploaded_file(newest) if newest else None
    status = DocumentStatus(ASKED, document, file, "pdf" if file else None)
    whole, later = BEGUN.with_document(document), SavedBy("Mme Merle", NOW + timedelta(hours=1))

    first, second = (status.record_in(whole, slots, later).document(*SLOT) for slots in ((), (SLOT,)))

    assert (status.state, status.lacks(())) == (state, is_lacking)
    assert first == (document if newest in {"", key} else ProvidedDocument(*SLOT, later, uploaded_file(newest).key))
    assert second == (ProvidedDocument(*SLOT, later) if is_lacking else first)
