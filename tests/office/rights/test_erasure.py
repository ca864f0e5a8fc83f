"""The right to erasure: no trace is left in any table, after any fault, and the audited act names no family."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.audit import Author, Erasure, ErasureReason
from chalicelib.domain.account.logins import new_login
from chalicelib.domain.account.notices import Notice
from chalicelib.domain.account.sessions import Token
from chalicelib.domain.enrolment.periods import EnrolmentPeriod, Periods
from chalicelib.domain.refusals import LoginRefused, NotLoggedIn, SlowedDown, StepMoved, Unavailable
from chalicelib.flows.family.pupil_step import save_household
from chalicelib.flows.family.reenrolment import StepSubmission, enter
from chalicelib.flows.family.visit import enter as authenticate
from chalicelib.infra.dynamo.database import Delete, Put
from chalicelib.office.helpdesk import access as helpdesk
from chalicelib.office.helpdesk.access import HelpdeskCase
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.office.rights.erasure import ErasureHooks, due, erase, erase_all, preview, purge
from chalicelib.office.roster.applied_imports import index_mailboxes
from chalicelib.values import version_of
from tests.support.aliases import NEW, change_identifier
from tests.support.helpdesk import beside, keep_logging_in
from tests.support.helpdesk import enter as enter_login
from tests.support.households import LORIOT, MERLE, enrol, open_session, settle_whole, traces
from tests.support.logins import outcome
from tests.support.staff import in_parallel
from tests.support.teaching import settle_courses, stores
from tests.support.two_logins import COMES, put, settle_two_logins
from tests.support.world import OPENING_MORNING, ROSSIGNOL, World

DAY = timedelta(days=1)
AT_ONCE = ErasureHooks(lambda: None)
BEFORE = date(2025, 9, 1)
LIMIT = datetime(2025, 8, 31, 22, 0, tzinfo=UTC)  # midnight in Paris


def ref(number: int) -> AccountRef:
    return AccountRef("evry-magnard" if number % 2 else "evry-xenakis", f"nid{number}")


def settle_gone(world: World, number: int, since: datetime | None, login: datetime | None = None) -> None:
    world.settle(ref(number), name=f"Famille Nid {number}", emails=(), password=None, gone_at=since, last_login=login)


def due_names(world: World) -> set[str]:
    return {account.ref.identifier for account in due(world.services, BEFORE, world.now)}


def run(world: World) -> None:
    purge(world.services, tuple(due(world.services, BEFORE, world.now)), "Mme Houx", world.now, AT_ONCE)


def test_who_is_gone_before_the_day_and_not_seen_since_is_due(world: World) -> None:
    settle_gone(world, 1, LIMIT - DAY)
    settle_gone(world, 2, LIMIT - timedelta(seconds=1), LIMIT - timedelta(seconds=1))
    settle_gone(world, 3, LIMIT)
    settle_gone(world, 4, LIMIT - DAY, LIMIT)
    settle_gone(world, 5, None)
    settle_gone(world, 6, None, LIMIT - 900 * DAY)

    assert due_names(world) == {"nid1", "nid2"}


def test_a_day_to_come_is_refused(world: World) -> None:
    due(world.services, OPENING_MORNING.date(), world.now)
    with pytest.raises(OfficeRefusal, match="purge_in_future"):
        due(world.services, OPENING_MORNING.date() + DAY, world.now)


def test_those_due_go_without_a_trace_and_the_others_stay(world: World) -> None:
    account = settle_whole(world)
    world.services.accounts.change(account, replace(account, gone_at=LIMIT - DAY, last_login=LIMIT - DAY))
    settle_gone(world, 1, LIMIT - DAY)
    settle_gone(world, 2, LIMIT)

    run(world)

    assert traces(world, account) == []
    assert {account.ref for account in world.services.accounts.all()} == {MERLE, ref(2)}


def test_a_purge_is_noted_as_one_with_its_counts(world: World) -> None:
    for number in range(5):
        settle_gone(world, number, LIMIT - DAY)

    run(world)

    (erasure,) = world.services.audit_trail.erasures()
    assert erasure.reason == "purged"
    assert erasure.asked == erasure.erased == (("evry-magnard", 2), ("evry-xenakis", 3))


def test_a_family_that_came_back_or_logged_in_since_it_was_listed_is_left(world: World) -> None:
    for number in range(3):
        settle_gone(world, number, LIMIT - DAY)
    accounts = tuple(due(world.services, BEFORE, world.now))
    settle_gone(world, 0, None)
    settle_gone(world, 1, LIMIT - DAY, world.now)

    erasure = purge(world.services, accounts, "Mme Houx", world.now, AT_ONCE)

    assert erasure.erased == (("evry-xenakis", 1),)
    assert {account.ref for account in world.services.accounts.all()} == {ref(0), ref(1)}
    assert not world.account(ref(0)).disabled


def test_an_interrupted_purge_goes_on_with_those_left(world: World) -> None:
    for number in range(6):
        settle_gone(world, number, LIMIT - DAY)
    with world.aws.failing("DeleteItem", "before", skips=2), pytest.raises(Unavailable):
        run(world)
    assert len(due_names(world)) == 4

    world.wait(timedelta(seconds=1))
    run(world)

    assert list(world.services.accounts.all()) == []
    first, second = world.services.audit_trail.erasures()
    assert (sum(dict(first.asked).values()), first.erased) == (6, None)
    assert sum(dict(second.erased or ()).values()) == 4


def test_each_family_advances_the_bar_twice(world: World) -> None:
    for number in range(3):
        settle_gone(world, number, LIMIT - DAY)
    steps: list[int] = []

    accounts, pace = tuple(due(world.services, BEFORE, world.now)), ErasureHooks(lambda: None, lambda: steps.append(1))
    purge(world.services, accounts, "Mme Houx", world.now, pace)

    assert len(steps) == 6


def test_a_session_of_a_family_due_goes_and_that_of_another_stays(world: World) -> None:
    settle_gone(world, 1, LIMIT - DAY)
    token = open_session(world, world.account(ref(1)))
    second = open_session(world, world.settle(replace(ROSSIGNOL, site="evry-magnard")))

    run(world)

    assert world.services.sessions.find(token) is None
    assert world.services.sessions.find(second)


WRITES = ("BatchWriteItem", "UpdateItem", "DeleteItem", "POST")
READS = ("GetItem", "Query", "BatchGetItem", "GET")


def at_once() -> None:
    """Wait for nothing: no request is pending."""


def erase_it(world: World, settle: Callable[[], None] = at_once) -> None:
    """Erase it as the command does."""
    data = preview(world.services, "xen1", None, world.now)
    erase(world.services, data.account, erasure_of(world, data.account), settle)


def erasure_of(world: World, account: Account, reason: ErasureReason = "asked") -> Erasure:
    return Erasure.of((account.ref,), "Mme Houx", reason, world.now)


def test_no_trace_is_left_in_any_table(world: World) -> None:
    account = settle_whole(world)
    assert len(traces(world, account)) > 10

    erase_it(world)

    assert traces(world, account) == []
    assert world.aws.documents(world.resources) == {}


def test_the_identifiers_that_it_has_or_had_go_with_it(world: World) -> None:
    settle_whole(world)
    for spelling in ("PIE-8", "PIE-9", "PIE-8"):
        change_identifier(world, spelling)
    outcome(world, ref=NEW)
    world.deliver()

    erase_it(world)

    everything = world.aws.everything(world.resources)
    assert "pie-8" not in everything
    assert "pie-9" not in everything


@pytest.mark.wing("teaching")
def test_a_family_leaves_its_teachers_timetables(world: World) -> None:
    settle_courses(world)

    erase_it(world)

    timetables = list(stores(world).timetables.all(ROSSIGNOL.site))
    assert not any(timetable.mentions(ROSSIGNOL.identifier) for timetable in timetables)
    assert len(timetables) == 2


def test_everybody_else_stays_as_they_were(world: World) -> None:
    settle_whole(world)
    loriot = world.settle(LORIOT, name="Famille Loriot")
    token = open_session(world, loriot)
    merle = world.account(MERLE)

    erase_it(world)

    assert world.account(LORIOT) == loriot
    assert world.services.sessions.find(token)
    notice = world.account(MERLE).notices[0]
    assert notice == replace(merle.notices[0], companions=((LORIOT.site, LORIOT.identifier),))
    assert replace(world.account(MERLE), notices=()) == replace(merle, notices=())


def test_a_twin_at_another_site_stays(world: World) -> None:
    account = settle_whole(world)
    twin = world.settle(replace(ROSSIGNOL, site="bondoufle-gounod"), name="Famille Autre", emails=())
    token = open_session(world, twin)
    enrol(world, twin)
    uploads = {key for key in world.aws.documents(world.resources) if "/bondoufle-gounod/" in key}

    erase(world.services, account, erasure_of(world, account, "duplicate"), at_once)

    assert world.account(twin.ref) == twin
    assert world.services.sessions.find(token)
    assert len(world.services.enrolments.of_account(twin.ref, ("2025", "2026"))) == 2
    assert uploads == set(world.aws.documents(world.resources)) != set()


def test_the_erasure_is_noted_with_who_and_why_and_without_whom(world: World) -> None:
    settle_whole(world)

    erase_it(world)

    (erasure,) = world.services.audit_trail.erasures()
    assert (erasure.at, erasure.who, erasure.reason) == (world.now, "Mme Houx", "asked")
    assert erasure.asked == erasure.erased == ((ROSSIGNOL.site, 1),)


def test_many_sessions_and_acts_go_too(world: World) -> None:
    account = settle_whole(world)
    for _ in range(30):
        open_session(world, account)
        helpdesk.unlock(world.services, HelpdeskCase("xen1", ROSSIGNOL.site, Author("Mme Houx", "appel")), world.now)

    erase_it(world)

    assert traces(world, account) == []


# A read that fails after it took effect is like one that fails before.
@pytest.mark.parametrize(
    ("call", "when"), [*product(WRITES, ("before", "after")), *((call, "before") for call in READS)]
)
def test_after_any_fault_the_same_command_ends_it(world: World, call: str, when: Any) -> None:
    """Each call of this kind fails in turn. Traces may be left while the account exists, none after the rerun."""
    account = settle_whole(world)
    put_back = world.aws.keep(world.resources)
    world.aws.calls.clear()
    erase_it(world)
    times = world.aws.calls.count(call)
    assert times

    for skips in range(times):
        put_back()
        with world.aws.failing(call, when, times=1, skips=skips), pytest.raises(Unavailable):
            erase_it(world)
        if world.services.accounts.find(ROSSIGNOL):
            world.wait(timedelta(seconds=1))
            erase_it(world)

        assert traces(world, account) == []
        assert list(world.services.audit_trail.erasures())


def test_an_interrupted_erasure_stays_noted_as_asked_for(world: World) -> None:
    settle_whole(world)
    with world.aws.failing("DeleteItem", "before"), pytest.raises(Unavailable):
        erase_it(world)

    (first,) = world.services.audit_trail.erasures()
    assert (first.asked, first.erased) == (((ROSSIGNOL.site, 1),), None)

    world.wait(timedelta(seconds=1))
    erase_it(world)

    assert [erasure.erased for erasure in world.services.audit_trail.erasures()] == [None, ((ROSSIGNOL.site, 1),)]


def test_an_erasure_that_cannot_be_noted_erases_nothing(world: World) -> None:
    account = settle_whole(world)

    with world.aws.failing("BatchWriteItem", "before"), pytest.raises(Unavailable):
        erase_it(world)

    assert world.account() == account


def test_logins_at_the_same_time_bring_nothing_back(world: World) -> None:
    """No login succeeds after the erasure. A pending one leaves at most a session that opens nothing."""
    world.settle()

    with beside(keep_logging_in(world)):
        erase_it(world)

    assert world.services.accounts.find(ROSSIGNOL) is None
    with pytest.raises((LoginRefused, SlowedDown)):
        enter_login(world)


def step(world: World, token: Token) -> Callable[[], object]:
    """Begin to save the household's step, up to the read of the account. Returns the rest."""
    me = enter(world.visit(token))
    submission = StepSubmission("1", version_of(me.enrolment.household))
    answers = replace(me.enrolment.household, payer="Mme Pinson")
    return lambda: save_household(world.visit(), me, answers, replace(submission, later=True))


def open_season(world: World) -> None:
    today = world.now.date()
    period = EnrolmentPeriod(today, today + timedelta(days=7))
    world.services.periods.write(world.services.periods.read(), Periods(period))


@pytest.mark.parametrize("has_begun", [True, False])
def test_what_a_family_was_saving_meanwhile_is_gone_too(world: World, *, has_begun: bool) -> None:
    """Its account was open when its request began. The erasure waits for that request, then deletes its data."""
    open_season(world)
    account = settle_whole(world)
    if not has_begun:
        world.database.write_together(*world.services.enrolments.forget(ROSSIGNOL, ("2025", "2026")))
    save = step(world, open_session(world, account))
    states: list[object] = []

    erase_it(world, lambda: states.append(save()))

    assert len(states) == 1
    assert traces(world, account) == []


def test_once_it_is_gone_a_request_that_had_begun_brings_nothing_back(world: World) -> None:
    open_season(world)
    account = settle_whole(world)
    save = step(world, open_session(world, account))

    erase_it(world)
    with pytest.raises(StepMoved):
        save()

    assert traces(world, account) == []


def test_an_erasure_waits_once_for_all_and_only_where_something_goes(world: World) -> None:
    account = settle_whole(world)
    pauses: list[int] = []
    pace = ErasureHooks(lambda: pauses.append(len(traces(world, account))))

    erase_all(world.services, (account.ref,), erasure_of(world, account), lambda _: False, pace)
    assert pauses == []
    erase_all(world.services, (account.ref, MERLE), erasure_of(world, account), lambda _: True, pace)

    assert len(pauses) == 1
    assert pauses[0] > 10


def test_families_that_save_while_they_are_erased_leave_no_trace(world: World) -> None:
    open_season(world)
    account = settle_whole(world)
    token = open_session(world, account)

    def save_on() -> None:
        for _ in range(20):
            try:
                step(world, token)()
            except (NotLoggedIn, StepMoved):
                return

    with beside(save_on) as wait:
        erase_it(world, wait)

    assert traces(world, account) == []


def test_an_account_opened_again_meanwhile_is_left_and_told(world: World) -> None:
    """Another secretary enables it during its erasure: a person should check before it goes."""
    account = settle_whole(world)
    accounts: list[Account] = []

    def enable() -> None:
        if not accounts:
            helpdesk.switch(
                world.services,
                HelpdeskCase("xen1", ROSSIGNOL.site, Author("M. Orme", "rappel")),
                world.now,
                is_disabled=False,
            )
            accounts.append(world.account())

    erasure, pace = erasure_of(world, account), ErasureHooks(at_once, enable)
    with pytest.raises(OfficeRefusal, match="erasure_overtaken"):
        erase_all(world.services, (account.ref,), erasure, lambda _: True, pace)
    assert not world.account().disabled
    mailbox = world.services.record.pseudonyms.of_mailbox("come@example.org")
    assert world.services.mailboxes.find(mailbox).refs == (ROSSIGNOL,), "it stays, and its addresses find it"


def test_two_secretaries_who_erase_the_same_family_both_see_it_gone(world: World) -> None:
    account = settle_whole(world)

    in_parallel(2, lambda _: erase(world.services, account, erasure_of(world, account), at_once))

    assert traces(world, account) == []


def test_an_account_erased_by_somebody_else_meanwhile_leaves_no_trace_either(world: World) -> None:
    account = settle_whole(world)
    erasure = erasure_of(world, account)

    def erase_meanwhile() -> None:
        after = world.services.accounts.find(account.ref)
        if after:
            world.services.accounts.erase(after)

    erase_all(world.services, (account.ref,), erasure, lambda _: True, ErasureHooks(at_once, erase_meanwhile))

    assert traces(world, account) == []


def test_a_family_that_is_listed_in_notices_of_several_campaigns_goes_from_each(world: World) -> None:
    account = settle_whole(world)
    merle = world.account(MERLE)
    more = merle.with_notice(Notice("relance", "mailbox", "sent", world.now, ((ROSSIGNOL.site, "xen1"),)))
    world.services.accounts.change(merle, more)

    erase_it(world)

    assert traces(world, account) == []
    assert [notice.companions for notice in world.account(MERLE).notices] == [((LORIOT.site, LORIOT.identifier),), ()]


def test_an_entry_of_a_mailbox_that_only_a_later_version_reads_makes_every_account_looked_at(world: World) -> None:
    account = settle_whole(world)
    mailbox = world.services.record.pseudonyms.of_mailbox("rossignol@example.org")
    later = Put(world.resources.mailboxes_table, {"site": mailbox, "identifier": "of a later version"})
    world.database.write_all((*(found for found in world.services.mailboxes.deletions(MERLE)), later))
    put_back = world.aws.keep(world.resources)

    erase_it(world)
    assert traces(world, account) == []

    put_back()
    login = put(world, new_login(account, account.household.guardians[1], AccountRef(ROSSIGNOL.site, "xen1r2")))
    index_mailboxes(world.services)
    second = world.services.record.pseudonyms.of_mailbox("come@example.org")
    assert set(world.services.mailboxes.find(second).refs) == {ROSSIGNOL, login.ref}
    world.database.write_all([Delete(later.table, later.item)])
    world.aws.calls.clear()
    erase_it(world)
    assert "Scan" not in world.aws.calls
    assert traces(world, account) == []


def test_nobody_is_erased_by_an_identifier_that_is_not_theirs(world: World) -> None:
    settle_whole(world)

    for text, code in (("xen2", "family_unknown"), ("", "identifier_malformed")):
        with pytest.raises(OfficeRefusal, match=code):
            preview(world.services, text, None, world.now)
    world.settle(AccountRef("bondoufle-gounod", "xen1"))
    with pytest.raises(OfficeRefusal, match="several_sites"):
        preview(world.services, "xen1", None, world.now)


def test_the_guardians_own_logins_go_with_their_family(world: World) -> None:
    family = settle_two_logins(world)
    put(world, new_login(family, family.household.guardians[1], AccountRef(ROSSIGNOL.site, "xen1r3")))
    second = world.settle(AccountRef(ROSSIGNOL.site, "xen1r4"), name="Famille Cormoran")
    world.services.accounts.enter_all_mailboxes((family, world.account(COMES)))
    token = open_session(world, world.account(COMES))

    erase_it(world)

    mailbox = world.services.record.pseudonyms.of_mailbox("come@example.net")
    assert world.services.mailboxes.find(mailbox).refs == ()
    assert [account.ref for account in world.services.accounts.all()] == [second.ref]
    assert "xen1r2" not in world.aws.everything(world.resources)
    assert "xen1r3" not in world.aws.everything(world.resources)
    with pytest.raises(NotLoggedIn):
        authenticate(world.visit(token))
