"""The documents of a dossier of either kind: those required and others, and each file with its role and its link."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.account.audit import Author
from chalicelib.domain.dossiers.documents import Finding, ProvidedDocument, SavedBy, not_uploaded
from chalicelib.domain.refusals import Unavailable
from chalicelib.office.dossiers.documents import (
    CheckInput,
    DossierDocuments,
    FileLine,
    ListedDocument,
    file_lines,
    linked_files,
    origins_of,
)
from chalicelib.office.enrolment.reenrolments import family_of
from chalicelib.office.enrolment.show import documents_of
from chalicelib.presentation.office.enrolment_lines import document_text
from chalicelib.presentation.office.handed_in_files import file_text
from tests.support.browser_upload import JPEG, PDF, PNG, WORD, signed_forms, upload
from tests.support.documents import DANCE, PASSPORT, QUOTIENT, keep_content, open_season, put
from tests.support.dossiers import Dossier, audits, refusal
from tests.support.dossiers import put as put_in
from tests.support.enrolled_families import BY, NUMBERS, keep, key_of, send_pupils
from tests.support.enrolment import IN_JUNE, LEO, REF, enrolment
from tests.support.enrolment_pages import version_of_page
from tests.support.world import ROSSIGNOL, Visitor, World

AUTHOR = Author("Mme Lyre", "dossier")
PIECES = "/extranet/compte/reinscription/pieces"
SUMMARY = "/extranet/compte/reinscription/recapitulatif"
LATER = IN_JUNE + timedelta(days=900)  # a test's bucket has the machine's clock


def test_each_required_document_stands_as_the_bucket_has_it_and_the_others_come_apart(dossier: Dossier) -> None:
    lacking = {status.document.slot: status.state for status in dossier.documents(AUTHOR).statuses}
    key, second = put_in(dossier, dossier.due_slot, JPEG), put_in(dossier, dossier.extra_slot, PDF)

    documents = dossier.documents(AUTHOR)

    states = {
        status.document.slot: (status.state, status.newest and status.newest.key) for status in documents.statuses
    }
    assert (lacking[dossier.due_slot], states[dossier.due_slot]) == ("lacking", ("received", key))
    assert dossier.extra_slot not in states
    assert [file.key for file in documents.extras] == [second]


def test_a_file_of_no_accepted_kind_is_unreadable_and_has_no_link(dossier: Dossier) -> None:
    put_in(dossier, dossier.due_slot, WORD)

    documents = dossier.documents(AUTHOR)

    states = {status.document.slot: status.state for status in documents.statuses}
    assert states[dossier.due_slot] == "unreadable"
    assert {file.link for file in linked_files(dossier.world.services, documents)} == {""}


def test_images_and_pdfs_have_links_that_name_no_person(dossier: Dossier) -> None:
    put_in(dossier, dossier.extra_slot, PDF)
    assert origins_of(linked_files(dossier.world.services, dossier.documents(AUTHOR))) == ()
    put_in(dossier, dossier.due_slot, JPEG)

    files = linked_files(dossier.world.services, dossier.documents(AUTHOR))

    kinds = {file.kind: file for file in files if file.kind}
    assert (kinds["jpeg"].is_image, kinds["pdf"].is_image) == (True, False)
    (origin,) = origins_of(files)
    assert kinds["jpeg"].link.startswith(f"{origin}/")
    assert not [name for name in ("leo", "alba") for file in files if name in file.link.casefold()]


def test_the_consultation_is_audited_first(dossier: Dossier) -> None:
    with dossier.world.aws.failing("GET", "before"), pytest.raises(Unavailable):
        dossier.documents(AUTHOR)

    assert audits(dossier) == [("documents_read", AUTHOR.who, AUTHOR.why)]


@pytest.mark.parametrize("author", [Author(" ", "dossier"), Author("Mme Lyre", " ")])
def test_documents_are_read_by_an_author_for_a_reason(dossier: Dossier, author: Author) -> None:
    assert refusal(lambda: dossier.documents(author)).code == "author_missing"


# The files of a re-enrolment, one by one.


@pytest.fixture
def season(world: World) -> World:
    open_season(world)
    return world


def documents(world: World) -> DossierDocuments:
    return documents_of(world.services, family_of(world.services, REF), AUTHOR, world.now)


def test_a_promise_is_seen(season: World) -> None:
    keep(season, enrolment(season).with_document(ProvidedDocument(*QUOTIENT, SavedBy(BY, IN_JUNE))))

    assert {status.document.slot: status.state for status in documents(season).statuses}[QUOTIENT] == "promised"


def test_of_a_document_no_longer_required_the_newest_file_is_found(season: World) -> None:
    older, newer = put(season, PASSPORT, PDF), put(season, PASSPORT, PDF)
    season.aws.date_back(season.resources, older)

    assert [file.key for file in documents(season).extras] == [newer]


def test_no_document_of_another_family_or_season_is_found(season: World) -> None:
    put(season, DANCE, PDF, replace(ROSSIGNOL, identifier="xen2"))
    put(season, DANCE, PDF, season="2026")

    assert {status.state for status in documents(season).statuses} == {"lacking"}
    assert documents(season).extras == ()


def lines(world: World) -> list[FileLine]:
    return list(file_lines(documents(world)))


def said(world: World, title: str = "danse") -> dict[str, bool]:
    """Read each line about a document, and whether its file may be opened."""
    files = linked_files(world.services, documents(world))
    return {file_text(file.line, file.kind): bool(file.link) for file in files if title in file.line.title.casefold()}


def note(world: World, key: str) -> None:
    keep(world, enrolment(world).with_document(ProvidedDocument(*DANCE, SavedBy(BY, IN_JUNE), key)))


@pytest.mark.usefixtures("season")
def test_what_was_saved_since_comes_before_what_was_sent_and_what_is_asked_no_more_last(world: World) -> None:
    key = put(world, DANCE, PDF)
    before = enrolment(world).with_document(ProvidedDocument(*DANCE, SavedBy(BY, LATER), key))
    enrolment_sent = keep(world, send_pupils(before, NUMBERS[1], key_of(LEO)))
    newer = keep_content(world, put(world, DANCE, JPEG))
    keep(world, enrolment_sent.with_document(ProvidedDocument(*DANCE, SavedBy(BY, LATER), newer)))
    passport = put(world, PASSPORT, PDF)

    roles = [(line.role, line.code, line.file.key if line.file else "") for line in lines(world)]

    assert [line for line in roles if line[1] == DANCE[0]] == [("noted", DANCE[0], newer), ("sent", DANCE[0], key)]
    assert ("newest", QUOTIENT[0], "") in roles
    assert roles[-1] == ("unasked", PASSPORT[0], passport)


@pytest.mark.usefixtures("season")
def test_a_file_that_is_gone_is_told_with_who_saved_it(world: World) -> None:
    update = enrolment(world).with_document(ProvidedDocument(*DANCE, SavedBy(BY, IN_JUNE), "documents/2027/x/y/z"))
    keep(world, update)

    line = next(line for line in lines(world) if line.code == DANCE[0])

    assert line.file is None
    assert file_text(line, None) == (
        f"manque : enregistrée le 2 juin 2027 à 20 h 00 par {BY}, le fichier n'est plus là"
    )


@pytest.mark.usefixtures("season")
def test_a_file_that_the_family_has_not_saved_may_be_looked_at_and_is_said_so(world: World) -> None:
    put(world, DANCE, PNG)

    _, (text, is_linked) = said(world).items()

    assert text.endswith(", 1 Ko, image PNG ; pas encore enregistrée par la famille")
    assert is_linked


@pytest.mark.usefixtures("season")
def test_where_the_newest_is_no_document_the_one_before_stays(world: World) -> None:
    key = put(world, DANCE, PDF)
    note(world, key)
    world.aws.date_back(world.resources, key, IN_JUNE)
    world.aws.date_back(world.resources, put(world, DANCE, WORD), IN_JUNE + timedelta(minutes=1))

    first, _, newest = said(world).items()

    assert (", PDF" in first[0], first[1]) == (True, True)
    assert (newest[0].endswith("ni PDF ni photo ; celui d'avant est gardé"), newest[1]) == (True, False)


@pytest.mark.usefixtures("season")
def test_what_was_sent_stays_whatever_comes_by_the_same_form_since(world: World, visitor: Visitor) -> None:
    world.wait(timedelta(minutes=1))
    visitor.log_in()
    form = next(form for form in signed_forms(visitor.get(PIECES).text) if form.slot == DANCE)
    upload(form, PDF)
    fields = {"papier-quotient-familial-foyer": "oui", "par": "1"}
    assert visitor.post(PIECES, {"vu": version_of_page(visitor, PIECES), **fields}).status_code == 303
    message = {f"envoyer-{DANCE[1]}": "oui", "vu": version_of_page(visitor, SUMMARY), "par": "1"}
    assert visitor.post(SUMMARY, message).status_code == 303
    world.aws.date_back(world.resources, next(iter(world.aws.documents(world.resources))))

    upload(form, JPEG)

    paper, newest = (line for line in lines(world) if line.code == DANCE[0])
    assert paper.file
    assert newest.file
    assert world.services.documents.read(paper.file.key, paper.etag) == PDF
    assert world.services.documents.read(newest.file.key) == JPEG
    first, second = said(world)
    assert first.endswith(f", PDF ; envoyée avec le reçu {enrolment(world).receipts[-1].number}")
    assert second.endswith(", photo JPEG ; pas encore enregistrée par la famille")


@pytest.mark.parametrize("is_old", [False, True], ids=["by its content", "of old notes by its day"])
@pytest.mark.usefixtures("season")
def test_a_file_that_took_the_place_of_what_was_saved_is_not_shown_for_it(world: World, *, is_old: bool) -> None:
    key = put(world, DANCE, PDF)
    key = key if is_old else keep_content(world, key)
    note(world, key)
    world.services.documents.put(key, JPEG, "binary/octet-stream")
    world.aws.date_back(world.resources, key, IN_JUNE + timedelta(minutes=9))

    (text, is_linked), _ = said(world).items()

    assert "remplacée depuis, ce n'est plus le même fichier" in text
    assert not is_linked


@pytest.mark.usefixtures("season")
def test_a_sent_file_that_is_gone_is_said_so_beside_its_promise(world: World) -> None:
    keep(world, enrolment(world).with_document(ProvidedDocument(*DANCE, SavedBy(BY, IN_JUNE))))

    receipt = "celle du reçu R27-K4TN-8WCB, du 2 juin 2027 à 20 h 00"
    assert said(world) == {
        f"{receipt} : ce fichier n'est plus là, ou n'est plus le même": False,
        "promise sur papier": False,
    }


def listed(dossier: Dossier) -> ListedDocument:
    return next(one for one in dossier.documents(AUTHOR).dossier.entries if one.slot == dossier.due_slot)


def check(dossier: Dossier, finding: Finding, words: str = "", version: str | None = None) -> bool:
    page_version = listed(dossier).version if version is None else version
    return dossier.check(CheckInput(dossier.due_slot, page_version, finding, Author("Mme Lyre", words)))


def due(dossier: Dossier) -> list[str]:
    view = dossier.documents(AUTHOR).dossier
    titles = [one.label for one in not_uploaded(view.documents, view.whole)]
    return [title for title in titles if title.startswith(listed(dossier).title)]


def test_a_paper_handed_in_is_provided_by_whom_it_was_given_to(dossier: Dossier) -> None:
    assert due(dossier)

    assert [check(dossier, "received"), check(dossier, "received")] == [True, False]

    assert not due(dossier)
    assert "remise au guichet le" in document_text(listed(dossier))
    assert "par Mme Lyre" in document_text(listed(dossier))
    states = {status.document.slot: status.state for status in dossier.documents(AUTHOR).statuses}
    assert states[dossier.due_slot] == "received"
    assert [kind for kind, _, _ in audits(dossier) if kind != "documents_read"] == ["document_received"]


def test_one_document_is_accepted_or_refused_apart_from_the_decision(dossier: Dossier) -> None:
    before = {name: dossier.state(name) for name in dossier.names}
    check(dossier, "received")

    check(dossier, "accepted")
    assert not due(dossier)
    assert refusal(lambda: check(dossier, "refused")).code == "document_words"
    check(dossier, "refused", "Il est de l'an dernier.")

    assert due(dossier)
    assert "refusée le" in document_text(listed(dossier))
    assert document_text(listed(dossier)).endswith("Il est de l'an dernier.")
    states = {status.document.slot: status.state for status in dossier.documents(AUTHOR).statuses}
    assert states[dossier.due_slot] == "refused"
    assert {name: dossier.state(name) for name in dossier.names} == before


def test_of_two_members_the_second_reads_the_document_again(dossier: Dossier, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = listed(dossier).version
    dossier.meanwhile(monkeypatch, lambda: check(dossier, "received", version=seen))

    assert refusal(lambda: check(dossier, "accepted", version=seen)).code == "document_moved"
    assert "remise au guichet" in document_text(listed(dossier))


@pytest.mark.parametrize("call", ["BatchWriteItem", "UpdateItem"])
def test_after_a_fault_the_same_check_ends_it(dossier: Dossier, call: str) -> None:
    version = listed(dossier).version

    for when in ("before", "after"):
        with dossier.world.aws.failing(call, when), suppress(Unavailable):
            check(dossier, "received", version=version)
    check(dossier, "received", version=version)

    assert not due(dossier)


def test_a_document_that_is_not_asked_for_is_not_checked(dossier: Dossier) -> None:
    extra = CheckInput(dossier.extra_slot, "", "received", AUTHOR)

    assert refusal(lambda: dossier.check(extra)).code == "document_moved"
