"""`make anyday`: its moments, and the tests that it finds."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tools.anyday import MOMENTS, files_of_the_clock, moment_after


def test_the_moments_are_the_next_ones_in_paris() -> None:
    now = datetime(2026, 12, 31, 23, tzinfo=ZoneInfo("Europe/Paris"))

    assert {name: f"{moment_after(name, now).astimezone(UTC):%Y-%m-%d %H:%M}" for name in MOMENTS} == {
        "august": "2027-08-01 09:00",
        "september": "2027-09-01 06:00",
        "january": "2027-01-09 09:00",
        "leap-day": "2028-02-29 14:00",
        "october": "2027-10-31 00:30",
        "new-year": "2027-12-31 22:50",
    }


def test_the_tests_of_a_running_service_and_of_the_machine_s_clock_are_found() -> None:
    paths = set(files_of_the_clock())

    assert {
        *("tests/agency/test_clef.py", "tests/browser/test_teaching.py", "tests/operations/test_notice.py"),
        *("tests/provider/test_providers.py", "tests/tools/test_local_pages.py", "tests/tools/test_run_local.py"),
    } <= paths
    assert not [path for path in paths if path.startswith(("tests/domain/", "tests/e2e/", "tests/web/"))]
