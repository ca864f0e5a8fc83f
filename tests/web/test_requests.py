"""A mail's link leads, after login, to its page: a page on our list, once, and never any other address."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib import wiring
from chalicelib.domain.account.accounts import AccountRef
from chalicelib.web.requests import target_of, target_path
from tests.support.enrolment import ZELIE_KEY, open_season
from tests.support.world import PUBLIC_URL, ROSSIGNOL, Visitor, World
from tools.local.cdn import LocalCdn

HOME = "/extranet/compte"
SUITE = "clef-suite"
RECEIPT = f"{HOME}/reinscription/recus/R27-BCDF-GHJK"
LISTED = {
    path: path
    for path in (
        *(f"{HOME}/{page}" for page in ("famille", "famille/e-mail/code", "eleves", "facturation", "mot-de-passe")),
        *(f"{HOME}/reinscription{page}" for page in ("", "/foyer", "/pieces", "/recapitulatif", "/rien-ne-change")),
        *(f"{HOME}/reinscription/eleves/{ZELIE_KEY}", RECEIPT),
        *(f"{HOME}/eleves/{ZELIE_KEY}{page}" for page in ("", "/appreciations", "/agenda")),
    )
} | {f"{RECEIPT}/pdf": RECEIPT, f"{RECEIPT}/agenda": RECEIPT}  # the page that offers the file
FORGED = (
    *("https://example.net", "//example.net", "/\\example.net", "/extranet/bureau", "../bureau", "reinscription/../.."),
    *("deconnexion", "connexion", "eleves/", "eleves?x", "eleves%0d%0aLocation:x", "eleves\nx", "reinscription/eleves"),
    *(f"reinscription/recus/{'A' * 65}", "reinscription/recus/é", "reinscription/recus/a/b", ""),
)


def made(cookies: list[str]) -> dict[str, str]:
    """Read cookies as they are set: the name, then all the rest."""
    return {name: rest for name, _, rest in (cookie.partition("=") for cookie in cookies)}


@pytest.mark.wing("billing")
def test_pages_that_a_mail_may_lead_to_are_listed_and_a_cookie_holds_no_other() -> None:
    assert {path: target_path(target_of(path)) for path in LISTED} == LISTED
    assert [target_path(value) for value in FORGED] == [""] * len(FORGED)
    assert [target_of(f"{HOME}/{value}") for value in FORGED] == [""] * len(FORGED)


def test_a_link_leads_after_login_to_what_it_spoke_of_and_only_once(world: World, visitor: Visitor) -> None:
    open_season(world)

    first = visitor.get(f"{HOME}/reinscription", headers={"Sec-Fetch-Site": "cross-site"})
    cookie = visitor.cookie(SUITE)
    second = visitor.log_in()

    assert (first.status_code, first.location) == (303, "/extranet/usager")
    assert made(first.headers.getlist("Set-Cookie")) == {
        SUITE: "reinscription; Path=/; HttpOnly; SameSite=Lax; Max-Age=1800"
    }
    assert cookie == "reinscription"
    assert (second.status_code, second.location) == (303, f"{HOME}/reinscription")
    assert set(made(second.headers.getlist("Set-Cookie"))) == {"clef", "clef-appareil", SUITE}
    assert visitor.get(second.location).status_code == 200
    assert visitor.cookie(SUITE) is None
    assert visitor.log_in().location == HOME


def test_over_tls_its_cookie_is_bound_to_the_host(world: World, front: LocalCdn) -> None:
    network = replace(world.services.settings.network, public_url="https://extranet.example.fr")
    services = replace(world.services, settings=replace(world.services.settings, network=network))

    with wiring.using(services):
        answer = Visitor(front).get(f"{HOME}/eleves")

    assert answer.headers["Set-Cookie"] == (
        "__Host-clef-suite=eleves; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=1800"
    )


def test_what_is_not_listed_leaves_no_cookie(world: World, visitor: Visitor) -> None:
    world.settle()

    answers = [visitor.get(HOME), visitor.post(f"{HOME}/mot-de-passe"), visitor.post(f"{HOME}/reinscription/foyer")]

    assert all("Set-Cookie" not in answer.headers for answer in answers)
    assert visitor.log_in().location == HOME


@pytest.mark.parametrize("value", FORGED)
def test_a_cookie_that_somebody_made_up_leads_nowhere(world: World, visitor: Visitor, value: str) -> None:
    world.settle()
    visitor.show(value, SUITE)

    assert visitor.log_in().location == HOME


def test_a_refused_login_keeps_where_the_link_led(world: World, visitor: Visitor) -> None:
    open_season(world)
    visitor.get(f"{HOME}/eleves")

    answer = visitor.log_in(password="Faux1234")

    assert (answer.status_code, "Set-Cookie" in answer.headers) == (401, False)
    assert visitor.log_in().location == f"{HOME}/eleves"


def test_a_session_that_ended_comes_back_to_its_page(world: World, visitor: Visitor) -> None:
    open_season(world)
    visitor.log_in()
    world.wait(timedelta(minutes=61))

    assert visitor.get(f"{HOME}/eleves").location == "/extranet/usager"
    assert visitor.log_in().location == f"{HOME}/eleves"


def test_a_password_to_be_chosen_comes_first(world: World, visitor: Visitor) -> None:
    world.settle(origin="mailed")
    world.set_mode("must_change")
    with wiring.using(world.services):
        visitor.get(f"{HOME}/eleves")
        visitor.log_in()

        assert visitor.get(f"{HOME}/eleves").location == f"{HOME}/mot-de-passe"


def test_another_family_that_logs_in_gets_no_dead_end_nor_a_word_of_the_first(world: World, visitor: Visitor) -> None:
    """Two accounts of one family at two sites, or two families at one keyboard."""
    open_season(world)
    ref = world.settle(AccountRef("evry-magnard", ROSSIGNOL.identifier)).ref
    visitor.get(RECEIPT)

    led = visitor.log_in(ref).location
    by_the_login = visitor.get(led, headers={"Referer": f"{PUBLIC_URL}/extranet/usager"})
    by_itself = visitor.get(led)
    by_another = visitor.get(led, headers={"Referer": "https://example.net/extranet/usager"})

    assert led == RECEIPT
    assert (by_the_login.status_code, by_the_login.location) == (303, HOME)
    assert [by_itself.status_code, by_another.status_code] == [404, 404]


def test_a_login_that_leads_on_costs_aws_as_much_as_any(world: World, visitor: Visitor) -> None:
    world.settle()
    visitor.log_in()
    before = len(world.aws.calls)
    visitor.show(None)
    visitor.log_in()
    usual = len(world.aws.calls) - before
    visitor.show(None)

    count = len(world.aws.calls)
    visitor.get(f"{HOME}/eleves")
    led = len(world.aws.calls)
    visitor.log_in()

    assert (led - count, len(world.aws.calls) - led) == (0, usual)


def test_neither_the_record_nor_an_address_holds_where_a_link_led(world: World, visitor: Visitor) -> None:
    open_season(world)

    answer = visitor.get(RECEIPT)
    visitor.log_in()

    assert not re.search("R27-BCDF|suite", answer.location + world.log.getvalue())
