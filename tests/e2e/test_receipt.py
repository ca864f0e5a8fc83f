"""A receipt as deployed: its PDF and its calendar pass the gateway unchanged, for any Accept header."""

from collections.abc import Iterator
from io import BytesIO

import pytest
from pypdf import PdfReader

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.dossiers.documents import SavedBy
from chalicelib.domain.enrolment.enrolments import PupilFile
from chalicelib.domain.enrolment.periods import PARIS, EnrolmentRef
from chalicelib.domain.enrolment.submissions import submit
from tests.support.answers import CHANGES
from tests.support.open_week import open_week
from tests.support.stack_visitor import Visitor
from tools.stack.deployed import Stack

pytestmark = pytest.mark.e2e

PAGE = "/extranet/compte/reinscription/recus/R27-K4TN-8WCB"


@pytest.fixture
def inside(stack: Stack, visitor: Visitor) -> Iterator[Visitor]:
    services = stack.services
    now = services.clock()
    season = str(now.astimezone(PARIS).year)
    empty = services.enrolments.find(EnrolmentRef(AccountRef("evry-magnard", "mag2002"), season))
    file = PupilFile("a1", "Zélie Rossignol", CHANGES)
    enrolment = empty.with_pupil(file, now)
    services.enrolments.change(empty, submit(enrolment, (file,), "R27-K4TN-8WCB", SavedBy("Mme Nguyễn", now)))
    with open_week(stack, services.periods):
        visitor.log_in("evry-magnard", "MAG2002", "Hautbois12Vert")
        yield visitor


def test_a_receipt_is_taken_home_as_a_pdf_and_as_a_calendar(inside: Visitor) -> None:
    for types in ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "*/*", "application/pdf"):
        answer = inside.get(f"{PAGE}/pdf", Accept=types)
        assert (answer.status, answer.headers["Content-Type"]) == (200, "application/pdf")
        assert answer.headers["Content-Disposition"] == 'attachment; filename="recu-R27-K4TN-8WCB.pdf"'
        (page,) = PdfReader(BytesIO(answer.text.encode("ascii"))).pages
        assert "Mme Nguyễn" in page.extract_text()

    calendar = inside.get(f"{PAGE}/agenda")

    assert calendar.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "SUMMARY:Dernier jour pour changer ou compléter" in calendar.text
