"""Passkeys: a page's response is accepted if all of it is valid, and refused for the least anomaly."""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.hashes import SHA256
from fido2 import cbor

from chalicelib.domain.account.login_methods import Passkey
from chalicelib.domain.identity.authenticator_data import is_signed
from chalicelib.domain.identity.base64url import decode, encode
from chalicelib.domain.identity.webauthn import (
    Assertion,
    PasskeyRefused,
    Registration,
    RelyingParty,
    challenge_of_link,
    new_challenge,
    register,
    verify,
)
from tests.support.authenticator import FLAG, HERE, ORIGIN, PARTY, Authenticator, attested, cose_of_rsa, field, words

NOW = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
CHALLENGE = words(bytes(range(32)))
EVIL = "https://extranet.example.net"
EXTENSIONS = cbor.encode({"credProtect": 2})  # requested by Chromium, not by us


def added(authenticator: Authenticator, **changes: Any) -> Passkey:
    answer = authenticator.make(CHALLENGE, **changes)
    return register(Registration.parse(field(answer)), CHALLENGE, PARTY, "Téléphone", NOW)


def test_a_passkey_is_kept_with_its_key_and_counter() -> None:
    authenticator = Authenticator()
    authenticator.count = 7

    passkey = added(authenticator)

    assert passkey == authenticator.passkey("Téléphone", NOW)
    assert passkey.sign_count == 7


def test_a_signature_of_it_moves_its_counter_on() -> None:
    authenticator = Authenticator()
    passkey = added(authenticator)
    authenticator.count = 3

    answer = Assertion.parse(field(authenticator.use(CHALLENGE)))

    assert verify(answer, passkey, CHALLENGE, PARTY).sign_count == 3


def test_windows_hello_before_11_22h2_has_rs256_alone_and_serves() -> None:
    authenticator = Authenticator.of_old_windows()
    passkey = added(authenticator)
    authenticator.count = 1

    used = verify(Assertion.parse(field(authenticator.use(CHALLENGE))), passkey, CHALLENGE, PARTY)

    assert (used.id, used.public_key, used.sign_count) == (words(authenticator.id), words(authenticator.public), 1)
    second = Authenticator.of_old_windows()
    for odd in (
        authenticator.use(CHALLENGE, private=second.private),
        authenticator.use(CHALLENGE, private=Authenticator().private),
        authenticator.use(CHALLENGE, padding=padding.PSS(padding.MGF1(SHA256()), 32)),
        authenticator.use(CHALLENGE) | {"signature": bytes(256)},
        authenticator.use(CHALLENGE) | {"signature": b""},
    ):
        with pytest.raises(PasskeyRefused, match="signature"):
            verify(Assertion.parse(field(odd)), passkey, CHALLENGE, PARTY)


def test_a_passkey_that_counts_nothing_is_used_again_and_again() -> None:
    authenticator = Authenticator()
    passkey = added(authenticator)

    answer = Assertion.parse(field(authenticator.use(CHALLENGE)))

    assert verify(answer, passkey, CHALLENGE, PARTY) == passkey


@pytest.mark.parametrize(
    "extensions",
    [
        EXTENSIONS,
        cbor.encode({}),
        cbor.encode({"hmac-secret": True, "minPinLength": 300, "credBlob": b"x" * 30, "list": [1, -500, {"a": False}]}),
    ],
)
def test_extensions_that_nobody_asked_for_are_passed_over(extensions: bytes) -> None:
    authenticator = Authenticator()

    passkey = added(authenticator, flags=HERE | FLAG.AT | FLAG.ED, after=extensions)

    answer = authenticator.use(CHALLENGE, flags=HERE | FLAG.ED, after=extensions)
    assert verify(Assertion.parse(field(answer)), passkey, CHALLENGE, PARTY) == passkey


def test_a_challenge_is_like_no_other_and_that_of_a_link_is_always_the_same() -> None:
    assert new_challenge() != new_challenge()
    assert len(decode(new_challenge())) == 32
    assert challenge_of_link("a link") == challenge_of_link("a link") != challenge_of_link("another link")


# Hostile responses of a page, browser, authenticator or colleague, each with the check that refuses it.
def bent(**parts: Any) -> Callable[[Authenticator], dict[str, Any]]:
    return lambda authenticator: authenticator.use(CHALLENGE, **parts)


def client(**parts: Any) -> Callable[[Authenticator], dict[str, Any]]:
    return bent(client=parts)


def changed(name: str, change: Callable[[bytes], bytes]) -> Callable[[Authenticator], dict[str, Any]]:
    """Change the signed data after the signature."""

    def make(authenticator: Authenticator) -> dict[str, Any]:
        answer = authenticator.use(CHALLENGE)
        return answer | {name: change(answer[name])}

    return make


def twice(challenge: str) -> bytes:
    client_data = f'"type":"webauthn.get","challenge":"{CHALLENGE}","origin":"{ORIGIN}","crossOrigin":false'
    return f'{{{client_data},"challenge":"{challenge}"}}'.encode()


HOSTILE: dict[str, tuple[Callable[[Authenticator], dict[str, Any]], str]] = {
    "a registration's answer": (client(type="webauthn.create"), "type"),
    "no type": (client(type=None), "type"),
    "another challenge": (client(challenge=words(bytes(32))), "challenge"),
    "an empty challenge": (client(challenge=""), "challenge"),
    "a challenge that is no words": (client(challenge=7), "challenge"),
    "a challenge in other letters": (client(challenge=CHALLENGE.replace("A", "\u0391")), "challenge"),
    "a challenge with padding": (client(challenge=CHALLENGE + "="), "challenge"),
    "a challenge told twice": (bent(raw_client=twice(words(bytes(32)))), "client_data"),
    "the same challenge told twice": (bent(raw_client=twice(CHALLENGE)), "client_data"),
    "another site's page": (client(origin=EVIL), "origin"),
    "another port": (client(origin="http://localhost:8001"), "origin"),
    "an origin with a path": (client(origin=ORIGIN + "/"), "origin"),
    "a page in another site's frame": (client(crossOrigin=True), "origin"),
    "a frame that is told in words": (client(crossOrigin="false"), "origin"),
    "a connection that was taken over": (client(tokenBinding={"status": "present", "id": "x"}), "token_binding"),
    "client data that is no JSON": (bent(raw_client=b"webauthn.get"), "client_data"),
    "client data that is a list": (bent(raw_client=b"[]"), "client_data"),
    "client data with bytes after it": (bent(raw_client=twice(CHALLENGE) + b"{}"), "client_data"),
    "client data that is no UTF-8": (bent(raw_client=b'{"type":"\xff"}'), "client_data"),
    "client data nested without end": (bent(raw_client=b"[" * 3000), "client_data"),
    "another host's passkey": (bent(party="extranet.example.net"), "party"),
    "nobody there": (bent(flags=FLAG.UV), "unverified"),
    "whoever was there": (bent(flags=FLAG.UP), "unverified"),
    "another key": (bent(private=ec.generate_private_key(ec.SECP256R1())), "signature"),
    "another curve": (bent(private=ec.generate_private_key(ec.SECP384R1())), "signature"),
    "no signature": (changed("signature", lambda _: b""), "signature"),
    "a signature cut short": (changed("signature", lambda signature: signature[:-1]), "signature"),
    "a signature with a byte after it": (changed("signature", lambda signature: signature + b"\0"), "signature"),
    "a signature of zeros": (changed("signature", lambda _: bytes.fromhex("3006020100020100")), "signature"),
    "flags changed after signing": (
        changed("authenticatorData", lambda data: data[:32] + b"\x1d" + data[33:]),
        "signature",
    ),
    "a counter changed after signing": (
        changed("authenticatorData", lambda data: data[:33] + b"\0\0\0\x63"),
        "signature",
    ),
    "authenticator data cut short": (changed("authenticatorData", lambda data: data[:36]), "data"),
    "bytes after the authenticator data": (bent(after=b"\0"), "data"),
    "extensions that are not there": (bent(flags=HERE | FLAG.ED), "data"),
    "extensions that are a list": (bent(flags=HERE | FLAG.ED, after=b"\x80"), "data"),
    "extensions out of order": (bent(flags=HERE | FLAG.ED, after=bytes.fromhex("a26162016161 02")), "data"),
    "an extension told twice": (bent(flags=HERE | FLAG.ED, after=bytes.fromhex("a2616101616102")), "data"),
    "extensions without a length": (bent(flags=HERE | FLAG.ED, after=bytes.fromhex("bf616101ff")), "data"),
    "a number longer than it is": (bent(flags=HERE | FLAG.ED, after=bytes.fromhex("a161611801")), "data"),
    "a fraction": (bent(flags=HERE | FLAG.ED, after=bytes.fromhex("a16161f93c00")), "data"),
    "extensions nested without end": (bent(flags=HERE | FLAG.ED, after=b"\xa1\x61a" + b"\x81" * 2000 + b"\0"), "data"),
    "text that is no UTF-8": (bent(flags=HERE | FLAG.ED, after=bytes.fromhex("a161ff01")), "data"),
    "a string longer than all there is": (bent(flags=HERE | FLAG.ED, after=bytes.fromhex("a16161587f01")), "data"),
    "a new key": (
        lambda authenticator: authenticator.use(
            CHALLENGE, flags=HERE | FLAG.AT, made=attested(authenticator.id, authenticator.public)
        ),
        "data",
    ),
    "a counter gone back": (bent(count=4), "counter"),
    "a counter that stands": (bent(count=5), "counter"),
    "a counter gone to nothing": (bent(count=0), "counter"),
    "another credential's id": (changed("id", lambda _: b"another passkey"), "credential"),
    "no id": (changed("id", lambda _: b""), "form"),
    "an id longer than any": (changed("id", lambda _: bytes(1024)), "form"),
    "something more": (changed("id", bytes), "form"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_an_odd_answer_opens_nothing(case: str) -> None:
    make, why = HOSTILE[case]
    authenticator = Authenticator()
    authenticator.count = 5
    passkey = added(authenticator)
    authenticator.count = 6
    good, odd = authenticator.use(CHALLENGE), make(authenticator)

    with pytest.raises(PasskeyRefused) as refusal:
        verify(
            Assertion.parse(field(odd | ({"more": b""} if case == "something more" else {}))), passkey, CHALLENGE, PARTY
        )

    assert refusal.value.why == why
    assert verify(Assertion.parse(field(good)), passkey, CHALLENGE, PARTY).sign_count == 6


JSON_VALUES: tuple[Any, ...] = (
    None,
    True,
    False,
    7,
    -1.5,
    float("nan"),
    10**400,
    "",
    "words",
    "\ud800",
    [],
    [ORIGIN],
    {},
    {"a": [{}]},
)
HARMLESS = [("crossOrigin", False), ("tokenBinding", None)]


def test_no_member_of_an_answer_has_a_json_type_that_is_not_refused() -> None:
    authenticator = Authenticator()
    passkey = added(authenticator)
    used, response = authenticator.use(CHALLENGE), authenticator.make(CHALLENGE)
    bent_clients = [
        (name, value, json.dumps({**json.loads(answer["clientDataJSON"]), name: value}).encode())
        for answer in (used, response)
        for name in ("type", "challenge", "origin", "crossOrigin", "tokenBinding")
        for value in JSON_VALUES
        if (name, value) not in HARMLESS
    ]
    cases = [(name, value, used | {name: value}) for name in used for value in JSON_VALUES]
    cases += [(name, value, response | {name: value}) for name in response for value in JSON_VALUES]
    cases += [(name, value, {**used, "clientDataJSON": client}) for name, value, client in bent_clients]
    cases += [(name, value, {**response, "clientDataJSON": client}) for name, value, client in bent_clients]

    assert [(name, value) for name, value, answer in cases if not is_refused(answer, passkey)] == []
    assert not is_refused(used, passkey)
    assert not is_refused(response, passkey)


def is_refused(answer: dict[str, Any], passkey: Passkey) -> bool:
    try:
        if "signature" in answer:
            verify(Assertion.parse(field(answer)), passkey, CHALLENGE, PARTY)
        else:
            register(Registration.parse(field(answer)), CHALLENGE, PARTY, "Téléphone", NOW)
    except PasskeyRefused:
        return True
    except Exception:  # noqa: BLE001 - the page would answer 500
        return False
    return False


def test_nothing_is_signed_where_nothing_was_asked() -> None:
    authenticator = Authenticator()
    passkey = added(authenticator)

    with pytest.raises(PasskeyRefused, match="challenge"):
        verify(Assertion.parse(field(authenticator.use(""))), passkey, "", PARTY)


def test_another_member_s_passkey_opens_nothing() -> None:
    authenticator, stranger = Authenticator(), Authenticator(b"another member's")
    passkey = added(stranger)

    with pytest.raises(PasskeyRefused, match="credential"):
        verify(Assertion.parse(field(authenticator.use(CHALLENGE))), passkey, CHALLENGE, PARTY)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "e30",
        "W10",
        "%%%",
        "é",
        words(b"{"),
        words(b"[" * 3000),
        words(b'{"id": 7, "clientDataJSON": "", "authenticatorData": "", "signature": ""}'),
        words(b'{"id": "YQ", "clientDataJSON": null, "authenticatorData": "", "signature": ""}'),
        words(b'{"id": "YQ==", "clientDataJSON": "", "authenticatorData": "", "signature": ""}'),
        words(b'{"id": "YR", "clientDataJSON": "", "authenticatorData": "", "signature": ""}'),
        words(b'{"id": "a+/b", "clientDataJSON": "", "authenticatorData": "", "signature": ""}'),
        words(b'{"id": "YQ", "id": "YQ", "clientDataJSON": "", "authenticatorData": "", "signature": ""}'),
    ],
)
def test_what_is_no_answer_is_refused_before_anything_is_looked_at(text: str) -> None:
    with pytest.raises(PasskeyRefused, match=r"nothing|form"):
        Assertion.parse(text)


def cose(change: Callable[[bytes], bytes]) -> Callable[[Authenticator], dict[str, Any]]:
    """Change the bytes of the key, which are at the end."""

    def make(authenticator: Authenticator) -> dict[str, Any]:
        answer = authenticator.make(CHALLENGE)
        data = answer["authenticatorData"]
        return answer | {"authenticatorData": data[:-77] + change(data[-77:])}

    return make


def new(**parts: Any) -> Callable[[Authenticator], dict[str, Any]]:
    return lambda authenticator: authenticator.make(CHALLENGE, **parts)


def without_key(authenticator: Authenticator) -> dict[str, Any]:
    answer = authenticator.use(CHALLENGE, kind="webauthn.create")
    return {name: data for name, data in answer.items() if name != "signature"}


OLD_WINDOWS = Authenticator.of_old_windows().public
ES384 = bytes.fromhex("a5010203382220022158 30") + bytes(48) + bytes.fromhex("225830") + bytes(48)
ODD_KEYS: dict[str, tuple[Callable[[Authenticator], dict[str, Any]], str]] = {
    "a signature's answer": (new(kind="webauthn.get"), "type"),
    "another challenge": (new(client={"challenge": words(bytes(32))}), "challenge"),
    "another site's page": (new(client={"origin": EVIL}), "origin"),
    "another host": (new(party="extranet.example.net"), "party"),
    "nobody there": (new(flags=FLAG.UV | FLAG.AT), "unverified"),
    "whoever was there": (new(flags=FLAG.UP | FLAG.AT), "unverified"),
    "no key": (without_key, "credential"),
    "a key that the flags do not tell": (new(flags=HERE), "data"),
    "another id than its own": (new(made=b"another id"), "credential"),
    "no id": (new(made=b""), "credential"),
    "an id longer than any": (new(made=bytes(1024)), "credential"),
    "RS256 of 1,024 bits": (new(key=cose_of_rsa(b"\xff" * 128)), "data"),
    "RS256 of 8,192 bits": (new(key=cose_of_rsa(b"\xff" * 1024)), "data"),
    "RS256 that signs nothing, by an exponent of one": (new(key=cose_of_rsa(b"\xff" * 256, b"\1")), "data"),
    "RS256 told as ES256": (new(key=OLD_WINDOWS.replace(b"\x39\1\0", b"\x26", 1)), "data"),
    "RS256 with bytes after it": (new(key=OLD_WINDOWS + b"\0"), "data"),
    "PS256": (new(key=OLD_WINDOWS.replace(b"\x39\1\0", b"\x38\x24", 1)), "data"),
    "a private key": (new(key=b"\xa6" + OLD_WINDOWS[1:] + b"\x22\x41\1"), "data"),
    "a key that is a list": (new(key=b"\x81\1"), "data"),
    "a key that is a number": (new(key=b"\1"), "data"),
    "a key of no algorithm": (new(key=b"\xa1\1\2"), "data"),
    "ES384": (new(key=ES384), "data"),
    "ES256 told as ES384": (cose(lambda key: key.replace(b"\x03\x26", b"\x03\x38\x22", 1)), "data"),
    "another order": (cose(lambda key: b"\xa5\x03\x26\x01\x02" + key[5:]), "data"),
    "a number longer than it is": (cose(lambda key: b"\xa5\x18\x01\x02" + key[3:]), "data"),
    "a point off the curve": (cose(lambda key: key[:-1] + bytes([key[-1] ^ 1])), "data"),
    "the point at infinity": (cose(lambda key: key[:10] + bytes(32) + key[42:45] + bytes(32)), "data"),
    "a key cut short": (cose(lambda key: key[:-1]), "data"),
    "bytes after the key": (cose(lambda key: key + b"\0"), "data"),
    "extensions cut short": (new(flags=HERE | FLAG.AT | FLAG.ED, after=EXTENSIONS[:-1]), "data"),
}


@pytest.mark.parametrize("case", ODD_KEYS)
def test_an_odd_key_is_not_kept(case: str) -> None:
    make, why = ODD_KEYS[case]
    answer = make(Authenticator())

    with pytest.raises(PasskeyRefused) as refusal:
        register(Registration.parse(field(answer)), CHALLENGE, PARTY, "Téléphone", NOW)

    assert refusal.value.why == why


# The W3C's own vectors: Web Authentication level 3, section 16 (« ES256 Credential with … Attestation »).
W3C = RelyingParty("example.org", frozenset({"https://example.org"}))
SELF_ATTESTED = {
    "id": "455ef34e2043a87db3d4afeb39bbcb6cc32df9347c789a865ecdca129cbef58c",
    "clientDataJSON": "7b2274797065223a22776562617574686e2e637265617465222c226368616c6c656e6765223a2265476e4374334c55745936366b336a506a796e6962506b31716e666644616966715a774c33417032392d55222c226f726967696e223a2268747470733a2f2f6578616d706c652e6f7267222c2263726f73734f726967696e223a66616c73652c22657874726144617461223a22636c69656e74446174614a534f4e206d617920626520657874656e6465642077697468206164646974696f6e616c206669656c647320696e20746865206675747572652c207375636820617320746869733a205539685458764b453255526b4d6e625f307859485667227d",  # noqa: E501
    "authenticatorData": "bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b55d00000000df850e09db6afbdfab51697791506cfc0020455ef34e2043a87db3d4afeb39bbcb6cc32df9347c789a865ecdca129cbef58ca5010203262001215820eb151c8176b225cc651559fecf07af450fd85802046656b34c18f6cf193843c5225820927b8aa427a2be1b8834d233a2d34f61f13bfd44119c325d5896e183fee484f2",  # noqa: E501
}
SIGNED = {
    "id": SELF_ATTESTED["id"],
    "clientDataJSON": "7b2274797065223a22776562617574686e2e676574222c226368616c6c656e6765223a225248696843784e534e493352594d45314f7731476d3132786e726b634a5f6666707637546e2d4a71386773222c226f726967696e223a2268747470733a2f2f6578616d706c652e6f7267222c2263726f73734f726967696e223a66616c73652c22657874726144617461223a22636c69656e74446174614a534f4e206d617920626520657874656e6465642077697468206164646974696f6e616c206669656c647320696e20746865206675747572652c207375636820617320746869733a206754623533727a36456853576f6d58477a696d433151227d",  # noqa: E501
    "authenticatorData": "bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b50900000000",
    "signature": "304402203310b9431903c401f1be2bdc8d23a4007682dbbddcf846994947b7f465daf84002204e94dd00047b316061b3b99772b7efd95994a83ef584b3b6b825ea3550251b66",  # noqa: E501
}


def of(vector: dict[str, str]) -> dict[str, bytes]:
    return {name: bytes.fromhex(told) for name, told in vector.items()}


def test_the_w3c_s_own_passkey_is_kept_and_its_signature_is_that_of_nobody_known() -> None:
    """Its registration has user verification, but its valid signature does not."""
    challenge = encode(bytes.fromhex("7869c2b772d4b58eba9378cf8f29e26cf935aa77df0da89fa99c0bdc0a76f7e5"))
    signed_challenge = encode(bytes.fromhex("4478a10b1352348dd160c1353b0d469b5db19eb91c27f7dfa6fed39fe26af20b"))
    response = of(SIGNED)

    passkey = register(Registration.parse(field(of(SELF_ATTESTED))), challenge, W3C, "W3C", NOW)

    message = response["authenticatorData"] + hashlib.sha256(response["clientDataJSON"]).digest()
    assert is_signed(decode(passkey.public_key), message, response["signature"])
    assert not is_signed(decode(passkey.public_key), message + b"\0", response["signature"])
    with pytest.raises(PasskeyRefused, match="unverified"):
        verify(Assertion.parse(field(response)), passkey, signed_challenge, W3C)
