"""Argon2id: what is kept of a password, and one operation for whoever tries."""

import re

import pytest
from argon2 import PasswordHasher, extract_parameters

from chalicelib.domain.hashing import Hasher

QUICK = Hasher(memory=64, passes=1)


def test_a_password_verifies_against_its_own_hash_only() -> None:
    kept = QUICK.hash("Loriot6Jaune")

    assert QUICK.verify(kept, "Loriot6Jaune")
    assert not QUICK.verify(kept, "Loriot6jaune")
    assert not QUICK.verify(kept, "Loriot6Jaune ")
    assert not QUICK.verify(kept, "")


def test_a_hash_says_nothing_of_the_password_and_never_repeats() -> None:
    one, other = QUICK.hash("Loriot6Jaune"), QUICK.hash("Loriot6Jaune")

    assert one != other
    assert "Loriot" not in one + other


def test_accents_and_pictures_are_hashed_whole() -> None:
    kept = QUICK.hash("École🐦6")

    assert QUICK.verify(kept, "École🐦6")
    assert not QUICK.verify(kept, "École🐤6")


def test_the_default_is_what_owasp_asks() -> None:
    assert re.match(r"^\$argon2id\$v=19\$m=19456,t=2,p=1\$", Hasher().hash("Loriot6Jaune"))


@pytest.mark.parametrize("password", ["", "Loriot6Jaune", "École🐦6"])
def test_where_there_is_no_hash_nothing_verifies(password: str) -> None:
    assert not QUICK.verify(None, password)


def test_an_empty_hash_opens_for_nobody() -> None:
    assert not QUICK.verify("", "")


def test_a_try_at_nobody_is_a_try_at_a_hash_of_the_same_cost_and_length(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock would tell of the machine's load; `python -m tools.bench.known_or_unknown` has one."""
    hasher = Hasher(memory=128, passes=3)
    kept = hasher.hash("Loriot6Jaune")
    tried: list[str] = []
    real = PasswordHasher.verify

    def verify(argon2: PasswordHasher, encoded: str, password: str) -> bool:
        tried.append(encoded)
        return real(argon2, encoded, password)

    monkeypatch.setattr(PasswordHasher, "verify", verify)
    for encoded in (kept, None):
        hasher.verify(encoded, "Faux1234")

    assert len(tried) == 2
    assert extract_parameters(tried[0]) == extract_parameters(tried[1])
    assert len(tried[0]) == len(tried[1])


@pytest.mark.parametrize(
    ("memory", "passes", "lanes", "outdated"),
    [(64, 1, 1, False), (128, 1, 1, True), (64, 2, 1, True), (64, 1, 2, True)],
    ids=["the same settings", "more memory", "more passes", "more lanes"],
)
def test_a_hash_is_outdated_when_the_settings_changed(memory: int, passes: int, lanes: int, *, outdated: bool) -> None:
    kept = QUICK.hash("Loriot6Jaune")

    assert Hasher(memory, passes, lanes).is_outdated(kept) is outdated


def test_a_hash_made_under_older_settings_still_verifies() -> None:
    kept = QUICK.hash("Loriot6Jaune")

    assert Hasher(memory=128, passes=2).verify(kept, "Loriot6Jaune")
