"""The office's notes on a file: each kept with its author, read by staff, given and erased with the family's data."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.account.audit import Author
from chalicelib.domain.refusals import Unavailable
from chalicelib.office.helpdesk.access import HelpdeskCase
from chalicelib.office.helpdesk.notes import MOST_NOTES, add_note
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.office.rights.subject_access import personal_data
from tests.support.aws import faults_of
from tests.support.desk_family import FILE, acts, settle
from tests.support.staff import enter
from tests.support.world import Visitor, World

BY = "Basile Troglodyte <troglodyte@example.org>"


def note(world: World, text: str = "Le père vient le mercredi.", author: str = BY) -> bool:
    case = HelpdeskCase("xen1", "evry-xenakis", Author(author, text))
    return add_note(world.services, case, "noted", world.now)


def test_notes_of_several_members_stand_in_the_timeline_and_the_family_s_data(world: World, visitor: Visitor) -> None:
    account = settle(world)

    with ThreadPoolExecutor() as at_once:
        results = at_once.map(lambda who: note(world, f"Vue par {who}.", who), ("Mme Houx", "M. Orme"))

    assert list(results) == [True, True]
    enter(world, visitor)
    page = visitor.get(f"{FILE}?fil=notes").text
    assert "« Vue par Mme Houx. »" in page
    assert "par M. Orme" in page
    entries = personal_data(world.services, account, world.now).acts
    assert sorted(entry.author.why for entry in entries) == ["Vue par M. Orme.", "Vue par Mme Houx."]


def test_a_note_sent_twice_is_one_and_may_be_written_again_later(world: World) -> None:
    settle(world)

    assert [note(world), note(world)] == [True, False]
    world.wait(timedelta(minutes=11))
    assert note(world)


def test_a_file_has_at_most_fifty_notes(world: World) -> None:
    settle(world)
    for number in range(MOST_NOTES):
        note(world, f"Note {number}")

    with pytest.raises(OfficeRefusal, match="notes_full"):
        note(world, "Une de trop")


@faults_of("BatchGetItem", "Query", "BatchWriteItem")
def test_after_a_fault_the_same_form_leaves_one_note(world: World, call: str, when: Any) -> None:
    settle(world)

    with world.aws.failing(call, when), pytest.raises(Unavailable):
        note(world)
    note(world)

    assert acts(world) == [("noted", BY)]
