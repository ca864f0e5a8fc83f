"""The anonymous statistics of a season."""

from dataclasses import replace

from chalicelib.wings.admission.domain.applications import (
    AdmissionDecision,
    Answers,
    Application,
    Candidate,
    Standing,
    Wish,
    submit,
)
from chalicelib.wings.admission.domain.statistics import OTHERS, StatisticsRow, count
from tests.support.applications import BEGUN, NOW, REF

VERDICTS = {"accepted": "accepted", "declined": "declined", "waiting": "waiting"}


def asked(discipline: str, *outcomes: str, site: str = "evry-xenakis") -> list[Application]:
    """Make an application of one candidate for each outcome."""
    return [application_of(discipline, site, outcome) for outcome in outcomes]


def application_of(discipline: str, site: str, outcome: str) -> Application:
    candidate = Candidate("a1a1a1a1", "Alba", "Geai", None, (Wish(discipline, site), Wish("Alto", "evry-magnard")))
    application = submit(Application(REF, started_at=NOW, draft=Answers(candidates=(candidate,))), "P27-K4TN-8WCB", NOW)
    if outcome in VERDICTS:
        decision = AdmissionDecision(outcome, "Mme Houx", NOW)  # type: ignore[arg-type]  # one of the verdicts
        return replace(application, standings=(Standing("a1a1a1a1", decision=decision),))
    return application.withdraw(["a1a1a1a1"], NOW) if outcome == "withdrawn" else application


def test_candidates_are_counted_by_site_and_first_wish_with_what_they_got() -> None:
    piano = asked("Piano", "accepted", "accepted", "declined", "waiting", "withdrawn", "sent")

    statistics = count("2027", [*piano, BEGUN], NOW)

    assert statistics.rows == (StatisticsRow("evry-xenakis", "Piano", 2, 1, 1, 2),)
    assert statistics.rows[0].asked == 6


def test_too_few_candidates_count_among_others_or_not_at_all() -> None:
    few = [*asked("Harpe", "declined", "sent"), *asked("Alto", "accepted", "sent", "sent")]
    alone = asked("Piano", *["declined"] * 4, site="evry-magnard")

    statistics = count("2027", [*few, *alone], NOW)

    assert statistics.rows == (StatisticsRow("evry-xenakis", OTHERS, 1, 1, 0, 3),)
