"""`clef rehearse`: visits arrive as in an opening, its report, its refusals, and the remains of a crash."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from agency.rehearsal.replay import Replay, Sample, arrival
from agency.rehearsal.report import RehearsalReport, VisitCounts
from chalicelib.domain.enrolment.periods import EnrolmentPeriod, Periods
from chalicelib.office import rehearsal
from operations.deploy.capacity import FAMILY_VISIT, LOST_PASSWORD
from operations.deploy.stack import StackAddress
from operations.journeys.browser import Browser
from operations.journeys.journey import JourneyLost
from tests.support.clef import Clef
from tests.support.world import World


class Handler(BaseHTTPRequestHandler):
    """Answers with the status that the path names."""

    def do_GET(self) -> None:
        self.send_response(int(self.path[1:]))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Log nothing."""


@pytest.fixture(scope="module")
def address() -> Iterator[StackAddress]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield StackAddress(f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
        thread.join()


def visit(browser: Browser) -> None:
    browser.send("Accueil", "/200")
    if browser.send("Reçu", "/429").status != 200:
        raise JourneyLost("Reçu: 429")


def test_families_come_twice_as_fast_at_first_and_all_within_the_time() -> None:
    moments = [arrival(number / 100, 60) for number in range(100)]

    assert moments[0] == 0
    assert moments == sorted(moments)
    assert sum(moment < 6 for moment in moments) == 20  # a fifth, in a tenth of the time
    assert moments[-1] < 60


def test_each_answer_is_noted_and_a_visit_that_ends_early_is_counted(address: StackAddress) -> None:
    replay, counts = Replay(), list[int]()

    replay.play(address, [visit] * 3, 0.01, lambda: counts.append(1))

    assert (
        sorted((sample.page, sample.status) for sample in replay.samples)
        == [("Accueil", 200)] * 3 + [("Reçu", 429)] * 3
    )
    assert replay.early_ends == ["JourneyLost: Reçu: 429"] * 3
    assert len(counts) == 3


def test_a_ctrl_c_ends_each_visit_after_its_request(address: StackAddress) -> None:
    class Interrupted(list[Any]):
        def __iter__(self) -> Iterator[Any]:
            yield self[0]
            raise KeyboardInterrupt

    def for_ever(browser: Browser) -> None:
        while True:
            browser.send("Accueil", "/200")

    replay = Replay()
    with pytest.raises(KeyboardInterrupt):
        replay.play(address, Interrupted([for_ever]), 0.01, lambda: None)

    assert replay.early_ends == ["JourneyLost: interrupted"]
    assert threading.active_count() < 20


def report(*samples: Sample, functions: dict[str, dict[str, float]] | None = None) -> RehearsalReport:
    return RehearsalReport(VisitCounts(2, 1), Replay(list(samples), seconds=3), 0.5, functions or {})


def test_the_report_has_times_refusals_the_price_and_larger_openings(capsys: pytest.CaptureFixture[str]) -> None:
    answers = [Sample("Accueil", 200, number / 100) for number in range(1, 99)]
    functions = {"families": {"at_once": 7.0, "throttles": 2.0}}
    made = report(*answers, Sample("Accueil", 429, 2), Sample("Accueil", 503, 3), functions=functions)

    written = made.as_json()
    made.print()
    printed = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]

    assert written["pages"] == [
        {
            "page": "Accueil",
            "requests": 100,
            "median_ms": 505,
            "p95_ms": 950,
            "p99_ms": 2000,
            "refused": {"429": 1, "503": 1},
        }
    ]
    assert written["dollars"] == round(made.counts.visit(100).dollars, 4)
    assert [(each["families"], each["at_once_by_model"]) for each in written["openings"]] == [
        (6_000, 118),
        (60_000, 590),
    ]
    assert "Accueil 100 505 950 2000 0 0 1 1 0" in printed
    assert "families 7.0 2.0 -" in printed


def test_a_rehearsal_costs_what_its_visits_do() -> None:
    counts = VisitCounts(2, 1)

    assert counts.mails == 3
    assert counts.visit().dollars == pytest.approx(
        2 * FAMILY_VISIT.dollars + LOST_PASSWORD.dollars - 2 * 0.00016, rel=0.02
    )


def test_without_metrics_it_says_where_to_look(capsys: pytest.CaptureFixture[str]) -> None:
    report(Sample("Accueil", 200, 1)).print()

    assert "CloudWatch n'a pas (encore) de mesures" in " ".join(capsys.readouterr().out.split())


def test_it_only_says_what_it_would_do_without_apply(clef: Clef, world: World) -> None:
    result = clef("rehearse --families 300 --lost 50")

    assert result.code == 0
    assert "300 familles fictives en 60 s ; mots de passe redemandés : 150" in result.out
    assert "Rien n'a été fait : ajoutez --apply." in result.out
    assert clef("rehearse --json").json["applied"] is False
    assert list(world.services.accounts.all()) == []


def test_an_open_period_stops_it_unless_forced(clef: Clef, world: World) -> None:
    today = world.now.date()
    world.services.periods.write(Periods(), Periods(EnrolmentPeriod(today, today)))

    result = clef("rehearse")

    assert (result.code, result.out) == (1, "")
    assert "Une période est ouverte (Bondoufle - Gounod, " in result.err
    assert clef("rehearse --force").code == 0


def test_what_a_crash_left_is_erased_before_another_rehearsal(clef: Clef, world: World) -> None:
    world.settle()
    rehearsal.make_families(world.services, ["evry-magnard"], 2, world.now)

    result = clef("rehearse --apply")
    command_result = clef("rehearse --clean-up")

    assert "d'abord « clef rehearse --clean-up --stage local »" in result.err
    assert (result.code, command_result.code, command_result.out) == (1, 0, "Familles fictives effacées : 2.\n")
    assert len(list(world.services.accounts.all())) == 1
    assert clef("rehearse --clean-up --json").json == {"erased": 0}
