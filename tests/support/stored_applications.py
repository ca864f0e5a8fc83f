"""Applications for the office to read, stored by number, in an open season."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Final

import pytest

from chalicelib.domain.enrolment.periods import EnrolmentPeriod, Periods
from chalicelib.wings.admission.domain.applications import (
    Answers,
    Application,
    ApplicationRef,
    Candidate,
    Standing,
    State,
    Wish,
    submit,
)
from chalicelib.wings.admission.office.accept import AccountChoice
from chalicelib.wings.admission.office.accept import accept as accept_as_shown
from chalicelib.wings.admission.office.decide import AdmissionDecisionInput, CandidateDecision, CandidateVersion
from chalicelib.wings.admission.office.decide import decide as decide_as_shown
from chalicelib.wings.admission.services.stores import AdmissionStores
from chalicelib.wings.admission.stores.applications import Applications
from tests.support.applications import NEW_EMAIL, NOW, NUMBER, SEASON, WHOLE
from tests.support.world import World

IN_JULY: Final = datetime(2027, 7, 5, 8, 0, tzinfo=UTC)  # 10 h 00 in Paris, a Monday
PIE_NUMBER: Final = "P27-BCDF-GHJK"
PIE: Final = Answers(
    "M. Noé Pie",
    "+33 6 99 00 30 01",
    ("12 rue des Lilas", "91080 Evry"),
    (),
    (
        Candidate(
            "c3c3c3c3",
            "Ugo",
            "Pie",
            date(2016, 2, 29),
            (Wish("Guitare", "evry-magnard", "Débutant"), Wish("Guitare", "evry-xenakis", "Débutant")),
        ),
    ),
)


def stores_of(world: World) -> AdmissionStores:
    """Build the admission stores."""
    return world.services.admission


def open_admission(world: World, now: datetime = IN_JULY) -> None:
    """Set a period of applications in 2027, and the clock to a day in it."""
    world.now = now
    stores_of(world).periods.write(Periods(), Periods(EnrolmentPeriod(date(2027, 6, 1), date(2027, 7, 10))))


def application_of(
    world: World, email: str = NEW_EMAIL, answers: Answers = WHOLE, number: str = NUMBER, at: datetime = NOW
) -> Application:
    """Store a sent application."""
    ref = ApplicationRef(world.services.record.pseudonyms.of_mailbox(email), SEASON)
    stores = stores_of(world)
    stores.applications.add_number(number, ref)
    fresh = stores.applications.find(ref)
    return stores.applications.change(
        fresh, submit(replace(fresh, email=email, started_at=at, draft=answers), number, at)
    )


def keep(world: World, change: Callable[[Application], Application], number: str = NUMBER) -> Application:
    """Change a stored application."""
    return stores_of(world).applications.revise(stored(world, number), change)[1]


def stored(world: World, number: str = NUMBER) -> Application:
    """Read an application that exists."""
    application = stores_of(world).applications.find_by_number(number)
    assert application
    return application


def states(world: World, number: str = NUMBER) -> dict[str, State]:
    """Return the states of an application's candidates, by first name."""
    application = stored(world, number)
    assert application.sent
    return {one.first_name: application.state(one.key) for one in application.sent.answers.candidates}


def standing(world: World, key: str, number: str = NUMBER) -> Standing:
    """Return the standing of a candidate."""
    return stored(world, number).standing(key)


def withdraw(world: World, *keys: str) -> Application:
    """Withdraw candidates as the family."""
    return keep(world, lambda found: found.withdraw(keys, world.now))


def send_again(world: World) -> Application:
    """Submit the family's answers again."""
    return keep(world, lambda found: submit(replace(found, draft=found.answers), NUMBER, world.now))


def decide(world: World, decision_input: AdmissionDecisionInput, name: str, number: str = NUMBER) -> CandidateDecision:
    """Decide on a candidate by first name, as the office's page shows them now."""
    application = stored(world, number)
    version = CandidateVersion.of(application, _candidate(application, name).key)
    return decide_as_shown(world.services, application, version, decision_input, world.now)


def accept(  # noqa: PLR0913 - candidate, author, wish and account
    world: World,
    name: str,
    *,
    wish: int = 0,
    number: str = NUMBER,
    by: str = "Mme Lyre",
    words: str = "",
    identifier: str = "",
    account: str = "",
) -> CandidateDecision:
    """Accept a candidate for one of their wishes, as the office's page shows them now."""
    application = stored(world, number)
    candidate = _candidate(application, name)
    version = CandidateVersion.of(application, candidate.key)
    choice = AccountChoice(candidate.wishes[wish].slot, identifier, account)
    decision_input = AdmissionDecisionInput("accepted", by, words)
    return accept_as_shown(world.services, application, version, decision_input, world.now, choice=choice)


def _candidate(application: Application, name: str) -> Candidate:
    assert application.sent
    return next(one for one in application.sent.answers.candidates if one.first_name == name)


def before_the_write(monkeypatch: pytest.MonkeyPatch, happen: Callable[[], Any]) -> None:
    """Run a callback after the office has read an application, before it writes."""
    change = Applications.change

    def first(self: Applications, *items: Application) -> Application:
        monkeypatch.setattr(Applications, "change", change)
        happen()
        return change(self, *items)

    monkeypatch.setattr(Applications, "change", first)
