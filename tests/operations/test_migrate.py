"""Migration of data from versions before 2026-11-30: repeated, interrupted at any call or raced, it loses nothing."""

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.domain.account.keys import KeyRing
from chalicelib.domain.refusals import Unavailable
from chalicelib.domain.staff.members import Member, Totp
from chalicelib.flows.family import calendar
from chalicelib.flows.staff.login_code import open_key
from chalicelib.flows.teacher import calendar as teacher_calendar
from chalicelib.infra.dynamo.database import Put
from operations.deploy.keys import FORMER, Keys, Version
from operations.deploy.migrate import FormerSeal, Migration
from tests.support import staff
from tests.support.aws import When
from tests.support.enrolment import ZELIE
from tests.support.staff import KEY, SECRETARY, TEACHER
from tests.support.teaching import ref_of, settle_pupil, stores
from tests.support.world import ROSSIGNOL, World

MADE = datetime(2026, 11, 29, 22, tzinfo=UTC)
NONCE = "0123456789abcdef"


def former(world: World, use: str, *words: str) -> str:
    return urlsafe_b64encode(FormerSeal(world.services.settings.record_key, use).seal(*words)).decode()


class Before:
    """A stage as the version before left it: sealed accounts of addresses, an application, two calendars."""

    def __init__(self, world: World) -> None:
        self.world, settings = world, world.services.settings
        self.output: list[str] = []
        self.keys = Keys(settings.record_key, "", versions=(Version.new(1, MADE), Version(FORMER, MADE)))
        self.use(self.keys)
        settle_pupil(world, ROSSIGNOL, ZELIE)
        staff.member(world, SECRETARY)
        staff.member(world, TEACHER)
        self.mailbox = world.services.record.pseudonyms.of_mailbox("rossignol@example.org")
        self.sealed = FormerSeal(settings.record_key, "account of a mailbox").seal(*ref_words()).hex()
        self.seed()

    def seed(self) -> None:
        """Write the items again as they were."""
        world, pupil = self.world, ref_of(ROSSIGNOL, ZELIE)
        settings = world.services.settings
        world.database.write_together(Put(settings.mailboxes_table, {"site": self.mailbox, "identifier": self.sealed}))
        member = staff.read_member(world, SECRETARY)
        sealed = former(world, "key of an authenticator application", SECRETARY, KEY)
        staff.stores(world).members.change(member, replace(member, totp=Totp("", 7, sealed)))
        words = {"site": ROSSIGNOL.site, "identifier": f"calendar\t{pupil.name}"}
        world.database.write_together(
            Put(settings.lessons_table, words | {"nonce": NONCE, "at": world.now, "version": "1"})
        )
        stores(world).teachers.revise_at(TEACHER, lambda teacher: replace(teacher, calendar=NONCE))
        self.pupil_link = former(world, "calendar of a pupil", *ref_words(), pupil.key, NONCE).rstrip("=")
        self.teacher_link = former(world, "calendar of a teacher", TEACHER, NONCE).rstrip("=")

    def use(self, keys: Keys) -> None:
        rings = {use: KeyRing.parse(keys.of_use(use)) for use in self.world.services.settings.keys}
        settings = replace(self.world.services.settings, keys=rings)
        self.world.services = replace(self.world.services, settings=settings)

    def bring_over(self, keys: Keys | None = None) -> Migration:
        settings = self.world.services.settings
        tables = {"Mailboxes": settings.mailboxes_table, "Lessons": settings.lessons_table}
        tables |= {"Staff": settings.staff_table}
        sites = tuple(site.code for site in settings.network.sites)
        return Migration(self.world.database, tables, sites, keys or self.keys, self.output.append)

    def all_of_it(self) -> None:
        acts = self.bring_over()
        acts.enter()
        acts.drop_entries()
        acts.seal_again()
        acts.end_former()

    def outcome(self) -> Sequence[Any]:
        """Collect this version's results: accounts of the address, the application's key, lessons behind both links."""
        world = self.world
        member = staff.read_member(world, SECRETARY)
        assert member.totp
        names = {item["identifier"] for item in world.database.items(world.services.settings.mailboxes_table)}
        return (
            *(ROSSIGNOL in world.services.mailboxes.find(self.mailbox).refs, self.sealed in names),
            *(open_key(world.services, SECRETARY, member.totp), member.totp.last_step, member.totp.former),
            calendar.lessons_behind(world.services, self.pupil_link, world.now).pupil.name,
            teacher_calendar.lessons_behind(world.services, self.teacher_link, world.now),
        )


def ref_words() -> tuple[str, str]:
    return ROSSIGNOL.site, ROSSIGNOL.identifier


@pytest.fixture
def before(world: World) -> Before:
    return Before(world)


BROUGHT = (True, False, KEY, 7, "", ZELIE.name, ())


def test_all_of_a_former_stage_is_found_and_done_again_nothing_is(before: Before) -> None:
    before.all_of_it()

    assert before.outcome() == BROUGHT
    assert before.output == [
        "  1 accounts entered under their addresses",
        "  2 former addresses of calendars entered",
        "  1 applications of members sealed under version 1 of the keys",
    ]
    before.output.clear()
    before.world.aws.calls.clear()

    before.all_of_it()

    assert before.output == []
    assert not {call for call in before.world.aws.calls if call.startswith(("Update", "BatchWrite", "Put"))}


def test_the_version_before_finds_its_own_until_the_wait_is_over(before: Before) -> None:
    before.bring_over().enter()

    member = staff.read_member(before.world, SECRETARY)
    assert member.totp
    assert member.totp.former == former(before.world, "key of an authenticator application", SECRETARY, KEY)
    assert before.outcome() == (True, True, KEY, 7, member.totp.former, ZELIE.name, ())


def test_a_key_that_the_version_before_changed_goes_before_what_was_brought_over(before: Before) -> None:
    before.bring_over().enter()
    member = staff.read_member(before.world, SECRETARY)
    assert member.totp
    changed = former(before.world, "key of an authenticator application", SECRETARY, "OTHER")
    staff.stores(before.world).members.change(member, replace(member, totp=replace(member.totp, former=changed)))

    before.all_of_it()

    assert before.outcome() == (*BROUGHT[:2], "OTHER", *BROUGHT[3:])


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    ("call", "times"), [("Scan", 2), ("Query", 5), ("BatchWriteItem", 4), ("GetItem", 3), ("UpdateItem", 3)]
)
def test_stopped_at_any_call_it_ends_when_it_is_done_again(before: Before, call: str, times: int, when: When) -> None:
    for spared in range(times):
        before.seed()
        with before.world.aws.failing(call, when, spared=spared), suppress(Unavailable):
            before.all_of_it()

        before.all_of_it()

        assert before.outcome() == BROUGHT


def test_a_member_who_enters_at_the_same_moment_keeps_the_step_that_was_used(before: Before) -> None:
    members, acts = staff.stores(before.world).members, before.bring_over()
    seal_again = acts._sealed_again  # noqa: SLF001

    def late(member: Member) -> Member | None:
        object.__setattr__(acts, "_sealed_again", seal_again)
        members.revise(SECRETARY, lambda known: replace(known, totp=known.totp and replace(known.totp, last_step=8)))
        return seal_again(member)

    object.__setattr__(acts, "_sealed_again", late)
    acts.enter()

    assert before.outcome()[2:4] == (KEY, 8)


def test_after_each_rotation_keys_of_applications_are_sealed_under_the_newest_version(before: Before) -> None:
    before.all_of_it()
    keys = before.keys
    for number in (1, 2):
        keys = keys.with_new_version([number], MADE)
        before.bring_over(keys).seal_again()

    before.use(keys.retired())
    assert before.outcome()[2] == KEY
    before.output.clear()

    before.bring_over(replace(keys, versions=(Version.new(9, MADE),))).seal_again()
    assert before.output == ["  2 applications of members that no key opens: these members need a reset"]
