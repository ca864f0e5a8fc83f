"""The kinds of jobs: each has its handler, and no page loads them."""

from chalicelib.office.jobs.handlers import HANDLERS


def test_each_kind_of_job_has_a_handler() -> None:
    assert set(HANDLERS) == {"families", "publish", "campaign"}
