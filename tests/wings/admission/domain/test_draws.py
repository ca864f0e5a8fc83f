"""A draw: the frozen list, the order from the seed, and its independence of anything else."""

from datetime import UTC, date, datetime
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.wings.admission.domain.applications import CandidateRef
from chalicelib.wings.admission.domain.draws import (
    Draw,
    NoList,
    Preparation,
    Ticket,
    list_text,
    order_of,
    order_text,
    positions,
    prepare,
    seed_from,
    tickets_from,
    tickets_of,
)

SITE, SEASON = "evry-xenakis", "2027"
PREPARED = Preparation("les cinq numéros du Loto", date(2027, 7, 3), datetime(2027, 6, 20, 8, tzinfo=UTC), "M. Merle")
RUN_AT = datetime(2027, 7, 5, 8, tzinfo=UTC)
NAMES = st.integers(0, 16**8 - 1).map(lambda number: f"P27-{number >> 16:04X}-{number % 16**4:04X}")
KEYS = st.lists(st.integers(0, 16**8 - 1).map("{:08x}".format), min_size=1, max_size=4, unique=True)
TICKETS = st.lists(
    st.builds(Ticket, NAMES, st.integers(1, 3), KEYS.map(tuple)), max_size=25, unique_by=lambda ticket: ticket.name
)
SEEDS = st.text(st.characters(min_codepoint=33, max_codepoint=255, exclude_categories=["Cc", "Cf"]), min_size=1)


def prepared(*tickets: Ticket, site: str = SITE) -> Draw:
    return prepare(site, SEASON, tickets, PREPARED)


def run(*tickets: Ticket, seed: str = "04-11-23-38-42", site: str = SITE) -> Draw:
    return prepared(*tickets, site=site).run(seed, "M. Merle", RUN_AT)


def test_the_order_is_the_one_that_was_published_once_for_all() -> None:
    tickets = [Ticket(f"P27-K4TN-8WC{last}", 1) for last in "ABCDEF"]

    order = order_of(run(*tickets))

    # Computed by openssl: printf '2027 evry-xenakis P27-K4TN-8WCA' | openssl dgst -sha256 -hmac 04-11-23-38-42
    assert "".join(name[-1] for name in order) == "AECDBF"


@settings(max_examples=30)
@given(TICKETS, SEEDS, st.randoms())
def test_the_order_depends_on_nothing_but_list_and_seed(tickets: list[Ticket], seed: str, random: Random) -> None:
    other_way = sorted(tickets, key=lambda _: random.random())

    draw = run(*tickets, seed=seed)
    second = prepare(SITE, SEASON, other_way, Preparation("autre chose", date(2027, 7, 4), RUN_AT, "Mme Pie"))
    second = second.run(seed, "Mme Pie", RUN_AT)

    assert list(order_of(draw).items()) == list(order_of(second).items())
    assert draw.digest == second.digest
    assert sorted(order_of(draw).values()) == list(range(1, len(tickets) + 1))


@settings(max_examples=30)
@given(TICKETS, SEEDS)
def test_groups_come_first_in_their_order(tickets: list[Ticket], seed: str) -> None:
    order = order_of(run(*tickets, seed=seed))

    groups = {ticket.name: ticket.group for ticket in tickets}
    assert [groups[name] for name in order] == sorted(groups.values())


@settings(max_examples=30)
@given(TICKETS.filter(len), SEEDS)
def test_whoever_leaves_the_list_changes_nothing_between_the_others(tickets: list[Ticket], seed: str) -> None:
    without = list(order_of(run(*tickets[1:], seed=seed)))

    assert without == [name for name in order_of(run(*tickets, seed=seed)) if name != tickets[0].name]


@settings(max_examples=30)
@given(TICKETS, SEEDS)
def test_the_candidates_of_a_ticket_share_its_position(tickets: list[Ticket], seed: str) -> None:
    draw = run(*tickets, seed=seed)
    order = order_of(draw)

    places = positions(draw)

    assert places == {
        CandidateRef(ticket.name, key): order[ticket.name] for ticket in tickets for key in ticket.candidates
    }


@settings(max_examples=30)
@given(TICKETS)
def test_a_list_that_is_published_is_read_as_it_was_written(tickets: list[Ticket]) -> None:
    draw = prepared(*tickets)

    items = tickets_from(draw.list_text)

    assert [(ticket.name, ticket.group) for ticket in items] == [(one.name, one.group) for one in draw.tickets]
    assert list_text(SITE, SEASON, items) == draw.list_text
    assert draw.is_intact


def test_a_list_tells_numbers_and_groups_and_nobody() -> None:
    draw = prepared(Ticket("P27-K4TN-8WCB", 2, ("3f9a12bc",)), Ticket("P27-AAAA-2222", 1, ("aa11aa11", "bb22bb22")))

    assert draw.list_text == "tirage 2027 evry-xenakis\n1 P27-AAAA-2222\n2 P27-K4TN-8WCB\n"


def test_one_seed_gives_another_order_at_another_site() -> None:
    tickets = [Ticket(f"P27-K4TN-{last:04}", 1) for last in range(30)]

    assert list(order_of(run(*tickets))) != list(order_of(run(*tickets, site="villabe-yves-henry")))


def test_nothing_is_ordered_before_the_seed_is_known() -> None:
    draw = prepared(Ticket("P27-K4TN-8WCB", 1, ("3f9a12bc",)))

    assert order_of(draw) == {}
    assert positions(draw) == {}


def test_siblings_are_one_ticket_or_each_has_its_own() -> None:
    keys = ["aa11aa11", None, "cc33cc33"]  # the second one asks for no place at this site

    together = tickets_of("P27-K4TN-8WCB", keys, 1, "one_ticket")
    apart = tickets_of("P27-K4TN-8WCB", keys, 1, "each")

    assert together == (Ticket("P27-K4TN-8WCB", 1, ("aa11aa11", "cc33cc33")),)
    assert apart == (Ticket("P27-K4TN-8WCB/1", 1, ("aa11aa11",)), Ticket("P27-K4TN-8WCB/3", 1, ("cc33cc33",)))
    assert tickets_of("P27-K4TN-8WCB", [None], 1, "one_ticket") == ()
    assert set(map(str, positions(run(*apart)))) == {"P27-K4TN-8WCB/aa11aa11", "P27-K4TN-8WCB/cc33cc33"}


def test_an_order_is_published_a_line_a_ticket() -> None:
    assert order_text({"P27-K4TN-8WCB": 1, "P27-AAAA-2222": 2}) == "1 P27-K4TN-8WCB\n2 P27-AAAA-2222\n"


@pytest.mark.parametrize("text", ["", "   ", "a\nb", "a\u200bb", "4" * 201])
def test_what_is_no_seed_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a seed"):
        seed_from(text)


def test_blanks_around_a_seed_do_not_count() -> None:
    assert seed_from(" 04-11-23-38-42 ") == "04-11-23-38-42"


@pytest.mark.parametrize(
    "text", ["", "1 P27-K4TN-8WCB\n", "tirage 2027 evry\nP27-K4TN-8WCB\n", "tirage 2027 evry\n1 \n"]
)
def test_what_is_no_list_is_refused(text: str) -> None:
    with pytest.raises(NoList):
        tickets_from(text)
