"""The stage watched from outside: the canary in another region, its alarm, and the notice of an incident."""

import json
from typing import Any

import pytest

from chalicelib.domain.account.accounts import CANARY
from operations.deploy.aws import Aws
from operations.deploy.canary import region_of, stack_of
from operations.deploy.stack import find_stack, resource_names
from operations.deploy.stages import load_stage
from tests.support.breaker import Breaker
from tests.support.stack_visitor import Visitor
from tools.stack.deployed import STAGE, Stack

pytestmark = pytest.mark.e2e

STACK = stack_of(load_stage(STAGE))


def run(stack: Stack, name: str, *arguments: str) -> str:
    process = stack.command(f"operations.deploy.{name}", *arguments)
    assert process.returncode == 0, process.stdout + process.stderr
    return process.stdout


def visit(there: Aws) -> str:
    """Have the canary visit, and return its error. Empty if it logged in and out."""
    state = find_stack(there, STACK)
    assert state
    answer: dict[str, Any] = there.client("lambda").invoke(
        FunctionName=state.inputs["Function"], Payload='{"logs_in": true}'
    )
    return str(json.loads(answer["Payload"].read())["errorMessage"]) if "FunctionError" in answer else ""


def test_a_canary_logs_in_from_another_region_and_may_fail(stack: Stack, breaker: Breaker, visitor: Visitor) -> None:
    there = region_of(stack.aws, load_stage(STAGE))

    output = run(stack, "canary", "--yes")

    assert "The fictitious family has logged in and out." in output
    with breaker.role_without(stack.outputs.api_function, "dynamodb"):
        assert visit(there) == "the login: answered 503 instead of 303"
    (family,) = [account for account in stack.services.accounts.every() if account.role == CANARY]
    guesses = [visitor.log_in(family.ref.site, family.ref.identifier, "Faux1234").status for _ in range(6)]
    assert guesses == [401] * 5 + [429]
    assert visit(there) == "", "its browser is known"

    (alarm,) = resource_names(there, STACK, ResourceType="AWS::CloudWatch::Alarm")
    there.client("cloudwatch").set_alarm_state(AlarmName=alarm, StateValue="ALARM", StateReason="two failures")
    status = stack.command("operations.deploy.status")
    assert (status.returncode, "Canary, in eu-central-1:" in status.stdout, f"  {alarm} since" in status.stdout) == (
        1,
        True,
        True,
    )
    run(stack, "canary", "--yes")
    account_after = stack.services.accounts.find(family.ref)
    assert account_after
    assert account_after.password != family.password

    run(stack, "canary", "--remove")
    assert (find_stack(there, STACK), stack.services.accounts.find(family.ref)) == (None, None)


def test_an_incident_is_announced_and_taken_away(stack: Stack, visitor: Visitor) -> None:
    sentence = "Les mails partent avec retard."
    assert "Aucun incident en cours." in visitor.get("/extranet/etat").text

    run(stack, "notice", "--text", sentence)
    texts = [visitor.get(path).text for path in ("/extranet/etat", "/extranet/usager")]
    run(stack, "notice")

    assert [sentence in page for page in texts] == [True, True]
    assert "Incident en cours" not in visitor.get("/extranet/usager").text
