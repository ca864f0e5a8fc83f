"""The model of a season: units as DynamoDB bills them, and figures that can be worked out by hand."""

import math
from collections import Counter
from collections.abc import Iterator

import pytest

from chalicelib.stores.dynamo import Database, Lookup, Put
from tools.scale.counting import CountingAws, Counts
from tools.scale.model import Journey, Opening, concurrency, duration, mail_minutes, per_second

LOGIN = Counts(times=1, round_trips=4, worst=4, reads=Counter(accounts=1), writes=Counter(sessions=1), seconds=0.0579)
STEP = Counts(times=3, round_trips=9, worst=3, reads=Counter(accounts=3), writes=Counter(enrolments=6), seconds=0.0)
MAILS = Counts(times=2, round_trips=2, others=Counter(SendEmail=2))
JOURNEY = Journey({"page Connexion": Counts(times=1), "POST connexion": LOGIN, "POST Élève": STEP, "job mail": MAILS})
OPENING = Opening(6_000, 0.5, 0.2)


@pytest.fixture(scope="module")
def aws() -> Iterator[CountingAws]:
    made = CountingAws()
    made.create("counted", "ne-pas-repondre@extranet.example.fr")
    yield made
    made.stop()


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
    assert big.reads == {"accounts": 2 + 2, "office": 1}  # what is not there costs a unit too
    assert aws.pages["nothing"].round_trips == 0


def test_static_pages_and_jobs_are_no_requests_to_the_api() -> None:
    assert JOURNEY.requests == 4


def test_a_duration_is_the_processor_slowed_and_the_waits() -> None:
    assert duration(LOGIN) == pytest.approx(0.0579 * 1769 / 1024 + 4 * 0.006)


def test_an_opening_asks_of_the_biggest_site_s_key_its_part() -> None:
    assert OPENING.arrivals == 50
    assert per_second(JOURNEY, OPENING, "writes", "enrolments") == pytest.approx(50 * 0.2 * 6)
    assert per_second(JOURNEY, OPENING, "reads", "accounts", "all") == pytest.approx(50 * 4)


def test_concurrency_and_mails() -> None:
    assert concurrency(JOURNEY, OPENING) == math.ceil(50 * JOURNEY.seconds)
    assert mail_minutes(JOURNEY, OPENING) == pytest.approx(3_000 * 2 / 14 / 60)


def test_a_journey_s_price_is_the_sum_of_its_parts() -> None:
    parts = 4 * (3.70e-6 + 0.20e-6) + 2 * (3 * 0.40e-6 + 0.20e-6) + JOURNEY.seconds * 1.66667e-5
    parts += 4 * 0.1487e-6 + 7 * 0.7423e-6 + 2 * 0.16e-3

    assert JOURNEY.dollars() == pytest.approx(parts)
