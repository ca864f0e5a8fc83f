"""A member of staff to try, at the door of a running service: with the codes of an application, each used once."""

import time
from datetime import UTC, datetime
from typing import Any

from chalicelib.domain.staff.totp import DRIFT, PERIOD, code_at, step_at
from tests.support.service import Running

_LAST: dict[str, int] = {}  # of each key, the step whose code was used last, by whichever test of this worker


def staff_to_try(running: Running, role: str) -> dict[str, Any]:
    """Find one of a role, as `/_local/bureau.json` shows them."""
    found: dict[str, Any] = next(staff for staff in running.json("bureau") if staff["role"] == role)
    return found


def fresh_code(key: str) -> str:
    """Read a code that was not used yet: the next one already, where a clock may be a step ahead; else wait for it."""
    step = max(step_at(datetime.now(UTC)), _LAST.get(key, 0) + 1)
    while step > step_at(datetime.now(UTC)) + DRIFT:
        time.sleep(PERIOD / 10)
    _LAST[key] = step
    return code_at(key, step)
