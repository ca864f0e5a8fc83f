"""An applied import: whether a run continues the record of another."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chalicelib.domain.roster.applied_imports import AppliedImport

BEGUN = datetime(2026, 9, 1, 7, tzinfo=UTC)
FIRST = AppliedImport("1", "clef", "Mme Lyre", BEGUN, "abc", counts={"new": 5})
DONE = replace(FIRST, done_at=BEGUN)
AGAIN = replace(FIRST, id="2", counts={"new": 2, "unchanged": 3})
SAME = replace(FIRST, id="2", counts={"unchanged": 5})


@pytest.mark.parametrize(
    ("run", "newest", "goes_on"),
    [
        pytest.param(AGAIN, FIRST, True, id="interrupted"),
        pytest.param(AGAIN, DONE, False, id="complete, and there is more to do"),
        pytest.param(SAME, DONE, True, id="complete, and nothing to do"),
        pytest.param(replace(AGAIN, sha256="def"), FIRST, False, id="another file"),
        pytest.param(replace(AGAIN, disables_gone=True), FIRST, False, id="asked for otherwise"),
        pytest.param(AGAIN, replace(FIRST, door="desk"), False, id="the desk's job goes on by itself"),
        pytest.param(replace(AGAIN, door="desk"), FIRST, False, id="a job has its own line"),
    ],
)
def test_which_run_goes_on_with_the_line_of_another(run: AppliedImport, newest: AppliedImport, goes_on: bool) -> None:
    assert run.continues(newest) == goes_on
