"""The retention of applications."""

from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.wings.admission.domain.applications import AdmissionDecision, Application, Standing
from chalicelib.wings.admission.domain.retention import closed_at, due_at, expires_at, is_forgotten
from tests.support.applications import BEGUN, FULL, NOW, REF, SENT

CLOSED = NOW + timedelta(days=14)
REFUSED = timedelta(days=180)
DECLINED = AdmissionDecision("declined", "Mme Houx", NOW, "Trop de demandes.")


def test_a_draft_is_forgotten_thirty_days_after_it_was_left() -> None:
    application = replace(BEGUN, saved_at=NOW + timedelta(days=2))

    assert expires_at(application) == NOW + timedelta(days=32)
    assert not is_forgotten(application, NOW + timedelta(days=32, seconds=-1))
    assert is_forgotten(application, NOW + timedelta(days=32))
    assert not is_forgotten(Application(REF), NOW)
    assert not is_forgotten(SENT, NOW + timedelta(days=400))


def test_what_is_over_goes_some_time_after_the_period_and_what_waits_once_the_school_year_is_over() -> None:
    assert due_at(FULL, CLOSED, REFUSED) == CLOSED + REFUSED  # one has an account, one withdrew
    application = replace(FULL, standings=(Standing("a1a1a1a1", decision=DECLINED), FULL.standings[1]))
    assert due_at(application, CLOSED, REFUSED) == CLOSED + REFUSED
    one_waits = replace(FULL, standings=FULL.standings[1:])
    assert due_at(one_waits, CLOSED, REFUSED) == datetime(2028, 9, 1, tzinfo=PARIS)
    assert due_at(one_waits, CLOSED, timedelta(days=730)) == CLOSED + timedelta(days=730)
    assert due_at(BEGUN, CLOSED, REFUSED) == NOW + timedelta(days=30)


def test_where_the_period_is_told_no_more_the_last_application_tells_when_it_closed() -> None:
    later = replace(SENT, sent=replace(SENT.sent, at=NOW + timedelta(days=3)))  # type: ignore[type-var]

    assert closed_at((SENT, later, BEGUN), None) == NOW + timedelta(days=3)
    assert closed_at((SENT, later), CLOSED) == CLOSED
    assert closed_at((BEGUN,), None) is None
