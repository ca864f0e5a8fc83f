"""Acts on members: their retention."""

from datetime import UTC, datetime

from chalicelib.domain.account.audit import Author
from chalicelib.domain.staff.acts import StaffAct


def test_an_act_is_kept_for_a_year() -> None:
    act = StaffAct("staff_reset", Author("Mme Houx", "téléphone perdu"), datetime(2026, 9, 1, tzinfo=UTC))

    assert act.expires_at == datetime(2027, 9, 1, tzinfo=UTC)
