"""The office's tasks at a site: counted from summaries, named from whole accounts, in few calls."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.account.accounts import AccountRef, FailingMailbox
from chalicelib.domain.account.devices import Device
from chalicelib.domain.account.rate_limits import LOGIN_OF_ACCOUNT
from chalicelib.domain.enrolment.periods import EnrolmentPeriod, Periods
from chalicelib.domain.family.corrections import Actor, Correction
from chalicelib.domain.family.households import Guardian, Household
from chalicelib.office.today import LISTED, SiteToday, today_at
from chalicelib.settings.wings import has
from chalicelib.stores.attempts import AttemptTimes
from tests.support.enrolled_families import NUMBERS, alone, open_for_rossignol, submitted_alone
from tests.support.enrolment import IN_JUNE
from tests.support.world import ROSSIGNOL, World

SITE = "evry-xenakis"
ALOUETTE = AccountRef(SITE, "xen9")


@pytest.fixture
def season(world: World) -> World:
    """Families of one site: one that sent two pupils of three, one that sent its only one, one without an answer."""
    open_for_rossignol(world)
    submitted_alone(world, ALOUETTE, "Famille Alouette", "Ana Alouette", NUMBERS[1])
    alone(world, AccountRef(SITE, "xen7"), "Famille Merle", "Noé Merle")
    return world


def today(world: World) -> SiteToday:
    network = world.services.settings.network
    (day,) = today_at(world.services, [site for site in network.sites if site.code == SITE], world.now)
    return day


def test_whose_mails_came_back_is_named_with_the_addresses_that_are_still_on_file(season: World) -> None:
    bounce(season, ROSSIGNOL, "come@example.org")
    family = season.account(ALOUETTE)
    old = FailingMailbox(season.services.record.pseudonyms.of_mailbox("old@example.org"), "bounced", season.now)
    season.services.accounts.change(family, replace(family, failing_mailboxes=(old,)))

    day = today(season)

    assert [(one.account.ref, one.emails) for one in day.failing] == [(ROSSIGNOL, ("come@example.org",))]
    assert day.failing_count == 1


def test_who_waits_is_found_from_a_stranger_s_tries_from_its_own_browser_s_and_a_guardian_s(season: World) -> None:
    family = season.account(ALOUETTE)
    household = Household((Guardian("M. Alouette", login="xen9r2"),))
    season.services.accounts.change(family, replace(family, household=household))
    fail(season, AttemptTimes.on_account(ROSSIGNOL, Device("device-of-theirs", season.now)))
    fail(season, AttemptTimes.on_account(AccountRef(SITE, "xen9r2")))
    fail(season, AttemptTimes.on_account(AccountRef(SITE, "of-nobody")))
    fail(season, AttemptTimes.on_account(AccountRef("evry-magnard", "xen7")))

    day = today(season)

    assert {(one.account.ref, one.reason) for one in day.stuck} == {(ROSSIGNOL, "waiting"), (ALOUETTE, "waiting")}
    assert {one.at > season.now for one in day.stuck} == {True}
    season.wait(timedelta(minutes=20))
    assert today(season).stuck == ()


def test_who_froze_its_account_is_named_until_it_has_a_password(season: World) -> None:
    freeze(season)

    (stuck_family,) = today(season).stuck

    assert (stuck_family.account.ref, stuck_family.reason, stuck_family.at) == (ROSSIGNOL, "frozen", season.now)


def test_who_never_asked_for_a_password_is_counted_a_week_after_the_opening(season: World) -> None:
    season.settle(AccountRef(SITE, "xen8"), password=None)
    season.settle(AccountRef(SITE, "xen6"), password=None, disabled=True)
    for days, days_unused in ((0, None), (8, 1), (60, None)):
        season.now = IN_JUNE + timedelta(days=days)
        season.services.periods.write(
            season.services.periods.read(),
            Periods(EnrolmentPeriod(IN_JUNE.date(), IN_JUNE.date() + timedelta(days=30))),
        )
        assert today(season).dormant == days_unused


def test_few_are_named_and_all_are_counted(season: World) -> None:
    for number in range(LISTED + 3):
        ref = AccountRef(SITE, f"n{number:02}")
        season.settle(ref, name=f"Nid {number:02}", emails=(f"{ref.identifier}@example.org",))
        bounce(season, ref, f"{ref.identifier}@example.org")

    day = today(season)

    assert (len(day.failing), day.failing_count) == (LISTED, LISTED + 3)
    assert [one.account.name for one in day.failing[:2]] == ["Nid 00", "Nid 01"]


@pytest.mark.wing
def test_it_takes_four_calls_for_a_site_and_two_for_all(season: World) -> None:
    bounce(season, ROSSIGNOL, "come@example.org")
    fail(season, AttemptTimes.on_account(ALOUETTE))
    season.aws.calls.clear()

    today(season)

    queries = 5 + has("payment")
    assert season.aws.calls == ["GetItem", *["Query"] * queries, "BatchGetItem"]
    network = season.services.settings.network
    season.aws.calls.clear()
    today_at(season.services, network.sites, season.now)
    assert season.aws.calls == ["GetItem", *["Query"] * queries * len(network.sites), "BatchGetItem"]


def test_counts_of_a_large_network_are_five_minutes_old_at_most(season: World) -> None:
    days, sites = season.services.staff.days, season.services.settings.network.sites
    before = today_at(season.services, sites, season.now)
    days |= {key: replace(day, families=2_000) for key, day in days.items()}
    season.aws.calls.clear()
    season.wait(timedelta(minutes=4))

    assert [day.at for day in today_at(season.services, sites, season.now)] == [day.at for day in before]

    assert season.aws.calls == []
    assert today(season).at == season.now  # one site of it is not large
    season.wait(timedelta(minutes=2))
    ages = {season.now - day.at for day in today_at(season.services, sites, season.now)}
    assert ages == {timedelta(0), timedelta(minutes=2)}


def test_the_oldest_of_each_state_and_the_sendings_of_each_day_are_found(season: World) -> None:
    day = today(season)

    assert day.since["submitted"] <= season.now
    assert sum(day.sendings.values()) == 2
    assert day.sent_before == {}


def bounce(world: World, ref: AccountRef, email: str) -> None:
    pseudonyms, family = world.services.record.pseudonyms, world.account(ref)
    failing = family.with_failing_mailbox(pseudonyms.of_mailbox(email), "bounced", pseudonyms, world.now)
    world.services.accounts.change(family, failing)


def fail(world: World, tries: AttemptTimes) -> None:
    for _ in range(6):
        world.services.attempts.reserve(tries, replace(LOGIN_OF_ACCOUNT, waits=()), world.now)
        tries = world.database.read(world.services.attempts.lookup(tries))


def freeze(world: World) -> None:
    family = world.account()
    trace = Correction("access", (), (), Actor("family"), world.now, "decision")
    world.services.accounts.change(family, replace(family, password=None, access_corrections=(trace,)))
