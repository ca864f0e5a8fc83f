"""A family's files: the recorded one, the one sent with a receipt, the newer one, those no longer required."""

from datetime import timedelta

import pytest

from chalicelib.domain.account.audit import Author
from chalicelib.domain.dossiers.documents import ProvidedDocument, SavedBy
from chalicelib.office.enrolment.documents import FamilyDocuments, documents_of, linked_files
from chalicelib.office.enrolment.files import FileLine, file_lines
from chalicelib.office.enrolment.show import family_of
from chalicelib.presentation.office.handed_in_files import file_text
from tests.support.browser_upload import JPEG, PDF, PNG, WORD, signed_forms, upload
from tests.support.documents import DANCE, PASSPORT, QUOTIENT, keep_content, open_season, put
from tests.support.enrolled_families import BY, NUMBERS, keep, key_of, send_pupils
from tests.support.enrolment import IN_JUNE, LEO, REF, enrolment
from tests.support.enrolment_pages import version_of_page
from tests.support.world import Visitor, World

PIECES = "/extranet/compte/reinscription/pieces"
SUMMARY = "/extranet/compte/reinscription/recapitulatif"
LATER = IN_JUNE + timedelta(days=900)  # a test's bucket has the machine's clock


@pytest.fixture(autouse=True)
def season(world: World) -> None:
    open_season(world)


def documents(world: World) -> FamilyDocuments:
    author = Author("Mme Houx", "réinscription")
    return documents_of(world.services, family_of(world.services, REF), author, world.now)


def lines(world: World) -> list[FileLine]:
    return list(file_lines(documents(world)))


def said(world: World, title: str = "danse") -> dict[str, bool]:
    """Read each line about a document, and whether its file may be opened."""
    files = linked_files(world.services, documents(world))
    return {file_text(file.line, file.kind): bool(file.link) for file in files if title in file.line.title.casefold()}


def note(world: World, key: str) -> None:
    keep(world, enrolment(world).with_document(ProvidedDocument(*DANCE, SavedBy(BY, IN_JUNE), key)))


def test_what_was_saved_since_comes_before_what_was_sent_and_what_is_asked_no_more_last(world: World) -> None:
    key = put(world, DANCE, PDF)
    before = enrolment(world).with_document(ProvidedDocument(*DANCE, SavedBy(BY, LATER), key))
    sent = keep(world, send_pupils(before, NUMBERS[1], key_of(LEO)))
    newer = keep_content(world, put(world, DANCE, JPEG))
    keep(world, sent.with_document(ProvidedDocument(*DANCE, SavedBy(BY, LATER), newer)))
    passport = put(world, PASSPORT, PDF)

    roles = [(line.role, line.code, line.file.key if line.file else "") for line in lines(world)]

    assert [line for line in roles if line[1] == DANCE[0]] == [("noted", DANCE[0], newer), ("sent", DANCE[0], key)]
    assert ("newest", QUOTIENT[0], "") in roles
    assert roles[-1] == ("unasked", PASSPORT[0], passport)


def test_a_file_that_is_gone_is_told_with_who_saved_it(world: World) -> None:
    updated = enrolment(world).with_document(ProvidedDocument(*DANCE, SavedBy(BY, IN_JUNE), "documents/2027/x/y/z"))
    keep(world, updated)

    line = next(line for line in lines(world) if line.code == DANCE[0])

    assert line.file is None
    assert file_text(line, None) == (
        f"manque : enregistrée le 2 juin 2027 à 20 h 00 par {BY}, le fichier n'est plus là"
    )


def test_a_file_that_the_family_has_not_saved_may_be_looked_at_and_is_said_so(world: World) -> None:
    put(world, DANCE, PNG)

    _, (text, is_linked) = said(world).items()

    assert text.endswith(", 1 Ko, image PNG ; pas encore enregistrée par la famille")
    assert is_linked


def test_where_the_newest_is_no_document_the_one_before_stays(world: World) -> None:
    key = put(world, DANCE, PDF)
    note(world, key)
    world.aws.date_back(world.resources, key)
    put(world, DANCE, WORD)

    noted, _, newest = said(world).items()

    assert (", PDF" in noted[0], noted[1]) == (True, True)
    assert (newest[0].endswith("ni PDF ni photo ; celui d'avant est gardé"), newest[1]) == (True, False)


def test_what_was_sent_stays_whatever_comes_by_the_same_form_since(world: World, visitor: Visitor) -> None:
    world.wait(timedelta(minutes=1))
    visitor.log_in()
    form = next(form for form in signed_forms(visitor.get(PIECES).text) if form.slot == DANCE)
    upload(form, PDF)
    promised = {"papier-quotient-familial-foyer": "oui", "par": "1"}
    assert visitor.post(PIECES, {"vu": version_of_page(visitor, PIECES), **promised}).status_code == 303
    sent = {f"envoyer-{DANCE[1]}": "oui", "vu": version_of_page(visitor, SUMMARY), "par": "1"}
    assert visitor.post(SUMMARY, sent).status_code == 303
    world.aws.date_back(world.resources, next(iter(world.aws.documents(world.resources))))

    upload(form, JPEG)

    noted, newest = (line for line in lines(world) if line.code == DANCE[0])
    assert noted.file
    assert newest.file
    assert world.services.documents.read(noted.file.key, noted.etag) == PDF
    assert world.services.documents.read(newest.file.key) == JPEG
    first, second = said(world)
    assert first.endswith(f", PDF ; envoyée avec le reçu {enrolment(world).receipts[-1].number}")
    assert second.endswith(", photo JPEG ; pas encore enregistrée par la famille")


@pytest.mark.parametrize("is_old", [False, True], ids=["by its content", "of old notes by its day"])
def test_a_file_that_took_the_place_of_what_was_saved_is_not_shown_for_it(world: World, *, is_old: bool) -> None:
    key = put(world, DANCE, PDF)
    key = key if is_old else keep_content(world, key)
    note(world, key)
    world.services.documents.put(key, JPEG, "binary/octet-stream")
    world.aws.date_back(world.resources, key, IN_JUNE + timedelta(minutes=9))

    (text, is_linked), _ = said(world).items()

    assert "remplacée depuis, ce n'est plus le même fichier" in text
    assert not is_linked


def test_a_sent_file_that_is_gone_is_said_so_beside_its_promise(world: World) -> None:
    keep(world, enrolment(world).with_document(ProvidedDocument(*DANCE, SavedBy(BY, IN_JUNE))))

    sent = "celle du reçu R27-K4TN-8WCB, du 2 juin 2027 à 20 h 00"
    assert said(world) == {
        f"{sent} : ce fichier n'est plus là, ou n'est plus le même": False,
        "promise sur papier": False,
    }
