"""Fictitious families re-enrol in a period of their own. All that they did is erased, and no real family is."""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import pytest

from chalicelib.domain.enrolment.periods import EnrolmentPeriod, Periods
from chalicelib.office import rehearsal
from chalicelib.office.rights.erasure import ErasureHooks, erase_all
from operations.journeys.journey import JourneyAnswer, ask_for_password, play
from tests.support.world import PASSWORD, ROSSIGNOL, Visitor, World

HOOKS = ErasureHooks(lambda: None)


def send_by(visitor: Visitor, name: str, path: str, form: Mapping[str, str] | None = None) -> JourneyAnswer:
    assert name
    answer = visitor.get(path) if form is None else visitor.post(path, dict(form))
    return JourneyAnswer(answer.status_code, answer.headers.get("Location", ""), answer.text)


def stored(world: World) -> set[str]:
    return set(world.aws.everything(world.resources).splitlines())


@pytest.fixture
def lesson(world: World) -> rehearsal.RehearsedFamily:
    (family,) = rehearsal.make_families(world.services, ["evry-magnard"], 1, world.now)
    return family


def test_a_fictitious_family_re_enrols_while_no_period_is_announced_and_a_real_one_does_not(
    world: World, visitor: Visitor, lesson: rehearsal.RehearsedFamily
) -> None:
    world.settle()

    play(partial(send_by, visitor), lesson.ref.site, lesson.ref.identifier, lesson.password)
    with pytest.raises(StopIteration):  # no link to a step
        play(partial(send_by, visitor), ROSSIGNOL.site, ROSSIGNOL.identifier, PASSWORD)

    assert world.services.periods.read() == Periods()
    world.deliver()
    assert {mail.to for mail in world.mails()} == {lesson.email}
    assert lesson.email.endswith("@simulator.amazonses.com")


def test_all_that_a_rehearsal_made_is_erased_and_noted_and_nothing_else(world: World, visitor: Visitor) -> None:
    world.settle()
    before, services, send = stored(world), world.services, partial(send_by, visitor)
    sites = ["evry-magnard", "evry-xenakis"]
    erasure = rehearsal.begin(services, sites, 2, "marie", world.now)
    first, second = rehearsal.make_families(services, sites, 2, world.now)
    ask_for_password(send, first.ref.identifier, first.email)
    rehearsal.post_password(services, second, world.now)
    play(send, first.ref.site, first.ref.identifier, first.password)
    world.deliver()
    assert len(world.mails()) == 3  # two passwords, a receipt

    refs = [account.ref for account in services.accounts.all()]
    remains = rehearsal.find_remains(services)
    erase_all(services, remains, erasure, rehearsal.is_fictitious, HOOKS)

    assert len(remains) == 2
    rest = stored(world) - before
    assert before <= stored(world)
    assert refs == [ROSSIGNOL]
    assert [item for item in rest if not re.search("erasure#|erased#", item) and "'@lost'" not in item] == []
    (entry,) = services.audit_trail.erasures()
    assert (entry.who, entry.erased) == ("Répétition d'ouverture (marie)", entry.asked)
    assert rehearsal.find_remains(services) == ()


def test_a_marked_account_with_a_real_address_is_never_erased(world: World, lesson: rehearsal.RehearsedFamily) -> None:
    assert world.services.accounts.find(lesson.ref) is not None
    world.services.accounts.revise(lesson.ref, lambda found: replace(found, emails=(*found.emails, "r@example.org")))

    assert rehearsal.find_remains(world.services) == ()


@pytest.mark.parametrize("of", ["reenrolment", "applications"])
@pytest.mark.wing("admission")
def test_an_open_period_of_either_kind_is_no_moment_to_rehearse(world: World, of: str) -> None:
    assert rehearsal.sites_in_period(world.services, world.now) == ()
    today = world.now.date()
    store = world.services.periods if of == "reenrolment" else world.services.admission.periods
    store.write(store.read(), Periods(None, (("evry-magnard", EnrolmentPeriod(today, today)),)))

    assert rehearsal.sites_in_period(world.services, world.now) == ("Evry - Magnard",)
