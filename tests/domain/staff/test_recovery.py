"""Recovery codes: enough entropy, easy to type, and stored as digests under a key."""

import re

import pytest

from chalicelib.domain.account.keys import KeyUnknown
from chalicelib.domain.staff.recovery import matching_digest, new_codes, recovery_digest
from tests.support.keys import key_ring

KEYS = key_ring("staff-codes", 1)
CODE = "k7q0-2m9x-14rt-hv6c"
EMAIL = "troglodyte@example.org"


def test_eight_codes_of_eighty_bits_without_look_alikes() -> None:
    codes = [code for _ in range(50) for code in new_codes()]

    assert len(codes) == len(set(codes)) == 400
    assert all(re.fullmatch(r"([0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-hjkmnp-tv-z]{4}", code) for code in codes)
    assert len({character for code in codes for character in code} - {"-"}) == 32, "five bits each, sixteen times"


def test_a_code_is_read_however_it_is_copied_from_paper() -> None:
    digest = recovery_digest(KEYS, EMAIL, CODE)

    for code in ("K7Q0 2M9X 14RT HV6C", "k7qo2m9xI4rthv6c", " k7qO-2m9x-l4rt-hv6c "):
        assert matching_digest(KEYS, EMAIL, code, ("1.other", digest)) == digest


def test_a_digest_is_of_one_member_and_one_deployment() -> None:
    codes = {
        recovery_digest(keys, email, CODE)
        for keys in (KEYS, key_ring("staff-codes", 2))
        for email in (EMAIL, "corneille@example.org")
    }

    assert len(codes) == 4


def test_a_code_opens_after_a_rotation_until_its_key_is_retired() -> None:
    digests = (recovery_digest(KEYS, EMAIL, CODE),)

    assert matching_digest(key_ring("staff-codes", 3, 2, 1), EMAIL, CODE, digests) == digests[0]
    with pytest.raises(KeyUnknown):
        matching_digest(key_ring("staff-codes", 3, 2), EMAIL, CODE, digests)


def test_a_digest_without_a_version_is_of_a_key_that_is_gone() -> None:
    with pytest.raises(KeyUnknown):
        matching_digest(KEYS, EMAIL, CODE, ("a digest",))


def test_what_has_not_the_length_of_a_code_asks_for_no_key() -> None:
    assert matching_digest(KEYS, EMAIL, "12345", ("9.digest",)) is None
