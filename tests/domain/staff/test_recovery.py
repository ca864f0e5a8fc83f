"""Codes for paper: enough chance in each, read and typed without a mistake, and kept as digests under a key."""

import re

from chalicelib.domain.staff.recovery import new_codes, recovery_digest

KEY = "k" * 40
EMAIL = "troglodyte@example.org"


def test_eight_codes_of_eighty_bits_without_look_alikes() -> None:
    codes = [code for _ in range(50) for code in new_codes()]

    assert len(codes) == len(set(codes)) == 400
    assert all(re.fullmatch(r"([0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-hjkmnp-tv-z]{4}", code) for code in codes)
    assert len({character for code in codes for character in code} - {"-"}) == 32, "five bits each, sixteen times"


def test_a_code_is_read_however_it_is_copied_from_paper() -> None:
    kept = recovery_digest(KEY, EMAIL, "k7q0-2m9x-14rt-hv6c")

    for typed in ("K7Q0 2M9X 14RT HV6C", "k7qo2m9xI4rthv6c", " k7qO-2m9x-l4rt-hv6c "):
        assert recovery_digest(KEY, EMAIL, typed) == kept


def test_a_digest_is_of_one_member_and_one_deployment() -> None:
    codes = {
        recovery_digest(key, email, "k7q0-2m9x-14rt-hv6c")
        for key in (KEY, "l" * 40)
        for email in (EMAIL, "corneille@example.org")
    }

    assert len(codes) == 4
