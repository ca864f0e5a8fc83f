"""A member of staff to try on a running service, with the codes of an authenticator, each used once."""

import time
from datetime import UTC, datetime
from typing import Any

from chalicelib.domain.staff.totp import DRIFT, PERIOD, code_at, step_at
from tests.support.service import Running

_LAST: dict[str, int] = {}  # by key, the last step whose code was used, in any test of this worker


def staff_to_try(running: Running, role: str) -> dict[str, Any]:
    """Find a member with a role in `/_local/bureau.json`."""
    member: dict[str, Any] = next(staff for staff in running.json("bureau") if staff["role"] == role)
    return member


def fresh_code(key: str) -> str:
    """Return an unused code: the next one if the clock drift allows it, else after waiting for it."""
    step = max(step_at(datetime.now(UTC)), _LAST.get(key, 0) + 1)
    while step > step_at(datetime.now(UTC)) + DRIFT:
        time.sleep(PERIOD / 10)
    _LAST[key] = step
    return code_at(key, step)
