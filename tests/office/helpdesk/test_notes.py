"""The office's notes on a file: each kept with its author, read by staff, given and erased with the family's data."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.account.audit import AuditEntry, Author
from chalicelib.domain.refusals import Unavailable
from chalicelib.domain.staff.members import Member
from chalicelib.office.helpdesk.notes import MOST_NOTES, add_note, remove_note
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.office.rights.subject_access import personal_data
from tests.support.aws import faults_of
from tests.support.desk_acts import COLLEAGUE
from tests.support.desk_family import FILE, acts, settle
from tests.support.staff import enter, member
from tests.support.world import ROSSIGNOL, Visitor, World

BY = "Basile Troglodyte <troglodyte@example.org>"


def note(world: World, text: str = "Le père vient le mercredi.", author: str = BY) -> bool:
    return add_note(world.services, ROSSIGNOL, "noted", Author(author, text), world.now)


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


@faults_of("Query", "BatchWriteItem")
def test_after_a_fault_the_same_form_leaves_one_note(world: World, call: str, when: Any) -> None:
    settle(world)

    with world.aws.failing(call, when), pytest.raises(Unavailable):
        note(world)
    note(world)

    assert acts(world) == [("noted", BY)]


def test_a_note_is_deleted_by_its_author_within_a_day_and_leaves_a_trace(world: World) -> None:
    settle(world)
    by, colleague = member(world), member(world, COLLEAGUE, "secretary")
    note(world, "Erreur de dossier.", by.known_as)
    note(world, "Autre note.", by.known_as)

    def entries() -> dict[str, AuditEntry]:
        pseudonym = world.services.record.pseudonyms.of(ROSSIGNOL.site, ROSSIGNOL.identifier)
        return {entry.author.why: entry for entry in world.services.audit_trail.on(ROSSIGNOL.site, pseudonym)}

    wrong, second = entries()["Erreur de dossier."].name, entries()["Autre note."].name

    def delete(name: str, person: Member = by) -> str:
        try:
            return str(remove_note(world.services, ROSSIGNOL, name, person, world.now))
        except OfficeRefusal as refusal:
            return refusal.code

    assert delete(wrong, colleague) == "False"
    world.wait(timedelta(hours=23))
    assert [delete(wrong), delete(wrong), delete("elsewhere")] == ["True", "False", "False"]
    world.wait(timedelta(hours=1))
    assert delete(second) == "note_old"
    trace = entries()["le 2 septembre 2026 à 8 h 00"]
    assert (trace.kind, trace.author.who, trace.at) == ("note_removed", by.known_as, world.now - timedelta(days=1))
    assert "Erreur de dossier." not in world.aws.everything(world.resources)
