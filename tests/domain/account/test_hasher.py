"""Argon2id: the stored hash, and exactly one operation per try."""

import re

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import VerifyMismatchError
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.account.hasher import Hasher

QUICK = Hasher(memory=64, passes=1)
SALT, ANSWER = "c2FsdHNhbHRzYWx0c2FsdA", "YW5zd2VyYW5zd2VyYW5zd2VyYW5zd2VyYW5zd2VyYWE"
KEPT = f"$argon2id$v=19$m=64,t=1,p=1${SALT}${ANSWER}"
DAMAGED = {
    "nothing": "",
    "blank": " ",
    "no hash": "Loriot6Jaune",
    "cut in the answer": KEPT[:-2],
    "cut in the salt": KEPT[:45],
    "cut in the parameters": KEPT[:20],
    "a letter that base64 has not": KEPT.replace("c2Fs", "c!Fs"),
    "a letter that ASCII has not": KEPT.replace("c2Fs", "cÉFs"),
    "bits left over at the end": f"{KEPT[:-1]}F",
    "another kind": KEPT.replace("argon2id", "argon2xy"),
    "another hash": "$2b$12$abcdefghijklmnopqrstuv",
    "another version": KEPT.replace("v=19", "v=99"),
    "no memory": KEPT.replace("m=64", "m=0"),
    "less than no memory": KEPT.replace("m=64", "m=-64"),
    "4 TB of memory": KEPT.replace("m=64", "m=4294967295"),
    "4 GB of memory": KEPT.replace("m=64", "m=4194304"),
    "1 GB of memory": KEPT.replace("m=64", "m=1048576"),
    "no pass": KEPT.replace("t=1", "t=0"),
    "a million passes": KEPT.replace("t=1", "t=1000000"),
    "hours of work": KEPT.replace("m=64,t=1", "m=65536,t=9999"),
    "a thousand lanes": KEPT.replace("m=64,t=1,p=1", "m=65536,t=1,p=1000"),
    "a number beyond all": KEPT.replace("m=64", f"m={'9' * 5000}"),
    "a parameter twice": KEPT.replace("p=1", "p=1,p=1"),
    "an empty salt": KEPT.replace(SALT, ""),
    "an empty answer": KEPT.replace(ANSWER, ""),
    "a line's end": f"{KEPT}\n",
    "a zero byte": f"{KEPT}\0",
    "a number": 19,
    "no attribute": None,
}


def test_a_password_verifies_against_its_own_hash_only() -> None:
    secret = QUICK.hash("Loriot6Jaune")

    assert QUICK.verify(secret, "Loriot6Jaune")
    assert not QUICK.verify(secret, "Loriot6jaune")
    assert not QUICK.verify(secret, "Loriot6Jaune ")
    assert not QUICK.verify(secret, "")


def test_a_hash_says_nothing_of_the_password_and_never_repeats() -> None:
    secret, second = QUICK.hash("Loriot6Jaune"), QUICK.hash("Loriot6Jaune")

    assert secret != second
    assert "Loriot" not in secret + second


def test_accents_and_pictures_are_hashed_whole() -> None:
    secret = QUICK.hash("École🐦6")

    assert QUICK.verify(secret, "École🐦6")
    assert not QUICK.verify(secret, "École🐤6")


def test_the_default_is_what_owasp_asks() -> None:
    assert re.match(r"^\$argon2id\$v=19\$m=19456,t=2,p=1\$", Hasher().hash("Loriot6Jaune"))


@pytest.mark.parametrize("password", ["", "Loriot6Jaune", "École🐦6"])
def test_where_there_is_no_hash_nothing_verifies(password: str) -> None:
    assert not QUICK.verify(None, password)


def test_an_empty_hash_opens_for_nobody() -> None:
    assert not QUICK.verify("", "")


def operations(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int, int]]:
    """List the cost of each real Argon2 operation, without those that fail before they start."""
    calls: list[tuple[int, int, int]] = []
    real = PasswordHasher.verify

    def verify(argon2: PasswordHasher, secret: str, password: str) -> bool:
        try:
            answer: bool = real(argon2, secret, password)
        except VerifyMismatchError:
            answer = False
        parameters = extract_parameters(secret)
        calls.append((parameters.memory_cost, parameters.time_cost, parameters.parallelism))
        if not answer:
            raise VerifyMismatchError
        return answer

    monkeypatch.setattr(PasswordHasher, "verify", verify)
    return calls


def test_a_damaged_hash_is_a_mismatch_in_the_decoy_s_time_and_is_outdated(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = operations(monkeypatch)
    wrong = {}
    for name, secret in DAMAGED.items():
        calls.clear()
        checks = (QUICK.verify(secret, "Loriot6Jaune"), QUICK.is_damaged(secret), QUICK.is_outdated(secret), [*calls])  # type: ignore[arg-type] # as in a damaged table
        if checks != (False, True, True, [(64, 1, 1)]):
            wrong[name] = checks

    assert wrong == {}


@given(st.text(max_size=120) | st.text("$argon2idv=19m=64,t=1,p=1+/AZ", max_size=120))
def test_whatever_stands_for_a_hash_opens_for_nobody(text: str) -> None:
    assert not QUICK.verify(text, "Loriot6Jaune")
    assert QUICK.is_damaged(text)


@given(st.data())
def test_a_hash_with_one_character_changed_is_a_mismatch_and_never_an_error(data: st.DataObject) -> None:
    secret = QUICK.hash("Loriot6Jaune")
    place = data.draw(st.integers(secret.index("p=") + 2, len(secret) - 1))
    sign = data.draw(st.characters().filter(lambda character: character != secret[place]))

    assert not QUICK.verify(secret[:place] + sign + secret[place + 1 :], "Loriot6Jaune")


def test_a_sound_hash_is_not_damaged_whatever_settings_made_it() -> None:
    lot = [
        Hasher(*parameters).hash("Loriot6Jaune")
        for parameters in [(64, 1, 1), (64, 3, 2), (19456, 2, 1), (65536, 3, 4)]
    ]

    assert [encoded for encoded in lot if QUICK.is_damaged(encoded) or not QUICK.verify(encoded, "Loriot6Jaune")] == []


def test_a_try_at_nobody_is_a_try_at_a_hash_of_the_same_cost_and_length(monkeypatch: pytest.MonkeyPatch) -> None:
    """A timing would depend on the machine's load, as in `python -m tools.bench.logins`."""
    hasher = Hasher(memory=128, passes=3)
    secret = hasher.hash("Loriot6Jaune")
    passwords: list[str] = []
    real = PasswordHasher.verify

    def verify(argon2: PasswordHasher, password_hash: str, password: str) -> bool:
        passwords.append(password_hash)
        return real(argon2, password_hash, password)

    monkeypatch.setattr(PasswordHasher, "verify", verify)
    for code in (secret, None):
        hasher.verify(code, "Faux1234")

    assert len(passwords) == 2
    assert extract_parameters(passwords[0]) == extract_parameters(passwords[1])
    assert len(passwords[0]) == len(passwords[1])


@pytest.mark.parametrize(
    ("memory", "passes", "lanes", "is_old"),
    [(64, 1, 1, False), (128, 1, 1, True), (64, 2, 1, True), (64, 1, 2, True)],
    ids=["the same settings", "more memory", "more passes", "more lanes"],
)
def test_a_hash_is_outdated_when_the_settings_changed(memory: int, passes: int, lanes: int, *, is_old: bool) -> None:
    secret = QUICK.hash("Loriot6Jaune")

    assert Hasher(memory, passes, lanes).is_outdated(secret) is is_old


def test_a_hash_made_under_older_settings_still_verifies() -> None:
    secret = QUICK.hash("Loriot6Jaune")

    assert Hasher(memory=128, passes=2).verify(secret, "Loriot6Jaune")
