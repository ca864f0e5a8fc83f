"""The retention of applications: their terms, the counts kept, and the rerun after a fault."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.enrolment.periods import PARIS, EnrolmentPeriod
from chalicelib.domain.refusals import Unavailable
from chalicelib.wings.admission.domain.applications import AdmissionDecision, Application, Standing
from chalicelib.wings.admission.domain.statistics import StatisticsRow
from chalicelib.wings.admission.office.purge import NO_SITE, due, forget, purge, site_of
from tests.support.admission import announce, applicant, application_of, stores
from tests.support.applications import ALBA, BEGUN, NEW_EMAIL, NILS, SENT, WHOLE
from tests.support.aws import faults_of
from tests.support.browser_upload import PDF
from tests.support.old_applications import NUMBER, send_application, traces_of
from tests.support.world import Visitor, World


def test_all_of_it_goes_and_twice_is_once(world: World) -> None:
    application = send_application(world)

    assert forget(world.services, application, world.now)
    assert forget(world.services, application, world.now)

    assert traces_of(world, application) == []


def test_what_somebody_changed_meanwhile_stays_under_its_number(world: World) -> None:
    application = send_application(world)
    withdrawal = stores(world).applications.change(application, application.withdraw([ALBA.key], world.now))

    assert not forget(world.services, application, world.now)

    assert application_of(world, NEW_EMAIL) == withdrawal
    assert stores(world).applications.find_by_number(NUMBER) == withdrawal


def test_an_application_counts_for_the_site_of_its_first_wish() -> None:
    assert site_of(SENT) == "evry-xenakis"
    assert site_of(BEGUN.__class__(BEGUN.ref)) == NO_SITE


CLOSED = datetime(2026, 9, 16, tzinfo=PARIS)  # the midnight after the last day
DUE = CLOSED + timedelta(days=180)
SCHOOL_YEAR_OVER = datetime(2027, 9, 1, tzinfo=PARIS)
OTHERS = replace(
    WHOLE,
    guardian="M. Pie",
    telephone="",
    address=(),
    candidates=(replace(ALBA, first_name="Lou", last_name="Pie", born_on=date(2017, 1, 1)),),
)
WRITES = ("BatchWriteItem", "DeleteItem", "PutItem", "POST")


@pytest.fixture(autouse=True)
def announced(world: World) -> None:
    announce(world)


def both(world: World, *outcomes: str) -> tuple[Standing, ...]:
    """Decide on both candidates."""
    return tuple(map(_standing(world), (ALBA.key, NILS.key), outcomes))


def _standing(world: World) -> Callable[[str, str], Standing]:
    def standing(key: str, outcome: str) -> Standing:
        if outcome == "withdrawn":
            return Standing(key, withdrawn_at=world.now)
        decision = AdmissionDecision(outcome, "Mme Houx", world.now, "Le dossier est complet.")  # type: ignore[arg-type]
        return Standing(key, decision=decision)

    return standing


def purge_at(world: World, moment: datetime) -> int:
    """Purge the data due at a moment. Returns the number of applications."""
    world.now = moment
    applications = due(world.services, world.now)
    purge(world.services, applications, "Mme Houx", world.now)
    return len(applications.applications)


def ids(world: World) -> set[str]:
    return {one.email for one in stores(world).applications.every()}


def test_what_is_over_goes_so_long_after_the_period_and_not_a_second_before(world: World) -> None:
    outcomes = [("declined", "withdrawn"), ("accepted", "declined"), ("withdrawn", "withdrawn")]
    for number, pair in enumerate(outcomes):
        send_application(world, f"a{number}@example.org", f"P26-000{number}-AAAA", standings=both(world, *pair))

    assert purge_at(world, DUE - timedelta(seconds=1)) == 0
    assert purge_at(world, DUE) == 3
    assert ids(world) == set()


def test_whoever_still_waits_is_kept_for_the_school_year(world: World) -> None:
    send_application(world, standings=both(world, "waiting", "declined"))
    send_application(world, "autre@example.org", "P26-0001-AAAA")

    assert purge_at(world, DUE) == 0
    assert purge_at(world, SCHOOL_YEAR_OVER) == 2


def test_a_season_whose_period_is_told_no_more_closed_with_its_last_application(world: World) -> None:
    send_application(world, standings=both(world, "declined", "declined"))
    announce(world, EnrolmentPeriod(date(2027, 5, 1), date(2027, 6, 15)))
    moment = world.now

    assert purge_at(world, moment + timedelta(days=180, seconds=-1)) == 0
    assert purge_at(world, moment + timedelta(days=180)) == 1


def test_no_trace_is_left_of_an_application_but_of_the_others(world: World, visitor: Visitor) -> None:
    declined_application = send_application(world, standings=both(world, "declined", "declined"))
    application = send_application(world, "pie@example.org", "P26-0001-AAAA", OTHERS)
    applicant(world, visitor, "geai@example.org")  # its session is open
    assert len(traces_of(world, declined_application)) > 8

    purge_at(world, DUE)

    assert traces_of(world, declined_application) == []
    assert ids(world) == {"pie@example.org"}
    assert stores(world).applications.find_by_number("P26-0001-AAAA")
    assert [key.split("/")[2] for key in world.aws.documents(world.resources)] == [application.ref.mailbox]


def test_a_forgotten_draft_goes_with_its_files_and_so_do_files_of_nobody(world: World, visitor: Visitor) -> None:
    draft = applicant(world, visitor, draft=WHOLE, saved_at=world.now)
    for mailbox in (draft.ref.mailbox, "0123456789abcdef0123"):
        world.services.documents.put(f"requests/2026/{mailbox}/certificat-danse/x/upload_1", PDF, "application/pdf")

    assert purge_at(world, world.now + timedelta(days=29)) == 0
    assert [key.split("/")[2] for key in world.aws.documents(world.resources)] == [draft.ref.mailbox]
    assert purge_at(world, world.now + timedelta(days=1)) == 1
    assert world.aws.documents(world.resources) == {}
    assert world.services.admission.statistics.find("2026") is None  # nothing was sent


def test_a_season_is_counted_once_before_anything_goes(world: World) -> None:
    for number in range(5):
        outcome = "declined" if number else "waiting"
        send_application(
            world, f"a{number}@example.org", f"P26-000{number}-AAAA", standings=both(world, outcome, outcome)
        )

    purge_at(world, DUE)
    purge_at(world, SCHOOL_YEAR_OVER)

    statistics = world.services.admission.statistics.find("2026")
    assert statistics
    assert statistics.at == DUE
    assert statistics.rows == (
        StatisticsRow("evry-xenakis", "Piano", declined=4, without_place=1),
        StatisticsRow("evry-xenakis", "Éveil musical", declined=4, without_place=1),
    )


def test_a_purge_is_noted_by_sites_and_numbers(world: World) -> None:
    send_application(world, standings=both(world, "declined", "declined"))

    purge_at(world, DUE)

    (erasure,) = world.services.audit_trail.erasures()
    assert (erasure.who, erasure.reason, erasure.at) == ("Mme Houx", "requests", DUE)
    assert erasure.asked == erasure.erased == (("evry-xenakis", 1),)


def test_what_changed_since_it_was_listed_stays_and_is_still_found(world: World) -> None:
    second = send_application(world, standings=both(world, "declined", "declined"))
    world.now = DUE
    applications = due(world.services, world.now)
    again = second.with_standing(Standing(ALBA.key, decision=AdmissionDecision("waiting", "Mme Houx", world.now)))
    stores(world).applications.change(second, again)

    erasure = purge(world.services, applications, "Mme Houx", world.now)

    assert (erasure.asked, erasure.erased) == ((("evry-xenakis", 1),), ())
    assert stores(world).applications.find_by_number(second.number) == again


def two_due(world: World) -> list[Application]:
    world.now = datetime(2026, 9, 1, 9, tzinfo=PARIS)
    announce(world)
    outcomes = both(world, "declined", "withdrawn")
    return [
        send_application(world, standings=outcomes),
        send_application(world, "b@example.org", "P26-0001-AAAA", OTHERS),
    ]


@faults_of(*WRITES)
def test_after_any_fault_the_same_command_ends_it(world: World, call: str, when: Any) -> None:
    two_due(world)
    world.aws.calls.clear()
    purge_at(world, SCHOOL_YEAR_OVER)
    times = world.aws.calls.count(call)
    assert times

    for skips in range(times):
        world.aws.wipe(world.resources)
        applications = two_due(world)
        with world.aws.failing(call, when, times=1, skips=skips), pytest.raises(Unavailable):
            purge_at(world, SCHOOL_YEAR_OVER)
        purge_at(world, SCHOOL_YEAR_OVER + timedelta(seconds=1))

        assert [traces_of(world, one) for one in applications] == [[], []]
        assert world.aws.documents(world.resources) == {}
        assert world.services.admission.statistics.find("2026")
