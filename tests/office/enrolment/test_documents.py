"""A family's documents: the required ones, those no longer required, and the audit of their consultation."""

from dataclasses import replace

import pytest

from chalicelib.domain.account.audit import Author
from chalicelib.domain.dossiers.documents import ProvidedDocument, SavedBy
from chalicelib.domain.refusals import Unavailable
from chalicelib.office.account import pseudonym
from chalicelib.office.enrolment.documents import FamilyDocuments, documents_of
from chalicelib.office.enrolment.show import family_of
from chalicelib.office.refusals import OfficeRefusal
from tests.support.browser_upload import JPEG, PDF, WORD
from tests.support.documents import DANCE, PASSPORT, QUOTIENT, open_season, put
from tests.support.enrolled_families import BY
from tests.support.enrolment import IN_JUNE, REF, enrolment
from tests.support.world import ROSSIGNOL, World

AUTHOR = Author("Mme Houx", "réinscription")


@pytest.fixture(autouse=True)
def season(world: World) -> None:
    open_season(world)


def look(world: World, author: Author = AUTHOR) -> FamilyDocuments:
    return documents_of(world.services, family_of(world.services, REF), author, world.now)


def test_each_document_asked_for_stands_as_the_bucket_has_it(world: World) -> None:
    key = put(world, DANCE, JPEG)

    family_documents = look(world)

    states = {
        status.document.slot: (status.state, status.newest.key if status.newest else "")
        for status in family_documents.statuses
    }
    assert states == {DANCE: ("received", key), QUOTIENT: ("lacking", "")}
    assert family_documents.others == ()


def test_a_promise_and_a_file_that_is_none_are_told(world: World) -> None:
    before = enrolment(world)
    promised = before.with_document(ProvidedDocument(*QUOTIENT, SavedBy(BY, IN_JUNE)))
    world.services.enrolments.change(before, promised)
    put(world, DANCE, WORD)

    assert {status.document.slot: status.state for status in look(world).statuses} == {
        DANCE: "unreadable",
        QUOTIENT: "promised",
    }


def test_what_is_asked_for_no_more_is_found_too_the_newest_of_each(world: World) -> None:
    older, newer = put(world, PASSPORT, PDF), put(world, PASSPORT, PDF)
    world.aws.date_back(world.resources, older)

    assert [file.key for file in look(world).others] == [newer]


def test_nothing_of_another_family_or_season_is_looked_at(world: World) -> None:
    put(world, DANCE, PDF, replace(ROSSIGNOL, identifier="xen2"))
    put(world, DANCE, PDF, season="2026")

    family_documents = look(world)

    assert {status.state for status in family_documents.statuses} == {"lacking"}
    assert family_documents.others == ()


def test_that_they_were_looked_at_is_noted_first(world: World) -> None:
    with world.aws.failing("GET", "before"), pytest.raises(Unavailable):
        look(world)

    (act,) = world.services.audit_trail.on(ROSSIGNOL.site, pseudonym(world.services, ROSSIGNOL))
    assert (act.kind, act.author) == ("documents_read", AUTHOR)


def test_who_looks_must_say_so(world: World) -> None:
    with pytest.raises(OfficeRefusal, match="author_missing"):
        look(world, Author(" ", "réinscription"))
