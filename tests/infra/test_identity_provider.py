"""Hostile and slow answers of an identity provider: at the registration of agents, and that of families by RS256."""

import hmac
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.identity.openid import AnswerRefused, AuthRequest, ClientRegistration, Identity
from chalicelib.domain.refusals import Unavailable
from chalicelib.infra import identity_provider
from chalicelib.infra.identity_provider import IdentityProvider
from tests.support.provider import CLIENT, EMAIL, MFA, SECRET, Provider, coded, jwk_of_rsa, serving

NOW = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
BACK = "https://extranet.example.org/retour"
EIDAS = ("eidas1", "eidas2", "eidas3")
CONFIGURATION = "/.well-known/openid-configuration"
ELSEWHERE = "https://elsewhere.example"
LATER = 4_200_000_000
SELF_ASSERTED = "https://proconnect.gouv.fr/assurance/self-asserted"

Change = Callable[[Provider], object]
Case = tuple[str, Change]


@pytest.fixture(scope="module")
def server() -> Iterator[Provider]:
    with serving(Provider(), lambda: int(NOW.timestamp())) as provider:
        yield provider


def reset(provider: Provider, **fields: Any) -> Provider:
    vars(provider).update(vars(Provider(issuer=provider.issuer, **fields)))
    return provider


@pytest.fixture
def proconnect(server: Provider) -> Provider:
    return reset(server)


@pytest.fixture
def franceconnect(server: Provider) -> Provider:
    return reset(server, algorithm="RS256", acr="eidas1", has_pkce=False)


@pytest.fixture(params=["proconnect", "franceconnect"])
def provider(request: pytest.FixtureRequest) -> Provider:
    provider_used: Provider = request.getfixturevalue(request.param)
    return provider_used


def client_of(provider: Provider) -> IdentityProvider:
    of_agents = provider.acr == MFA
    levels = (MFA,) if of_agents else EIDAS
    return IdentityProvider(ClientRegistration(provider.issuer, CLIENT, levels, of_agents), SECRET)


def redeem(provider: Provider, change: Change | None = None, client: IdentityProvider | None = None) -> Identity:
    """Send a browser there and redeem its code, after a change of the provider's answers."""
    client = client or client_of(provider)
    auth_request = AuthRequest.new(NOW, has_pkce=client.describe(NOW).has_pkce)
    request_params = {"nonce": auth_request.nonce, "redirect_uri": BACK}
    if auth_request.verifier:
        request_params |= {"code_challenge": auth_request.challenge}
    provider.codes["a-code"] = request_params
    if change:
        change(provider)
        client = client_of(provider)  # another process, which has read nothing yet
    return client.redeem("a-code", auth_request, BACK, NOW)[0]


def claims(why: str, **changes: object) -> Case:
    return why, lambda provider: provider.claims.update(changes)


def userinfo(why: str, **changes: object) -> Case:
    return why, lambda provider: provider.userinfo.update(changes)


def header(why: str, **changes: object) -> Case:
    return why, lambda provider: provider.header.update(changes)


def signed(why: str, sign: Callable[[Provider, bytes], bytes]) -> Case:
    return why, lambda provider: setattr(provider, "sign", sign)


def answers(why: str, path: str, body: object, kind: str = "application/json", status: int = 200) -> Case:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return why, lambda provider: provider.answers.update({path: (status, kind, content)})


def tokens(why: str, body: object) -> Case:
    return answers(why, "/token_endpoint", body)


def userinfo_body(why: str, body: bytes, kind: str = "application/jwt") -> Case:
    return answers(why, "/userinfo_endpoint", body, kind)


def described(why: str, **changes: object) -> Case:
    def change(provider: Provider) -> None:
        _, kind, body = provider.answer(CONFIGURATION, {}, "", 0)
        provider.answers[CONFIGURATION] = (200, kind, json.dumps(json.loads(body) | changes).encode())

    return why, change


def keys(why: str, *missing: str, **changes: object) -> Case:
    def change(provider: Provider) -> None:
        key = {name: value for name, value in (provider.jwk() | changes).items() if name not in missing}
        provider.answers["/jwks_uri"] = (200, "application/json", json.dumps({"keys": [key]}).encode())

    return why, change


def several_keys(why: str, *more: Mapping[str, str]) -> Case:
    def change(provider: Provider) -> None:
        body = json.dumps({"keys": [*more, provider.jwk()]}).encode()
        provider.answers["/jwks_uri"] = (200, "application/json", body)

    return why, change


def payload(why: str, text: bytes) -> Case:
    """Send a signed user info with this very text."""

    def change(provider: Provider) -> None:
        head = coded(json.dumps({"alg": provider.algorithm, "kid": provider.kid}).encode())
        message = f"{head}.{coded(text)}".encode()
        token = message + b"." + coded(provider.signature(message)).encode()
        provider.answers["/userinfo_endpoint"] = (200, "application/jwt", token)

    return why, change


def by_hmac(secret: Callable[[Provider], bytes]) -> Callable[[Provider, bytes], bytes]:
    return lambda provider, message: hmac.digest(secret(provider), message, "sha256")


def called_hs256(secret: Callable[[Provider], bytes]) -> Case:
    def change(provider: Provider) -> None:
        provider.header["alg"] = "HS256"
        provider.sign = by_hmac(secret)

    return "alg", change


def called_by_the_other_algorithm(provider: Provider) -> None:
    provider.header["alg"] = "ES256" if provider.algorithm == "RS256" else "RS256"


def public_key(provider: Provider) -> bytes:
    return json.dumps(provider.jwk()).encode()


def other_signature(provider: Provider, message: bytes) -> bytes:
    """Sign by a key of the other kind, which the provider does not publish."""
    return Provider(algorithm="ES256" if provider.algorithm == "RS256" else "RS256").signature(message)


def by_rs256(provider: Provider) -> None:
    provider.algorithm = "RS256"


def by_an_issuer_with_a_slash(provider: Provider) -> None:
    provider.claims["iss"] = f"{provider.issuer}/"


def describes_a_slash(provider: Provider) -> None:
    described("", issuer=f"{provider.issuer}/")[1](provider)


SPLIT = {"id_token": "a.b.c", "access_token": "x\r\nHost: elsewhere.example", "token_type": "Bearer"}
TWICE = b'{"iss": "x", "sub": "agent-2", "sub": "agent-1"}'
HOSTILE: dict[str, Case] = {
    "ID token: of another issuer": claims("iss", iss=ELSEWHERE),
    "ID token: of no issuer": claims("iss", iss=None),
    "ID token: for another client": claims("aud", aud="another"),
    "ID token: for us and another": claims("aud", aud=[CLIENT, "another"]),
    "ID token: without an audience": claims("aud", aud=None),
    "ID token: given to another client": claims("azp", azp="another"),
    "ID token: over": claims("exp", exp=1),
    "ID token: without an end": claims("exp", exp=None),
    "ID token: whose end is a text": claims("exp", exp="9999999999"),
    "ID token: whose end is no moment": claims("exp", exp=10**30),
    "ID token: whose end is a truth": claims("exp", exp=True),
    "ID token: issued long ago": claims("iat", iat=1),
    "ID token: issued in a later century": claims("iat", iat=LATER),
    "ID token: not yet": claims("nbf", nbf=LATER),
    "ID token: with the nonce of another request": claims("nonce", nonce=AuthRequest.new(NOW).nonce),
    "ID token: without a nonce": claims("nonce", nonce=None),
    "ID token: with a list of nonces": claims("nonce", nonce=["a"]),
    "ID token: at a level of no registration": claims("acr", acr="eidas0"),
    "ID token: at the level of an unproven agent": claims("acr", acr=SELF_ASSERTED),
    "ID token: without a level": claims("acr", acr=None),
    "ID token: at several levels": claims("acr", acr=["eidas1", MFA]),
    "ID token: of no person": claims("sub", sub=None),
    "ID token: of an empty name": claims("sub", sub=""),
    "ID token: of a number": claims("sub", sub=1),
    "ID token: of a name too long": claims("sub", sub="x" * 256),
    "signature: none": header("alg", alg="none"),
    "signature: by a secret that is the public key": called_hs256(public_key),
    "signature: by a secret that is our client's": called_hs256(lambda _: SECRET.encode()),
    "signature: HMAC under the key's algorithm": signed("signature", by_hmac(public_key)),
    "signature: of the other algorithm, for this key": ("signature", called_by_the_other_algorithm),
    "signature: by a key of the other kind": signed("signature", other_signature),
    "signature: ES384": header("alg", alg="ES384"),
    "signature: PS256": header("alg", alg="PS256"),
    "signature: several algorithms": header("alg", alg=["ES256", "RS256"]),
    "signature: by another key": signed("signature", lambda _, message: Provider().signature(message)),
    "signature: zeros": signed("signature", lambda _provider, _message: b"\0" * 64),
    "signature: empty": signed("signature", lambda _provider, _message: b""),
    "signature: in DER": signed("signature", lambda provider, message: provider.signature_in_der(message)),
    "header: a key that is not among its keys": header("key_unknown", kid="key-9"),
    "header: no key named": header("header_unreadable", kid=None),
    "header: an unknown extension that must be understood": header("header_unreadable", crit=["exp"]),
    "header: its own key": header("key_unknown", kid="own", jwk=Provider().jwk()),
    "userinfo: of another person": userinfo("sub", sub="agent-2"),
    "userinfo: of no person": userinfo("sub", sub=None),
    "userinfo: of another issuer": userinfo("iss", iss=ELSEWHERE),
    "userinfo: for another client": userinfo("aud", aud="another"),
    "userinfo: over": userinfo("exp", exp=1),
    "userinfo: unsigned": userinfo_body("userinfo_unsigned", b'{"sub": "agent-1"}', "application/json"),
    "userinfo: unsigned, and called signed": userinfo_body("token_unreadable", b'{"sub": "agent-1"}'),
    "userinfo: encrypted": userinfo_body("token_unreadable", b"e30.e30.e30.e30.e30"),
    "userinfo: not ASCII": userinfo_body("token_unreadable", "é.b.c".encode()),
    "userinfo: huge": userinfo_body("token_unreadable", b"a" * 20_000),
    "userinfo: a name twice": payload("claims_unreadable", TWICE),
    "userinfo: after a byte order mark": payload("claims_unreadable", "\ufeff{}".encode()),
    "userinfo: in UTF-16": payload("claims_unreadable", "{}".encode("utf-16")),
    "userinfo: a list": payload("claims_unreadable", b"[]"),
    "tokens: no JSON": tokens("tokens_unreadable", b"<html>"),
    "tokens: a list": tokens("tokens_unreadable", []),
    "tokens: after a byte order mark": tokens("tokens_unreadable", b"\xef\xbb\xbf{}"),
    "tokens: none": tokens("tokens_unreadable", {"token_type": "Bearer"}),
    "tokens: of another kind": tokens("token_type", {"id_token": "a.b.c", "access_token": "x", "token_type": "mac"}),
    "tokens: a name twice": tokens("tokens_unreadable", b'{"id_token": "a", "id_token": "b", "access_token": "x"}'),
    "tokens: that would split the next call": tokens("token_unreadable", SPLIT),
    "keys: for encryption": keys("key_unknown", use="enc"),
    "keys: of another algorithm": keys("key_unknown", alg="RS512"),
    "keys: without a member": keys("key_unknown", "x", "n"),
    "keys: of a name twice": several_keys("key_twice", Provider().jwk(), Provider().jwk()),
    "description: another issuer": described("iss", issuer=ELSEWHERE),
    "description: keys in clear, elsewhere": described("description_unreadable", jwks_uri="http://elsewhere.example/k"),
    "description: tokens from a file": described("description_unreadable", token_endpoint="file:///etc/passwd"),
    "description: no user info": described("description_unreadable", userinfo_endpoint=None),
    "description: logout in clear": described("description_unreadable", end_session_endpoint="http://elsewhere.example"),
    "description: logout by a script": described("description_unreadable", end_session_endpoint="javascript:alert(1)"),
    "description: no keys": answers("keys_unreadable", "/jwks_uri", {}),
    "description: no JSON": answers("description_unreadable", CONFIGURATION, b"<html>", "text/html"),
}  # fmt: skip
OF_AGENTS: dict[str, Case] = {
    "ID token: at a level of one factor": claims("acr", acr="eidas1"),
    "ID token: by RS256, whose key is published": ("key_unknown", by_rs256),
    "userinfo: without an address": userinfo("email", email=None),
    "userinfo: an invalid address": userinfo("email", email="troglodyte"),
    "userinfo: several addresses": userinfo("email", email=[EMAIL]),
    "userinfo: an address with an accent": userinfo("email", email="troglodyté@example.org"),
    "userinfo: an address that was not verified": userinfo("email", email_verified=False),
    "userinfo: an address without a verification": userinfo("email", email_verified=None),
    "userinfo: an address that was verified in words": userinfo("email", email_verified="true"),
    "userinfo: an address that was verified once": userinfo("email", email_verified=1),
    "keys: another curve": keys("key_unknown", crv="P-384"),
    "keys: a point that is none": keys("key_unknown", x=coded(b"\1" * 32)),
}  # fmt: skip
OF_FAMILIES: dict[str, Case] = {
    "ID token: at the level of agents": claims("acr", acr=MFA),
    "ID token: of an issuer with a slash": ("iss", by_an_issuer_with_a_slash),
    "description: of an issuer with a slash": ("iss", describes_a_slash),
    "keys: two kinds under one name": several_keys("key_twice", Provider().jwk()),
    "keys: an exponent of one": keys("key_unknown", e="AQ"),
    "keys: a curve on RSA": keys("key_unknown", crv="P-256"),
}  # fmt: skip
SILENT: dict[str, Case] = {
    "description: a port that is none": described("ValueError", jwks_uri="https://elsewhere.example:99999/keys"),
    "description: a host that is none": described("InvalidURL", token_endpoint="https://a b/"),
    "description: an error": answers("500", CONFIGURATION, b"", status=500),
    "description: led elsewhere": answers("302", CONFIGURATION, b"", status=302),
    "description: endless": answers("200", CONFIGURATION, b" " * 100_000),
    "tokens: led elsewhere": answers("307", "/token_endpoint", b"", status=307),
    "tokens: the code is used already": answers("400", "/token_endpoint", {"error": "invalid_grant"}, status=400),
    "userinfo: endless": answers("200", "/userinfo_endpoint", b"a" * 100_000, "application/jwt"),
}


def test_a_person_is_identified_by_a_provider(provider: Provider) -> None:
    assert redeem(provider) == Identity("agent-1", EMAIL)
    assert redeem(provider, lambda made: made.claims.update(aud=[CLIENT])) == Identity("agent-1", EMAIL)


@pytest.mark.parametrize(("why", "change"), HOSTILE.values(), ids=HOSTILE.keys())
def test_an_invalid_answer_identifies_nobody(provider: Provider, why: str, change: Change) -> None:
    with pytest.raises(AnswerRefused, match=f"^{why}$"):
        redeem(provider, change)


@pytest.mark.parametrize(("why", "change"), OF_AGENTS.values(), ids=OF_AGENTS.keys())
def test_an_agent_has_two_factors_and_a_verified_address(proconnect: Provider, why: str, change: Change) -> None:
    with pytest.raises(AnswerRefused, match=f"^{why}$"):
        redeem(proconnect, change)


@pytest.mark.parametrize(("why", "change"), OF_FAMILIES.values(), ids=OF_FAMILIES.keys())
def test_a_family_s_answer_has_its_own_level_and_keys(franceconnect: Provider, why: str, change: Change) -> None:
    with pytest.raises(AnswerRefused, match=f"^{why}$"):
        redeem(franceconnect, change)


@pytest.mark.parametrize(("why", "change"), SILENT.values(), ids=SILENT.keys())
def test_a_wrong_status_or_size_is_an_absent_provider(provider: Provider, why: str, change: Change) -> None:
    with pytest.raises(Unavailable, match=why):
        redeem(provider, change)


@pytest.mark.filterwarnings("ignore:Key size")
def test_a_short_key_of_rsa_is_ignored(franceconnect: Provider) -> None:
    _, change = keys("", n=jwk_of_rsa("short", 1_024)["n"])

    with pytest.raises(AnswerRefused, match="key_unknown"):
        redeem(franceconnect, change)


@pytest.mark.parametrize("level", EIDAS)
def test_a_family_may_prove_more_than_was_asked(franceconnect: Provider, level: str) -> None:
    assert redeem(franceconnect, claims("", acr=level)[1]).subject == "agent-1"


@pytest.mark.parametrize("value", [None, False, "false"])
def test_a_family_s_address_needs_no_verification_there(franceconnect: Provider, value: object) -> None:
    assert redeem(franceconnect, userinfo("", email_verified=value)[1]).email == EMAIL


@pytest.mark.parametrize("email", [None, "", "troglodyte", [EMAIL], "troglodyté@example.org", f"a@{'b' * 300}.fr"])
def test_a_family_may_have_no_address_there(franceconnect: Provider, email: object) -> None:
    assert redeem(franceconnect, userinfo("", email=email)[1]) == Identity("agent-1", "")


def test_families_take_the_key_of_either_algorithm(franceconnect: Provider) -> None:
    _, key_set = several_keys("", Provider(kid="key-2").jwk())

    assert redeem(franceconnect, key_set)
    reset(franceconnect, acr="eidas1", has_pkce=False)
    assert redeem(franceconnect, several_keys("", jwk_of_rsa("key-2"))[1])


def test_a_description_is_kept_an_hour_or_until_another_key_signs(provider: Provider) -> None:
    client = client_of(provider)
    client.describe(NOW)
    client.describe(NOW + timedelta(minutes=59))
    assert provider.paths.count("/jwks_uri") == 1

    client.describe(NOW + timedelta(hours=1))
    assert provider.paths.count("/jwks_uri") == 2

    provider.kid = "key-2"
    assert redeem(provider, client=client).subject == "agent-1"
    assert provider.paths.count("/jwks_uri") == 3


# Slow answers: one limit for all calls of one answer.


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity_provider, "PATIENCE", 0.1)


ENOUGH = 2.5  # seconds on a busy machine, and less than the limit that `_impatient` shortens


def seconds_of(call: Callable[[], object]) -> float:
    began = time.monotonic()
    with pytest.raises(Unavailable):
        call()
    return time.monotonic() - began


@pytest.mark.usefixtures("_impatient")
def test_four_calls_that_are_each_a_little_late_share_one_limit(franceconnect: Provider) -> None:
    franceconnect.delay = 0.04  # each call takes 40 % of the time

    client = client_of(franceconnect)
    assert seconds_of(lambda: client.redeem("a-code", AuthRequest.new(NOW), BACK, NOW)) < ENOUGH
    assert "/userinfo_endpoint" not in franceconnect.paths


@pytest.mark.usefixtures("_impatient")
@pytest.mark.parametrize("step", [CONFIGURATION, "/jwks_uri", "/token_endpoint", "/userinfo_endpoint"])
def test_a_late_answer_at_each_step_is_not_waited_for(franceconnect: Provider, step: str) -> None:
    def change(provider: Provider) -> None:
        provider.late = step

    assert seconds_of(lambda: redeem(franceconnect, change)) < ENOUGH


@pytest.mark.usefixtures("_impatient")
@pytest.mark.parametrize(
    "content", [b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\n\r\n"], ids=["none", "head", "body"]
)
def test_silence_and_bytes_in_drops_end_in_time_with_their_connection(content: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        drip = threading.Thread(target=drop_by_drop, args=(listener, content), daemon=True)
        drip.start()

        assert seconds_of(lambda: client_at(listener).describe(NOW)) < ENOUGH

        drip.join(1)
        assert not drip.is_alive(), "its connection was not closed"


@pytest.mark.usefixtures("_impatient")
def test_a_connection_that_is_never_accepted_ends_in_time() -> None:
    listener = socket.create_server(("127.0.0.1", 0), backlog=0)
    with listener, socket.create_connection(listener.getsockname()):  # the queue is full
        assert seconds_of(lambda: client_at(listener).describe(NOW)) < ENOUGH


def client_at(listener: socket.socket) -> IdentityProvider:
    issuer = f"http://127.0.0.1:{listener.getsockname()[1]}"
    return IdentityProvider(ClientRegistration(issuer, CLIENT, EIDAS), SECRET)


def drop_by_drop(listener: socket.socket, content: bytes) -> None:
    """Answer these bytes, then one each hundredth of a second, until the other end closes."""
    line, _ = listener.accept()
    with line, suppress(OSError):
        line.sendall(content)
        while content:
            line.sendall(b"x")
            time.sleep(0.01)
        while line.recv(4_096):
            pass
