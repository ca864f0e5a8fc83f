"""Consultations: which are counted together, and their retention."""

from datetime import timedelta

import pytest

from chalicelib.domain.staff.consultations import KEPT_FOR, Consultation
from chalicelib.presentation.rendering import TEMPLATES
from tests.support.world import OPENING_MORNING

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("minutes", [0, 14, 29])
def test_what_is_opened_within_the_half_hour_is_one_consultation(minutes: int) -> None:
    at = OPENING_MORNING + minutes * MINUTE

    assert Consultation("family_read", "evry-xenakis", "a1b2", "Houx", at, at).half_hour == OPENING_MORNING


def test_families_read_for_how_long_it_is_kept() -> None:
    notice = (TEMPLATES / "family" / "data_protection_notice.html").read_text(encoding="utf-8")

    assert KEPT_FOR.days == 365
    assert "cette trace est gardée un an." in notice


def test_it_is_kept_a_year_after_it_was_last_opened() -> None:
    last = OPENING_MORNING + 20 * MINUTE

    consultation = Consultation("family_read", "evry-xenakis", "a1b2", "Houx", OPENING_MORNING, last, 3)

    assert consultation.expires_at == last + timedelta(days=365)
