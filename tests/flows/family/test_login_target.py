"""The account that a login tries: a wrong site or dash is forgiven, and guessing gains nothing."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.account import passwords
from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.refusals import LoginRefused, SlowedDown, Unavailable
from chalicelib.flows.family.login import Credentials, OpenedSession, open_session
from chalicelib.flows.family.login_target import FORGIVEN
from chalicelib.settings.environment import Site
from chalicelib.stores.attempts import AttemptTimes
from tests.support.aws import When
from tests.support.world import PASSWORD, ROSSIGNOL, World

SITES = ("bondoufle-gounod", "evry-magnard", "evry-xenakis", "ris-orangis-messiaen", "villabe-yves-henry")
MAGNARD = "evry-magnard"
WRONG_SITE = AccountRef(MAGNARD, ROSSIGNOL.identifier)
ELSEWHERE = [code for code in SITES if code != ROSSIGNOL.site]


def enter(
    world: World, ref: AccountRef, password: str = PASSWORD, cookie: str = "", address: str = "192.0.2.7"
) -> OpenedSession:
    client = world.new_client(address, cookie)
    return open_session(world.services, Credentials(ref, password), client, world.now)


def outcome(
    world: World, ref: AccountRef, password: str = "Faux1234", cookie: str = "", address: str = "192.0.2.7"
) -> str:
    try:
        return enter(world, ref, password, cookie, address).account.site
    except (LoginRefused, SlowedDown, Unavailable) as refusal:
        return type(refusal).__name__


def tries_at(world: World, ref: AccountRef) -> int:
    return len(world.database.read(world.services.attempts.lookup(AttemptTimes.on_account(ref))).times)


def mail_a_password(world: World, ref: AccountRef = ROSSIGNOL) -> str:
    made, before = passwords.mailed_password(), world.account(ref)
    world.services.accounts.change(before, before.with_mailed_password(made, world.new_client().request, world.now))
    return made


def test_the_cast_is_of_this_network(world: World) -> None:
    assert {site.code for site in world.services.settings.network.sites} == set(SITES)


# A wrong site.


def test_the_right_password_at_the_wrong_site_opens_the_account_where_it_is(world: World) -> None:
    world.settle()

    opened = enter(world, WRONG_SITE)

    session = world.services.sessions.find(opened.token)
    assert (opened.account, opened.token.site) == (ROSSIGNOL, ROSSIGNOL.site)
    assert session
    assert session.is_of(world.account(), world.now)
    assert session.just_forgiven(world.now + timedelta(seconds=119))
    assert not session.just_forgiven(world.now + timedelta(minutes=2))
    assert world.events()[-1]["tried"] == MAGNARD
    right = world.services.sessions.find(enter(world, ROSSIGNOL).token)
    assert right
    assert not right.just_forgiven(world.now)


def test_a_mailed_password_at_the_wrong_site_is_used_where_it_is(world: World) -> None:
    world.settle(password=None)

    opened = enter(world, WRONG_SITE, mail_a_password(world))

    assert opened.account == ROSSIGNOL
    password = world.account().password
    assert password
    assert password.origin == "mailed"


@pytest.mark.parametrize(
    ("other", "password"),
    [
        pytest.param(MAGNARD, "Merle7Moqueur", id="at the one tried too"),
        pytest.param("bondoufle-gounod", PASSWORD, id="at two others"),
    ],
)
def test_the_same_identifier_at_two_sites_is_the_ordinary_refusal(world: World, other: str, password: str) -> None:
    world.settle()
    world.settle(AccountRef(other, ROSSIGNOL.identifier), password=password)

    assert outcome(world, WRONG_SITE, PASSWORD) == "LoginRefused"
    assert outcome(world, WRONG_SITE, mail_a_password(world)) == "LoginRefused"


def test_a_disabled_account_elsewhere_opens_for_nobody_and_stands_in_the_way(world: World) -> None:
    world.settle(disabled=True)
    assert outcome(world, WRONG_SITE, PASSWORD) == "LoginRefused"

    world.settle(AccountRef("bondoufle-gounod", ROSSIGNOL.identifier))

    assert outcome(world, WRONG_SITE, PASSWORD) == "LoginRefused"


@pytest.mark.parametrize("password", [PASSWORD, "Faux1234"], ids=["right", "wrong"])
def test_the_wrong_site_costs_the_calls_that_any_login_does(world: World, password: str) -> None:
    world.settle()
    costs = []
    for ref in (ROSSIGNOL, WRONG_SITE):
        world.wait(timedelta(minutes=1))
        world.aws.calls.clear()
        outcome(world, ref, password)
        costs.append(list(world.aws.calls))

    assert costs[0] == costs[1]
    assert len(costs[1]) <= 4


def test_failures_are_counted_where_they_were_tried(world: World) -> None:
    world.settle()

    assert [outcome(world, WRONG_SITE) for _ in range(7)] == ["LoginRefused"] * 5 + ["SlowedDown"] * 2

    assert (tries_at(world, WRONG_SITE), tries_at(world, ROSSIGNOL)) == (5, 0)
    assert outcome(world, ROSSIGNOL, PASSWORD) == ROSSIGNOL.site


def test_a_success_clears_the_tries_it_was_counted_with_and_no_others(world: World) -> None:
    world.settle()
    outcome(world, WRONG_SITE)
    outcome(world, ROSSIGNOL)

    assert outcome(world, WRONG_SITE, PASSWORD) == ROSSIGNOL.site

    assert (tries_at(world, WRONG_SITE), tries_at(world, ROSSIGNOL)) == (0, 1)


def test_other_sites_give_five_guesses_more_a_day_all_together(world: World) -> None:
    """Not 25 each: 30 a day in all where there were 25 (docs/decisions/0055)."""
    world.settle()
    for number in range(FORGIVEN):
        assert outcome(world, AccountRef(ELSEWHERE[number % 4], "xen1")) == "LoginRefused"

    world.wait(timedelta(minutes=20))

    assert {outcome(world, AccountRef(site, "xen1"), PASSWORD) for site in ELSEWHERE} == {"LoginRefused"}
    assert outcome(world, ROSSIGNOL, PASSWORD) == ROSSIGNOL.site
    world.wait(timedelta(hours=24))
    assert outcome(world, WRONG_SITE, PASSWORD) == ROSSIGNOL.site


def test_an_account_that_is_slowed_down_where_it_is_is_so_from_everywhere(world: World) -> None:
    world.settle()
    for _ in range(5):
        outcome(world, ROSSIGNOL)

    assert outcome(world, WRONG_SITE, PASSWORD) == "LoginRefused"
    assert outcome(world, WRONG_SITE, mail_a_password(world)) == ROSSIGNOL.site


def test_guesses_at_all_sites_at_once_are_bounded_too(world: World) -> None:
    world.settle()
    tried = [(AccountRef(site, "xen1"), f"Devine{number:02d}") for number in range(8) for site in ELSEWHERE]

    with ThreadPoolExecutor(16) as pool:
        outcomes = list(pool.map(lambda one: outcome(world, *one), tried))

    assert outcomes.count("LoginRefused") == 5 * len(ELSEWHERE)
    assert outcome(world, ROSSIGNOL, PASSWORD) == ROSSIGNOL.site


def test_the_pace_at_a_wrong_site_is_that_of_an_identifier_that_exists_nowhere(world: World) -> None:
    world.settle()

    paces = [[outcome(world, AccountRef(MAGNARD, name)) for _ in range(7)] for name in ("xen1", "nobody")]

    assert paces[0] == paces[1]


def test_a_browser_that_the_account_knows_is_a_stranger_at_another_site(world: World) -> None:
    world.settle()
    cookie = world.device()

    assert outcome(world, WRONG_SITE, PASSWORD, cookie) == ROSSIGNOL.site
    for _ in range(5):
        outcome(world, WRONG_SITE, cookie=cookie)

    assert outcome(world, WRONG_SITE, PASSWORD, cookie) == "SlowedDown"
    assert outcome(world, ROSSIGNOL, PASSWORD, cookie) == ROSSIGNOL.site


def test_two_clicks_at_the_wrong_site_both_get_in(world: World) -> None:
    world.settle(password=None)
    mailed = mail_a_password(world)

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(lambda _: outcome(world, WRONG_SITE, mailed), range(2)))

    assert outcomes == [ROSSIGNOL.site] * 2


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call", ["BatchGetItem", "BatchWriteItem", "UpdateItem"])
def test_a_fault_at_the_wrong_site_opens_nothing_and_the_next_try_does(world: World, call: str, when: When) -> None:
    world.settle()

    with world.aws.failing(call, when):
        assert outcome(world, WRONG_SITE, PASSWORD) == "Unavailable"

    assert outcome(world, WRONG_SITE, PASSWORD) == ROSSIGNOL.site


def test_a_network_of_too_many_sites_to_read_at_once_forgives_none(world: World) -> None:
    world.settle()
    settings = world.services.settings
    some = settings.network.sites[0]
    more = tuple(replace(some, code=f"site-{number}") for number in range(40))
    network = replace(settings.network, sites=(*settings.network.sites, *more))
    world.services = replace(world.services, settings=replace(settings, network=network))
    world.aws.calls.clear()

    assert isinstance(some, Site)
    assert outcome(world, WRONG_SITE, PASSWORD) == "LoginRefused"
    assert world.aws.calls.count("BatchGetItem") == 1
    assert outcome(world, ROSSIGNOL, PASSWORD) == ROSSIGNOL.site


# « UN-7005 » is « UN7005 ».


def settle_un(world: World, identifier: str, site: str = MAGNARD, password: str = PASSWORD) -> Account:
    return world.settle(AccountRef(site, identifier), password=password)


@pytest.mark.parametrize("stored", ["un-7005", "un7005"])
@pytest.mark.parametrize("typed", ["un-7005", "un7005", "un–7005"])
def test_a_dash_opens_the_account_whatever_the_file_says(world: World, stored: str, typed: str) -> None:
    settle_un(world, stored)

    assert enter(world, AccountRef(MAGNARD, typed)).account == AccountRef(MAGNARD, stored)
    assert enter(world, AccountRef("bondoufle-gounod", typed)).account == AccountRef(MAGNARD, stored)


def test_variants_of_one_identifier_are_one_count_whether_or_not_it_exists(world: World) -> None:
    settle_un(world, "un-7005")
    variants = ["un-7005", "un7005", "un–7005", "-un7005", "un—7005", "un7005", "un-7005"]

    paces = [
        [outcome(world, AccountRef(MAGNARD, variant.replace("un", letters))) for variant in variants]
        for letters in ("un", "zz")
    ]

    assert paces == [["LoginRefused"] * 5 + ["SlowedDown"] * 2] * 2


def test_parallel_guesses_under_all_spellings_never_pass_the_limit(world: World) -> None:
    settle_un(world, "un-7005")
    typed = ["un-7005", "un7005", "un–7005", "un--7005"] * 5

    with ThreadPoolExecutor(20) as pool:
        outcomes = list(pool.map(lambda one: outcome(world, AccountRef(MAGNARD, one)), typed))

    assert (outcomes.count("LoginRefused"), outcomes.count("SlowedDown")) == (5, 15)


def test_two_accounts_that_differ_by_a_dash_open_exactly_and_clear_nothing_of_each_other(world: World) -> None:
    """Otherwise the owner of one could log in now and then, and guess at the other for ever."""
    settle_un(world, "un-7005")
    settle_un(world, "un7005", password="Merle7Moqueur")
    assert enter(world, AccountRef(MAGNARD, "un-7005")).account.identifier == "un-7005"
    assert outcome(world, AccountRef(MAGNARD, "un–7005"), PASSWORD) == "LoginRefused"

    guesses = 0
    while guesses < 10 and outcome(world, AccountRef(MAGNARD, "un-7005")) == "LoginRefused":
        guesses += 1
        outcome(world, AccountRef(MAGNARD, "un7005"), "Merle7Moqueur")

    assert guesses < 5


def test_a_browser_known_to_one_of_them_is_a_stranger_to_the_other(world: World) -> None:
    settle_un(world, "un-7005")
    settle_un(world, "un7005", password="Merle7Moqueur")
    cookie = world.device(AccountRef(MAGNARD, "un7005"))
    for _ in range(5):
        outcome(world, AccountRef(MAGNARD, "un-7005"), cookie=cookie)

    assert outcome(world, AccountRef(MAGNARD, "un-7005"), PASSWORD, cookie) == "SlowedDown"
    assert outcome(world, AccountRef(MAGNARD, "un7005"), "Merle7Moqueur", cookie) == MAGNARD


def test_a_known_browser_is_known_under_every_spelling(world: World) -> None:
    settle_un(world, "un-7005")
    cookie = world.device(AccountRef(MAGNARD, "un-7005"))
    for _ in range(6):
        outcome(world, AccountRef(MAGNARD, "un-7005"))

    assert outcome(world, AccountRef(MAGNARD, "un7005"), PASSWORD) == "SlowedDown"
    assert outcome(world, AccountRef(MAGNARD, "un7005"), PASSWORD, cookie) == MAGNARD
