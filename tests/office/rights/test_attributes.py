"""Each attribute of a family's data is declared: its label in an export, and the part of an erasure that deletes it."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, get_args, get_origin, get_type_hints

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.enrolment.answers import CourseWish, HouseholdAnswers, PupilAnswers
from chalicelib.domain.enrolment.periods import EnrolmentRef
from chalicelib.domain.family.corrections import Actor, Confirmation, Correction
from chalicelib.office.declarations import Erased
from chalicelib.office.parts import RightsPart
from chalicelib.office.rights.attributes import ATTRIBUTES
from chalicelib.office.rights.erasure import family_deletions, login_deletions
from chalicelib.office.rights.subject_access import PersonalData, later_in, personal_data
from chalicelib.settings.wings import parts
from chalicelib.wings import ALL_WINGS
from chalicelib.wings.admission.office.rights import ApplicationData
from tests.support.households import settle_whole
from tests.support.items import LATER, items_of, put, versions, with_later
from tests.support.world import ROSSIGNOL, World

# Not in the text by a phrase: for programs, or written with the whole that they are of (`agency/rights/given_text.py`).
UNSAID = {
    *("Account.display_identifier", "Account.family", "Session.family", "PupilFile.key", "Receipt.place"),
    *("UnexcusedLesson.discipline", "AssessmentRef.period", "AssessmentRef.course", "Candidate.key"),
    *("Candidate.last_name", "Sent.first_persons"),
}
WRITTEN_WHOLE = {Correction, Actor, Confirmation, HouseholdAnswers, PupilAnswers, CourseWish}
NOT_GIVEN = {"withheld", "unnamed", "counted", "noted", "names"}


def values_in(hint: Any) -> Iterator[type]:
    """List the classes of values in the type of an attribute."""
    kind = get_origin(hint) or hint
    if isinstance(kind, type) and is_dataclass(kind):
        yield kind
    for part in get_args(hint):
        yield from values_in(part)


def held(kind: type, items: set[type]) -> set[type]:
    """Add the class of a value, and those of all values that are given with it."""
    if kind not in items:
        items.add(kind)
        for name, hint in get_type_hints(kind).items():
            attribute = ATTRIBUTES.get(kind, {}).get(name)
            for part in values_in(hint) if attribute and attribute.way not in NOT_GIVEN else ():
                held(part, items)
    return items


def test_every_attribute_of_every_value_is_declared_once() -> None:
    kinds = held(PersonalData, set()) | held(ApplicationData, set())
    kinds |= {kind for part in parts(RightsPart, ALL_WINGS) for kind in held(part.store.codec.kind, set())}
    there = {kind: {own.name for own in fields(kind)} - {"item"} for kind in ATTRIBUTES}

    assert kinds == ATTRIBUTES.keys()
    assert {kind.__name__: names - ATTRIBUTES[kind].keys() for kind, names in there.items()} == {
        kind.__name__: set() for kind in ATTRIBUTES
    }
    assert [
        name for kind in ATTRIBUTES for name in ATTRIBUTES[kind] if not hasattr(kind, name) and name not in there[kind]
    ] == []
    for kind, attributes in ATTRIBUTES.items():
        labels = [attribute.label for attribute in attributes.values() if attribute.way != "unnamed"]
        assert len(labels) == len(set(labels)), kind


def test_the_text_has_a_phrase_for_every_attribute_that_is_given() -> None:
    unsaid = {
        f"{kind.__name__}.{name}"
        for kind, attributes in ATTRIBUTES.items()
        for name, attribute in attributes.items()
        if attribute.phrase is None and attribute.way not in {"withheld", "unnamed", "merged", "parts"}
        if kind not in WRITTEN_WHOLE
    }

    assert unsaid == UNSAID


def parts_of(data: PersonalData) -> Iterator[tuple[Erased, str, bool]]:
    """List the attributes of a family's data: the part of the erasure, the name, and whether there is any."""
    for name, attribute in ATTRIBUTES[PersonalData].items():
        part = getattr(data, name)
        if name == "lessons":
            for key, inner in ATTRIBUTES[type(part)].items():
                yield attribute.part if inner.part == "owner" else inner.part, key, bool(getattr(part, key))
        else:
            yield attribute.part, name, any(value.item for value in part) if name == "of_wings" else bool(part)


@pytest.mark.parametrize("erasure", ["sessions", "trail", "enrolments", "wings", "opinions", "lessons"])
@pytest.mark.wing
def test_a_part_of_an_erasure_deletes_what_declares_it_and_nothing_else(world: World, erasure: Erased) -> None:
    account = settle_whole(world)
    before = dict(enumerate(parts_of(personal_data(world.services, account, world.now))))
    deletions = login_deletions(world.services, ROSSIGNOL) | family_deletions(world.services, ROSSIGNOL, world.now)

    world.database.write_all(deletions[erasure])

    after = dict(enumerate(parts_of(personal_data(world.services, account, world.now))))
    assert {name for _, name, there in before.values() if not there} == {
        "logins",
        "applications",
        "application_uploads",
        "request_turns",
        "later",
    }
    traces = {name for place, (_, name, there) in before.items() if there and not after[place][2]}
    assert traces == {name for part, name, there in before.values() if there and part == erasure}
    assert traces


def later_parts_of(world: World, version: str, *, with_later_parts: bool) -> Iterator[Any]:
    """Store the account and the re-enrolment of a version, perhaps with parts of a later one, and search both."""
    for table, item in items_of(version).items():
        if table in {"accounts", "enrolments"}:
            put(world, table, with_later({"M": item})["M"] if with_later_parts else item)
            season, _, identifier = item["identifier"]["S"].rpartition("#")
            ref, store = AccountRef(item["site"]["S"], identifier), world.services.enrolments
            if season:
                yield from later_in([store.find(EnrolmentRef(ref, season))], store.encode)
            else:
                yield from later_in([world.account(ref)], world.services.accounts.encode)


@pytest.mark.parametrize("version", versions())
def test_the_parts_of_a_later_version_are_found_and_none_of_an_earlier_one(world: World, version: str) -> None:
    assert list(later_parts_of(world, version, with_later_parts=False)) == []

    parts = list(later_parts_of(world, version, with_later_parts=True))

    assert parts
    assert all(LATER in part for part in parts)
