"""The account that a login tries: a wrong site or dash is forgiven, and guessing gains nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.spellings import FORGIVING_SITES
from chalicelib.flows.family.login import FORGIVEN
from tests.support.aws import When, faults_of
from tests.support.logins import enter, lock_out, mail_a_password, outcome, tries_at
from tests.support.world import PASSWORD, ROSSIGNOL, World

SITES = ("bondoufle-gounod", "evry-magnard", "evry-xenakis", "ris-orangis-messiaen", "villabe-yves-henry")
MAGNARD = "evry-magnard"
WRONG_SITE = AccountRef(MAGNARD, ROSSIGNOL.identifier)
ELSEWHERE = [code for code in SITES if code != ROSSIGNOL.site]


# A wrong site.


def test_the_right_password_at_the_wrong_site_opens_the_account_where_it_is(world: World) -> None:
    world.settle()

    login = enter(world, ref=WRONG_SITE)

    session = world.services.sessions.find(login.token)
    assert (login.account, login.token.site) == (ROSSIGNOL, ROSSIGNOL.site)
    assert session
    assert session.is_of(world.account(), world.now)
    assert session.just_forgiven(world.now + timedelta(seconds=119))
    assert not session.just_forgiven(world.now + timedelta(minutes=2))
    assert world.events()[-1]["tried"] == MAGNARD
    right = world.services.sessions.find(enter(world, ref=ROSSIGNOL).token)
    assert right
    assert not right.just_forgiven(world.now)


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

    assert outcome(world, PASSWORD, WRONG_SITE) == "LoginRefused"
    assert outcome(world, mail_a_password(world), WRONG_SITE) == "LoginRefused"


def test_a_disabled_account_elsewhere_opens_for_nobody_and_stands_in_the_way(world: World) -> None:
    world.settle(disabled=True)
    assert outcome(world, PASSWORD, WRONG_SITE) == "LoginRefused"

    world.settle(AccountRef("bondoufle-gounod", ROSSIGNOL.identifier))

    assert outcome(world, PASSWORD, WRONG_SITE) == "LoginRefused"


@pytest.mark.parametrize("password", [PASSWORD, "Faux1234"], ids=["right", "wrong"])
def test_the_wrong_site_costs_the_calls_that_any_login_does(world: World, password: str) -> None:
    world.settle()
    costs = []
    for ref in (ROSSIGNOL, WRONG_SITE):
        world.wait(timedelta(minutes=1))
        world.aws.calls.clear()
        outcome(world, password, ref)
        costs.append(list(world.aws.calls))

    assert costs[0] == costs[1]
    assert len(costs[1]) <= 4


def test_failures_are_counted_where_they_were_tried_and_a_success_clears_those_alone(world: World) -> None:
    world.settle()
    elsewhere = [outcome(world, ref=AccountRef(MAGNARD, "nobody")) for _ in range(7)]
    outcome(world, ref=WRONG_SITE)
    outcome(world, ref=ROSSIGNOL)
    assert outcome(world, PASSWORD, WRONG_SITE) == ROSSIGNOL.site
    assert (tries_at(world, WRONG_SITE), tries_at(world, ROSSIGNOL)) == (0, 1)

    assert [outcome(world, ref=WRONG_SITE) for _ in range(7)] == elsewhere == ["LoginRefused"] * 5 + ["SlowedDown"] * 2

    assert (tries_at(world, WRONG_SITE), tries_at(world, ROSSIGNOL)) == (5, 1)
    assert outcome(world, PASSWORD, ROSSIGNOL) == ROSSIGNOL.site


def test_other_sites_give_five_guesses_more_a_day_all_together(world: World) -> None:
    """Not 25 each: 30 a day in all where there were 25 (docs/decisions/0055)."""
    world.settle()
    for number in range(FORGIVEN):
        assert outcome(world, ref=AccountRef(ELSEWHERE[number % 4], "xen1")) == "LoginRefused"

    world.wait(timedelta(minutes=20))

    assert {outcome(world, PASSWORD, AccountRef(site, "xen1")) for site in ELSEWHERE} == {"LoginRefused"}
    assert outcome(world, PASSWORD, ROSSIGNOL) == ROSSIGNOL.site
    world.wait(timedelta(hours=24))
    assert outcome(world, PASSWORD, WRONG_SITE) == ROSSIGNOL.site


def test_an_account_that_is_slowed_down_where_it_is_is_so_from_everywhere(world: World) -> None:
    world.settle()
    for _ in range(5):
        outcome(world, ref=ROSSIGNOL)

    assert outcome(world, PASSWORD, WRONG_SITE) == "LoginRefused"
    assert outcome(world, mail_a_password(world), WRONG_SITE) == ROSSIGNOL.site


def test_guesses_at_all_sites_at_once_are_bounded_too(world: World) -> None:
    world.settle()
    guesses = [(AccountRef(site, "xen1"), f"Devine{number:02d}") for number in range(8) for site in ELSEWHERE]

    with ThreadPoolExecutor(16) as pool:
        outcomes = list(pool.map(lambda guess: outcome(world, guess[1], guess[0]), guesses))

    assert outcomes.count("LoginRefused") == 5 * len(ELSEWHERE)
    assert outcome(world, PASSWORD, ROSSIGNOL) == ROSSIGNOL.site


def test_a_browser_that_the_account_knows_is_a_stranger_at_another_site(world: World) -> None:
    world.settle()
    cookie = world.device()

    assert outcome(world, PASSWORD, WRONG_SITE, cookie) == ROSSIGNOL.site
    for _ in range(5):
        outcome(world, ref=WRONG_SITE, cookie=cookie)

    assert outcome(world, PASSWORD, WRONG_SITE, cookie) == "SlowedDown"
    assert outcome(world, PASSWORD, ROSSIGNOL, cookie) == ROSSIGNOL.site


def test_two_clicks_at_the_wrong_site_both_get_in(world: World) -> None:
    world.settle(password=None)
    mail = mail_a_password(world)

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(lambda _: outcome(world, mail, WRONG_SITE), range(2)))

    assert outcomes == [ROSSIGNOL.site] * 2
    password = world.account().password
    assert password
    assert password.origin == "mailed"


@faults_of("BatchGetItem", "BatchWriteItem", "UpdateItem")
def test_a_fault_at_the_wrong_site_opens_nothing_and_the_next_try_does(world: World, call: str, when: When) -> None:
    world.settle()

    with world.aws.failing(call, when):
        assert outcome(world, PASSWORD, WRONG_SITE) == "Unavailable"

    assert outcome(world, PASSWORD, WRONG_SITE) == ROSSIGNOL.site


@pytest.mark.parametrize(
    ("sites", "answer"), [(FORGIVING_SITES, ROSSIGNOL.site), (FORGIVING_SITES + 1, "LoginRefused")]
)
def test_a_network_of_too_many_sites_to_read_at_once_forgives_none(world: World, sites: int, answer: str) -> None:
    world.settle()
    world.have_sites(sites)
    world.aws.calls.clear()

    assert outcome(world, PASSWORD, WRONG_SITE) == answer
    assert world.aws.calls.count("BatchGetItem") == 1 + (answer == "LoginRefused")
    assert outcome(world, PASSWORD, ROSSIGNOL) == ROSSIGNOL.site


# « UN-7005 » is « UN7005 ».


def settle_un(world: World, identifier: str, site: str = MAGNARD, password: str = PASSWORD) -> Account:
    return world.settle(AccountRef(site, identifier), password=password)


@pytest.mark.parametrize("identifier", ["un-7005", "un7005"])
@pytest.mark.parametrize("text", ["un-7005", "un7005", "un–7005"])
def test_a_dash_opens_the_account_whatever_the_file_says(world: World, identifier: str, text: str) -> None:
    settle_un(world, identifier)

    assert enter(world, ref=AccountRef(MAGNARD, text)).account == AccountRef(MAGNARD, identifier)
    assert enter(world, ref=AccountRef("bondoufle-gounod", text)).account == AccountRef(MAGNARD, identifier)


def test_variants_of_one_identifier_are_one_count_whether_or_not_it_exists(world: World) -> None:
    settle_un(world, "un-7005")
    variants = ["un-7005", "un7005", "un–7005", "-un7005", "un—7005", "un7005", "un-7005"]

    paces = [
        [outcome(world, ref=AccountRef(MAGNARD, variant.replace("un", letters))) for variant in variants]
        for letters in ("un", "zz")
    ]

    assert paces == [["LoginRefused"] * 5 + ["SlowedDown"] * 2] * 2


def test_two_accounts_that_differ_by_a_dash_open_exactly_and_clear_nothing_of_each_other(world: World) -> None:
    """Otherwise the owner of one could log in now and then, and guess at the other for ever."""
    settle_un(world, "un-7005")
    settle_un(world, "un7005", password="Merle7Moqueur")
    assert enter(world, ref=AccountRef(MAGNARD, "un-7005")).account.identifier == "un-7005"
    assert outcome(world, PASSWORD, AccountRef(MAGNARD, "un–7005")) == "LoginRefused"

    guesses = 0
    while guesses < 10 and outcome(world, ref=AccountRef(MAGNARD, "un-7005")) == "LoginRefused":
        guesses += 1
        outcome(world, "Merle7Moqueur", AccountRef(MAGNARD, "un7005"))

    assert guesses < 5


def test_a_browser_known_to_one_of_them_is_a_stranger_to_the_other(world: World) -> None:
    settle_un(world, "un-7005")
    cookie = world.device(AccountRef(MAGNARD, "un-7005"))
    lock_out(world, AccountRef(MAGNARD, "un7005"))
    assert outcome(world, PASSWORD, AccountRef(MAGNARD, "un7005")) == "SlowedDown"
    assert outcome(world, PASSWORD, AccountRef(MAGNARD, "un7005"), cookie) == MAGNARD, "known under every spelling"
    settle_un(world, "un7005", password="Merle7Moqueur")
    cookie = world.device(AccountRef(MAGNARD, "un7005"))
    for _ in range(5):
        outcome(world, ref=AccountRef(MAGNARD, "un-7005"), cookie=cookie)

    assert outcome(world, PASSWORD, AccountRef(MAGNARD, "un-7005"), cookie) == "SlowedDown"
    assert outcome(world, "Merle7Moqueur", AccountRef(MAGNARD, "un7005"), cookie) == MAGNARD
