"""Pages with personal data: a consultation is noted first, and without the note nothing is shown."""

from collections.abc import Callable
from typing import Final

import pytest

from chalicelib.office.staff.trace import trace
from chalicelib.web.office.staff_member import TRAILS
from tests.support.billing import ALL, bill
from tests.support.desk_acts import settle_application, settle_family_file, settle_reenrolment
from tests.support.staff import DESK, READER, enter
from tests.support.world import ROSSIGNOL, Visitor, World


def settle_bills(world: World, _visitor: Visitor) -> str:
    world.settle()
    bill(world, *ALL)
    return f"{DESK}/factures/{ROSSIGNOL.site}/{ROSSIGNOL.identifier}"


def settle_report(world: World, visitor: Visitor) -> str:
    settle_reenrolment(world, visitor)
    return f"{DESK}/saison/bilan"


PAGES: Final = [
    (settle_family_file, "", "family_read"),
    pytest.param(settle_application, "", "request_read", marks=pytest.mark.wing("admission")),
    pytest.param(settle_application, "/pieces", "documents_read", marks=pytest.mark.wing("admission")),
    (settle_reenrolment, "", "enrolment_read"),
    (settle_reenrolment, "/pieces", "documents_read"),
    pytest.param(settle_bills, "", "bills_read", marks=pytest.mark.wing("billing")),
    (settle_report, "", "report_read"),
]


@pytest.mark.parametrize(("settle", "below", "kind"), PAGES)
def test_who_reads_a_page_is_noted_and_without_the_note_nothing_is_shown(
    world: World, visitor: Visitor, settle: Callable[[World, Visitor], str], below: str, kind: str
) -> None:
    page = settle(world, visitor) + below
    enter(world, visitor, READER)

    for when in ("before", "after"):
        call = "BatchWriteItem" if kind == "documents_read" else "UpdateItem"
        with world.aws.failing(call, when, times=2):
            answer = visitor.get(page)
        assert answer.status_code == 503
        assert "Rossignol" not in answer.text
        assert "Geai" not in answer.text

    assert visitor.get(page).status_code == 200
    kinds = {getattr(act.note, "kind", "") for act in trace(world.services, READER, world.now, TRAILS)}
    assert kinds == {kind}
