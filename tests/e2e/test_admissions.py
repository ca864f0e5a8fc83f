"""Families without an account, as deployed: a function of their own answers them, and may do nothing else."""

import json
from datetime import timedelta

import pytest

from tests.support.breaker import Breaker
from tests.support.stack_visitor import Visitor
from tools.stack.deployed import Stack

pytestmark = pytest.mark.e2e

START = "/extranet/pre-inscription"


def test_their_pages_come_from_their_own_function(visitor: Visitor, breaker: Breaker) -> None:
    with breaker.without_capacity(breaker.outputs.api_function):
        page = visitor.get(START)
    with breaker.without_capacity(breaker.outputs.admissions_function):
        gone, family = visitor.get(START), visitor.get("/extranet/compte")

    assert (page.status, page.is_french_page, page.headers["Cache-Control"]) == (200, True, "no-store")
    assert (gone.status, family.status) == (503, 303)


def test_the_job_of_each_hour_runs_as_deployed(stack: Stack, breaker: Breaker) -> None:
    """MiniStack fires no schedule: it is asked for the rule, and the function is called as the rule would."""
    rules = stack.aws.client("events").list_rules()["Rules"]
    found = stack.aws.client("lambda").get_function_configuration(FunctionName=breaker.outputs.offers_function)
    event = {
        "version": "0",
        "id": "event-1",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "000000000000",
        "time": "2026-09-01T07:00:00Z",
        "region": "eu-west-3",
        "resources": [rule["Arn"] for rule in rules],
        "detail": {},
    }

    answer = stack.aws.client("lambda").invoke(FunctionName=found["FunctionName"], Payload=json.dumps(event))

    assert [(rule["ScheduleExpression"], rule["State"]) for rule in rules] == [("rate(1 hour)", "ENABLED")]
    assert (answer.get("FunctionError"), json.load(answer["Payload"])) == (None, None)
    assert found["Timeout"] == timedelta(minutes=5).total_seconds()
