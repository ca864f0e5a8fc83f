"""Enter: two reads return the application and the periods. An ended session or a deleted draft leads to the start."""

from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.domain.account.sessions import Token
from chalicelib.domain.enrolment.periods import EnrolmentPeriod
from chalicelib.domain.refusals import NotLoggedIn
from chalicelib.wings.admission.domain.applicant_sessions import new_token
from chalicelib.wings.admission.flows.entry import ApplicantContext, enter, read_admission_periods
from tests.support.admission import ADMISSION, announce, applicant, stores, token_of, walk_in
from tests.support.applications import WHOLE
from tests.support.world import Visitor, World

LATER = EnrolmentPeriod(date(2026, 10, 1), date(2026, 10, 15))
NEXT_YEAR = EnrolmentPeriod(date(2027, 1, 2), date(2027, 2, 1))


def entered(world: World, visitor: Visitor) -> ApplicantContext:
    return enter(world.visit(token_of(visitor)))


def is_in(world: World, token: Token | None) -> bool:
    try:
        enter(world.visit(token))
    except NotLoggedIn:
        return False
    return True


def test_entering_costs_two_reads_and_tells_where_applications_are_open(world: World, visitor: Visitor) -> None:
    announce(world, ADMISSION, {"evry-magnard": LATER, "villabe-yves-henry": NEXT_YEAR})
    application = applicant(world, visitor)
    world.aws.calls.clear()

    context = entered(world, visitor)

    assert world.aws.calls == ["GetItem", "BatchGetItem"]
    assert (context.application, context.season, context.now) == (application, "2026", world.now)
    assert [site.code for site in context.open_sites] == ["bondoufle-gounod", "evry-xenakis", "ris-orangis-messiaen"]
    assert (context.period("evry-magnard"), context.period("villabe-yves-henry")) == (LATER, None)


def test_after_the_period_one_still_enters_and_nothing_is_open(world: World, visitor: Visitor) -> None:
    applicant(world, visitor)
    announce(world, EnrolmentPeriod(date(2026, 8, 1), date(2026, 8, 31)))

    assert not entered(world, visitor).is_open


def test_last_season_s_session_stays_in_its_season(world: World, visitor: Visitor) -> None:
    applicant(world, visitor, season="2025")

    context = entered(world, visitor)

    assert (context.season, context.is_open) == ("2025", False)
    assert read_admission_periods(world.services, world.now).season == "2026"


def test_an_hour_without_a_page_ends_a_session_and_pages_keep_it_open(world: World, visitor: Visitor) -> None:
    applicant(world, visitor)
    token = token_of(visitor)
    for _ in range(12):
        world.wait(timedelta(minutes=55))
        assert is_in(world, token)

    world.wait(timedelta(minutes=60))

    assert not is_in(world, token)


def test_twelve_hours_end_a_session_whatever_is_done(world: World, visitor: Visitor) -> None:
    applicant(world, visitor)
    for _ in range(13):
        world.wait(timedelta(minutes=55))
        is_in(world, token_of(visitor))
    world.wait(timedelta(minutes=5))

    assert not is_in(world, token_of(visitor))


def test_a_token_of_nobody_and_a_forgotten_application_lead_to_the_start(world: World, visitor: Visitor) -> None:
    application: Any = applicant(world, visitor)

    assert not is_in(world, None)
    assert not is_in(world, new_token())
    world.database.write_together(stores(world).applications.delete(application.ref))
    with pytest.raises(NotLoggedIn):
        entered(world, visitor)


def test_a_draft_left_for_thirty_days_is_gone_though_the_table_still_holds_it(world: World, visitor: Visitor) -> None:
    before = applicant(world, visitor, started_at=world.now, saved_at=world.now - timedelta(days=30), draft=WHOLE)
    assert not is_in(world, token_of(visitor))

    walk_in(world, visitor)

    draft = entered(world, visitor).application
    assert (draft.started_at, draft.draft, draft.email) == (world.now, None, before.email)


def test_a_draft_that_is_kept_goes_on_as_it_was_left(world: World, visitor: Visitor) -> None:
    applicant(world, visitor, started_at=world.now, saved_at=world.now - timedelta(days=29), draft=WHOLE)

    walk_in(world, visitor)

    assert entered(world, visitor).application.draft == WHOLE
