"""The counted journey: DynamoDB's billing units, and a table whose sums are easy to check by hand."""

import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from chalicelib.infra.dynamo.database import Database, Lookup, Put
from chalicelib.settings.environment import NETWORK_FILE
from operations.deploy.capacity import APPLICATION
from tools.scale import PAPER, durations, table
from tools.scale_counts import SITES, CountingAws, Counts

LOGIN = Counts(times=1, round_trips=4, worst=4, reads=Counter(accounts=1), writes=Counter(sessions=1), seconds=0.0579)
STEP = Counts(times=3, round_trips=9, worst=3, reads=Counter(accounts=3), writes=Counter(enrolments=6), seconds=0.0)
MAILS = Counts(times=2, round_trips=2, worst=1, rest=Counter(SendEmail=2))


@pytest.fixture(scope="module")
def aws() -> Iterator[CountingAws]:
    counts = CountingAws()
    counts.create("counted", "ne-pas-repondre@extranet.example.fr")
    yield counts
    counts.stop()


def test_calls_are_counted_under_their_page_in_the_units_that_dynamodb_bills(aws: CountingAws) -> None:
    database = Database(aws.client("dynamodb"))
    key = {"site": "evry-xenakis", "identifier": "xen1"}
    with aws.page("big"):
        database.write_together(Put("counted-accounts", {**key, "name": "x" * 5000}))
        database.update("counted-accounts", key, "SET #role = :role", "attribute_exists(site)", role="family")
        database.read(Lookup("counted-accounts", key, lambda item: item))
        database.read_together(
            *(Lookup(f"counted-{table}", key, lambda item: item) for table in ("accounts", "office"))
        )
    with aws.page("nothing"):
        pass

    big = aws.pages["big"]
    assert (big.times, big.round_trips, big.worst) == (1, 4, 4)
    assert big.writes == {"accounts": 5 + 5}  # 5,0xx bytes: five units, and an update is billed as the whole item
    assert big.reads == {"accounts": 2 + 2, "office": 1}  # a missing item costs a unit too
    assert aws.pages["nothing"].round_trips == 0


def test_the_paper_has_the_counts_of_today(tmp_path: Path) -> None:
    """Checks the smallest and the largest network. The tool starts a whole service, so it has its own process.

    The paper is of the wings that are on by default: all but payment.
    """
    text, count = re.subn(r'(?m)^(wings = .*)"payment", ', r"\1", NETWORK_FILE.read_text("utf-8"))
    (tmp_path / "network.toml").write_text(text, "utf-8")
    environment = {**os.environ, "CLEF_NETWORK_FILE": str(tmp_path / "network.toml")}
    command = (sys.executable, "-m", "tools.scale", "--check", str(SITES[0]), str(SITES[-1]))
    answer = subprocess.run(command, cwd=PAPER.parents[1], env=environment, capture_output=True, text=True, check=False)

    assert count == 1
    assert (answer.returncode, answer.stderr) == (0, "")


def test_a_duration_is_the_processor_slowed_and_the_waits() -> None:
    assert LOGIN.duration == pytest.approx(0.0579 * 1769 / 1024 + 4 * 0.006)


def test_the_table_adds_up_what_reaches_the_api_and_what_follows() -> None:
    pages = {"page Connexion": Counts(times=1), "POST connexion": LOGIN, "POST Élève": STEP, "job mail": MAILS}

    lines = list(table(pages))

    assert lines[4] == "| POST Élève | 3 | 3 | 3 | 6 |  |"
    assert lines[6] == "| **a journey** | 4 | | 4 | 7 | 2 mails |"  # static pages and jobs are no requests to the API
    # Milliseconds: 124, 3 × 18 and 2 × 6.
    assert list(durations(pages, {"Start": STEP, "job code": MAILS}))[1:] == [
        "a journey 0.190 s, a login 0.124 s.",
        f"It says {APPLICATION:.3f} s of a new family; measured now, jobs left out: 0.054 s.",
    ]
