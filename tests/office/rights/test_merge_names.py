"""A merge renames all that names an account, and nothing that only looks like its identifier."""

from dataclasses import replace
from typing import Any, Final, get_args

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.infra.dynamo.database import Put
from chalicelib.infra.dynamo.values import Item
from chalicelib.office.declarations import Erased
from chalicelib.office.rights.merge_job import _BEFORE
from chalicelib.wings.admission.domain.applications import Standing
from chalicelib.wings.payment.stores import PaymentStore
from chalicelib.wings.teaching.flows.family.calendar import calendar_link, lessons_behind
from tests.support.desk_work import read_job
from tests.support.mergers import STAYS, STOPS, merge, settle_two
from tests.support.old_applications import send_application
from tests.support.world import World
from tests.wings.payment.examples import PAID

# Whose keys begin with the identifier. Then those that move otherwise, or with another.
_PARTS: Final = {*("wings", "opinions", "trail"), *("account", "logins", "sessions", "notices", "rolls")}
_OTHER_PARTS: Final = {"applications", "documents", "owner"}
_NOT_COMPARED: Final = {"site", "identifier", "summary", "stamp", "version", "links", "pupils"}


def settle_all(world: World, stops: AccountRef) -> None:
    """Store two accounts of a family with data in each wing."""
    settle_two(world, stops)
    world.services.store(PaymentStore).revise_at(stops, lambda one: replace(one, attempts=(PAID,)))
    standing = Standing("a1a1a1a1", account=(stops.site, stops.identifier))
    send_application(world, email="come@example.org", standings=(standing,))


def items(world: World) -> list[tuple[str, Item]]:
    return [(table, item) for table in world.resources.tables for item in world.database.items(table)]


def with_texts(value: Any, texts: dict[str, str]) -> Any:
    """Replace whole texts of a value."""
    if isinstance(value, dict):
        return {name: with_texts(part, texts) for name, part in value.items()}
    if isinstance(value, list):
        return [with_texts(part, texts) for part in value]
    return texts.get(value, value) if isinstance(value, str) else value


def contents(world: World, ref: AccountRef) -> set[str]:
    """Return the items of all tables that move, without their keys, where the account is named « ? »."""
    name, pseudonym = ref.identifier, world.services.record.pseudonyms.of(ref.site, ref.identifier)
    rows = [
        repr({part: value for part, value in item.items() if part not in _NOT_COMPARED})
        for table, item in items(world)
        if any(kind in table for kind in ("enrol", "bill", "payment", "lesson", "teaching"))
    ]
    owner = f"'{ref.site}', '{name}'"
    return {row.replace(pseudonym, "?").replace(owner, "?").replace(f"'{name}\\t", "'?\\t") for row in rows}


def test_a_text_that_equals_the_identifier_stays_as_it_is(world: World) -> None:
    """In many schools the identifier is a bare number: a season, an invoice or an answer may equal it."""
    stops = AccountRef(STOPS.site, "2026")
    settle_all(world, stops)
    words = ("Cours du 2e trimestre", "Mme Pinson", "Joue sans écouter les autres.", "Rendez-vous chez M. Héron")
    texts = dict.fromkeys((*words, "Un beau vibrato.", "Il manque la photographie.", "2026-0020", PAID.number), "2026")
    for table, item in items(world):
        world.database.write_together(Put(table, with_texts(item, texts)))
    before = contents(world, stops)

    job = merge(world, stops)

    assert read_job(world, job).state == "done"
    assert before <= contents(world, STAYS)
    assert sum(row.count("'2026'") for row in before) > 8


def test_the_identifier_that_stops_stays_in_its_alias_and_in_the_trail_alone(world: World) -> None:
    settle_all(world, STOPS)
    pupil = next(iter(world.services.lessons.calendars.of_family(STOPS.site, STOPS.identifier)))
    former_link = calendar_link(world.services, pupil)
    names = (STOPS.identifier, world.services.record.pseudonyms.of(STOPS.site, STOPS.identifier))

    merge(world)

    rows = [(table, item) for table, item in items(world) if any(name in repr(item) for name in names)]
    accounts = [item["identifier"] for table, item in rows if table == world.resources.accounts_table]
    assert sorted(accounts) == sorted(item["identifier"] for _, item in rows) == ["nid9", "xen1"]
    account = world.services.accounts.encode(world.account(STAYS))
    assert [name for name, part in account.items() if "xen1" in repr(part)] == ["aliases"]
    (calendar,) = world.services.lessons.calendars.of_family(STAYS.site, STAYS.identifier)
    for link in (former_link, calendar_link(world.services, calendar)):
        assert lessons_behind(world.services, link, world.now).pupil.name == "Zélie Rossignol"


def test_each_part_of_an_erasure_says_how_its_keys_name_an_account() -> None:
    assert {*get_args(Erased)} == {*_BEFORE, *_PARTS, *_OTHER_PARTS}
