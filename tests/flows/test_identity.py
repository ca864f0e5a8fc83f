"""A login at an identity provider: the questions of both registrations, and the answers that a browser brings back."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest

from chalicelib.domain.identity.openid import AnswerRefused, ClientRegistration
from chalicelib.domain.identity.seals import Seal
from chalicelib.domain.refusals import Unavailable
from chalicelib.flows.identity import ANSWER_WITHIN, ProviderLogin
from tests.support.keys import key_ring
from tests.support.provider import CLIENT, EMAIL, MFA, SECRET, Provider, serving

NOW = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
EIDAS = ("eidas1", "eidas2", "eidas3")
BACK, AFTER = "https://extranet.example.org/retour", "https://extranet.example.org/extranet/usager"


@pytest.fixture
def provider() -> Iterator[Provider]:
    with serving(Provider(acr="eidas1", has_pkce=False), lambda: int(NOW.timestamp())) as peer:
        yield peer


def families(provider: Provider) -> ProviderLogin:
    registration = ClientRegistration(provider.issuer, CLIENT, EIDAS)
    seal = Seal(key_ring("sign-in", 1), "question to FranceConnect")
    return ProviderLogin(registration, SECRET, seal, "openid email", BACK, AFTER)


def agents(provider: Provider) -> ProviderLogin:
    provider.acr = MFA
    registration = ClientRegistration(provider.issuer, CLIENT, (MFA,), of_agents=True)
    seal = Seal(key_ring("staff-forms", 1), "question to ProConnect")
    return ProviderLogin(registration, SECRET, seal, "openid email", BACK)


def asked(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query))


def test_families_ask_for_one_level_and_the_least_data(provider: Provider) -> None:
    address, cookie = families(provider).ask(NOW)

    request = families(provider).open(cookie, NOW)
    assert asked(address) == {
        "response_type": "code", "client_id": CLIENT, "redirect_uri": BACK, "scope": "openid email",
        "acr_values": "eidas1", "state": request.state, "nonce": request.nonce,
    }  # fmt: skip
    assert request.verifier == ""


def test_pkce_goes_to_a_provider_that_offers_it_and_always_to_that_of_agents(provider: Provider) -> None:
    methods = {"code_challenge_method": "S256"}.items()

    assert not methods <= asked(families(provider).ask(NOW)[0]).items()
    assert methods <= asked(agents(provider).ask(NOW)[0]).items()
    provider.has_pkce = True
    login = replace(families(provider), secret="not described yet")
    assert methods <= asked(login.ask(NOW)[0]).items()
    unset = replace(login, registration=replace(login.registration, pkce=False))
    assert not methods <= asked(unset.ask(NOW)[0]).items()


def test_a_code_is_redeemed_as_its_request_was_made(provider: Provider) -> None:
    """Even if the provider has offered PKCE since."""
    address, cookie = families(provider).ask(NOW)
    provider.has_pkce = True
    later = NOW + timedelta(minutes=1)

    request = families(provider).open(cookie, later)

    assert families(provider).identify(request, provider.allow(address), later).email == EMAIL


def test_from_inside_one_logs_in_there_again(provider: Provider) -> None:
    questions = [asked(login(provider).ask(NOW, attaching="session")[0]) for login in (families, agents)]

    assert [question["prompt"] for question in questions] == ["login", "login"]
    assert ["max_age" in question for question in questions] == [False, True]
    assert json.loads(questions[1]["claims"])["id_token"]["acr"] == {"essential": True, "values": [MFA]}


@pytest.mark.parametrize("auth_time", [None, 1], ids=["absent", "old"])
def test_the_moment_of_a_login_counts_for_agents_only(provider: Provider, auth_time: int | None) -> None:
    provider.claims["auth_time"] = auth_time
    address, cookie = families(provider).ask(NOW, attaching="session")
    assert families(provider).identify(families(provider).open(cookie, NOW), provider.allow(address), NOW)

    login = agents(provider)
    address, cookie = login.ask(NOW, attaching="session")
    with pytest.raises(AnswerRefused, match="auth_time"):
        login.identify(login.open(cookie, NOW), provider.allow(address), NOW)


def test_a_logout_there_names_the_token_and_comes_back(provider: Provider) -> None:
    address, cookie = families(provider).ask(NOW)

    identity = families(provider).identify(families(provider).open(cookie, NOW), provider.allow(address), NOW)

    ends = asked(identity.logout)
    assert identity.logout.startswith(f"{provider.issuer}/end_session_endpoint?")
    assert (ends["post_logout_redirect_uri"], ends["id_token_hint"].count("."), len(ends["state"])) == (AFTER, 2, 64)
    assert identity.logout not in repr(identity)


@pytest.mark.parametrize(
    ("why", "changes"),
    [
        ("state", {"state": "another"}),
        ("state", {"state": ""}),
        ("state", {"state": "é"}),
        ("declined", {"error": "access_denied"}),
        ("declined", {"code": ""}),
        ("iss", {"iss": "https://auth.agentconnect.gouv.fr/api/v2"}),
        ("iss", {"iss": ""}),
    ],
)
def test_an_answer_s_parameters_must_match(provider: Provider, why: str, changes: dict[str, str]) -> None:
    login = families(provider)
    address, cookie = login.ask(NOW)

    with pytest.raises(AnswerRefused, match=why):
        login.identify(login.open(cookie, NOW), provider.allow(address) | changes, NOW)

    assert "/token_endpoint" not in provider.paths


def test_a_request_of_another_provider_or_version_does_not_open(provider: Provider) -> None:
    (_, of_agents), (_, cookie) = agents(provider).ask(NOW), families(provider).ask(NOW)
    seal = families(provider).seal
    newer = seal.seal_text(*(seal.open_text(cookie) or ()), "a word that a newer version adds")

    for text in (of_agents, newer, "", "x", "é", cookie[:-4]):
        with pytest.raises(AnswerRefused, match="question_unknown"):
            families(provider).open(text, NOW)


def test_a_request_ends_after_a_quarter_of_an_hour(provider: Provider) -> None:
    login = families(provider)
    _, cookie = login.ask(NOW)
    assert login.open(cookie, NOW + ANSWER_WITHIN)

    for moment in (NOW + ANSWER_WITHIN + timedelta(seconds=1), NOW - timedelta(seconds=1)):
        with pytest.raises(AnswerRefused, match="question_old"):
            login.open(cookie, moment)


def test_a_code_is_taken_once(provider: Provider) -> None:
    login = families(provider)
    address, cookie = login.ask(NOW)
    answer, request = provider.allow(address), login.open(cookie, NOW)
    login.identify(request, answer, NOW)

    with pytest.raises(Unavailable, match="400"):
        login.identify(request, answer, NOW)


def test_an_absent_provider_is_not_asked() -> None:
    with pytest.raises(Unavailable):
        families(Provider(issuer="http://127.0.0.1:9")).ask(NOW)  # the discard port: nothing listens
