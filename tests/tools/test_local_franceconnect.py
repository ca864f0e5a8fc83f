"""The local FranceConnect: a person is chosen by a button, and a wrong request is refused by its wrong part."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet
from werkzeug.test import Client, TestResponse
from werkzeug.wrappers import Request

from tools.local.franceconnect import CLIENT, PEOPLE, RETURN_PATH, SECRET, LocalFranceConnect

ISSUER, PUBLIC_URL = "http://localhost:8000/_local/franceconnect", "http://127.0.0.1:8000"
NOW = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
BACK = PUBLIC_URL + RETURN_PATH
ASKED = {
    "client_id": CLIENT, "redirect_uri": BACK, "response_type": "code", "scope": "openid email", "acr_values": "eidas1",
    "state": "s", "nonce": "n" * 22,
}  # fmt: skip
REDEEMED = {"client_id": CLIENT, "client_secret": SECRET, "redirect_uri": BACK}
PERSON = PEOPLE[1]


@pytest.fixture
def provider() -> Client:
    connect = LocalFranceConnect(ISSUER, PUBLIC_URL, lambda: NOW)
    return Client(Request.application(lambda request: connect.answer(request, request.path)))


def choose(provider: Client, person: str) -> Mapping[str, str]:
    """Press a person's button, and return the parameters that the browser brings back."""
    answer = provider.get("/authorize", query_string=ASKED | {"personne": person})
    assert (answer.status_code, answer.location.partition("?")[0]) == (303, BACK)
    return {name: value for name, (value,) in parse_qs(urlsplit(answer.location).query).items()}


def redeem(provider: Client, code: str, **wrong: str) -> TestResponse:
    return provider.post("/token", data=REDEEMED | {"code": code} | wrong)


def test_a_person_is_who_the_signed_answers_describe(provider: Client) -> None:
    back = choose(provider, PERSON.subject)
    jwks: Any = provider.get("/jwks").json
    keys = KeySet.import_key_set(jwks)
    tokens: Any = redeem(provider, back["code"]).json
    userinfo = provider.get("/userinfo", headers={"Authorization": f"Bearer {tokens['access_token']}"})
    claims = jwt.decode(tokens["id_token"], keys, algorithms=["ES256"]).claims
    about = jwt.decode(userinfo.text, keys, algorithms=["ES256"]).claims

    assert (back["state"], back["iss"]) == ("s", ISSUER)
    assert (claims["sub"], claims["nonce"], claims["acr"]) == (PERSON.subject, "n" * 22, "eidas1")
    assert (userinfo.content_type, about["sub"], about["email"]) == ("application/jwt", PERSON.subject, PERSON.email)
    assert redeem(provider, back["code"]).status_code == 400, "a code opens once"


def test_every_person_and_a_refusal_have_a_button(provider: Client) -> None:
    page = provider.get("/authorize", query_string=ASKED).text

    assert [person.name in page for person in PEOPLE] == [True] * 4
    assert "Refuser" in page
    assert choose(provider, "")["error"] == "access_denied"


@pytest.mark.parametrize("name", [*ASKED, "code_challenge"])
def test_a_wrong_or_unlisted_part_of_a_request_is_refused_by_its_name(provider: Client, name: str) -> None:
    answer = provider.get("/authorize", query_string=ASKED | {name: ""})

    assert (answer.status_code, answer.text) == (400, name)


@pytest.mark.parametrize("name", ["client_secret", "redirect_uri"])
def test_a_code_opens_only_for_its_own_request(provider: Client, name: str) -> None:
    code = choose(provider, PERSON.subject)["code"]

    assert redeem(provider, code, **{name: "another"}).text == name


def test_a_logout_goes_back_to_the_service_only(provider: Client) -> None:
    query = {"id_token_hint": "t", "state": "s", "post_logout_redirect_uri": f"{PUBLIC_URL}/extranet/usager"}
    elsewhere = query | {"post_logout_redirect_uri": "https://elsewhere.example"}

    assert provider.get("/session/end", query_string=query).location == f"{PUBLIC_URL}/extranet/usager?state=s"
    assert provider.get("/session/end", query_string=elsewhere).status_code == 400
