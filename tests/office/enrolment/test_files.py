"""Each file of a family: the one noted, the one sent with a receipt, the one that came since, what is asked no more."""

from datetime import timedelta

import pytest

from chalicelib.domain.account.audit import Author
from chalicelib.domain.enrolment.enrolments import ProvidedDocument, SavedBy
from chalicelib.office.enrolment.documents import family_documents
from chalicelib.office.enrolment.files import FileLine, file_lines
from chalicelib.office.enrolment.show import FamilyQuery
from tests.support.enrolled import BY, NUMBERS, keep, key_of, send_pupils
from tests.support.enrolling import IN_JUNE, LEO, enrolment
from tests.support.handed_in import DANCE, PASSPORT, QUOTIENT, keep_content, open_season, put
from tests.support.uploading import JPEG, PDF
from tests.support.world import World

LATER = IN_JUNE + timedelta(days=900)  # the bucket of a test lives by the machine's clock


@pytest.fixture(autouse=True)
def season(world: World) -> None:
    open_season(world)


def lines(world: World) -> list[FileLine]:
    author = Author("Mme Houx", "réinscription")
    return list(file_lines(family_documents(world.services, FamilyQuery("xen 1"), author, world.now)))


def test_what_was_saved_since_comes_before_what_was_sent_and_what_is_asked_no_more_last(world: World) -> None:
    key = put(world, DANCE, PDF)
    before = enrolment(world).with_document(ProvidedDocument(*DANCE, SavedBy(BY, LATER), key))
    sent = keep(world, send_pupils(before, NUMBERS[1], key_of(LEO)))
    newer = keep_content(world, put(world, DANCE, JPEG))
    keep(world, sent.with_document(ProvidedDocument(*DANCE, SavedBy(BY, LATER), newer)))
    passport = put(world, PASSPORT, PDF)

    found = [(line.role, line.code, line.file.key if line.file else "") for line in lines(world)]

    assert [line for line in found if line[1] == DANCE[0]] == [("noted", DANCE[0], newer), ("sent", DANCE[0], key)]
    assert ("newest", QUOTIENT[0], "") in found
    assert found[-1] == ("unasked", PASSPORT[0], passport)


def test_a_file_that_is_gone_is_told_with_who_saved_it(world: World) -> None:
    kept = enrolment(world).with_document(ProvidedDocument(*DANCE, SavedBy(BY, IN_JUNE), "documents/2027/x/y/z"))
    keep(world, kept)

    line = next(line for line in lines(world) if line.code == DANCE[0])

    assert line.file is None
    assert line.text(None, is_there=False) == (
        f"manque : enregistrée le 2 juin 2027 à 20 h 00 par {BY}, le fichier n'est plus là"
    )
    assert line.state(is_there=False) == "replaced"
