"""Both commands report unconfirmed alarm subscriptions, also by their exit codes."""

from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.sns.models import sns_backends

from operations.deploy.alarms import Alarms, Subscription
from operations.deploy.commands import FAILED, OK, UNHEARD
from operations.deploy.stack import resource_names
from operations.deploy.status import show
from tests.support.aws import TestAws
from tests.support.operator import Operator, template

pytestmark = pytest.mark.filterwarnings("ignore:Tried to parse AWS..Serverless")

PENDING, DELETED = "PendingConfirmation", "Deleted"


@pytest.fixture
def operator(stack: Operator) -> Operator:
    """Make an operator whose stage has a confirmed alarm address."""
    drop(stack)
    email = stack.stage.settings.alarm_email
    stack.aws.client("sns").subscribe(TopicArn=topic(stack), Protocol="email", Endpoint=email)
    stack.output = []
    return stack


def topic(operator: Operator) -> str:
    [name] = resource_names(operator.aws, operator.stage.stack, LogicalResourceId="Alarms")
    return name


def subscriptions(operator: Operator) -> list[Any]:
    """List moto's subscriptions to the stack's own topic. Moto confirms every subscription at once."""
    subscriptions_here = sns_backends[DEFAULT_ACCOUNT_ID]["eu-west-3"].subscriptions.values()
    return [subscription for subscription in subscriptions_here if subscription.topic.arn == topic(operator)]


def become(operator: Operator, state: str) -> None:
    """Set the state of the subscriptions, as AWS lists unconfirmed ones."""
    for subscription in subscriptions(operator):
        subscription.arn = state


def drop(operator: Operator) -> None:
    """Delete the subscription, as AWS does after 48 hours."""
    entries = sns_backends[DEFAULT_ACCOUNT_ID]["eu-west-3"].subscriptions
    for key in [key for key, subscription in entries.items() if subscription.topic.arn == topic(operator)]:
        del entries[key]


def status(operator: Operator, *, subscribes: bool = False) -> tuple[int, str]:
    lines: list[str] = []
    return show(operator.status(), operator.stage, lines.append, subscribes=subscribes), "\n".join(lines)


def test_confirmed_all_is_well(operator: Operator) -> None:
    code, output = status(operator)

    assert (code, operator.finish()) == (OK, OK)
    assert "Alarms reach: astreinte@example.org" in output
    assert "DO NOT REACH" not in output + operator.text()


@pytest.mark.parametrize("state", [PENDING, DELETED, None])
def test_status_is_red_while_nobody_hears_and_subscribes_again(operator: Operator, state: str | None) -> None:
    become(operator, state) if state else drop(operator)

    code, output = status(operator)

    assert code == FAILED
    assert "ALARMS DO NOT REACH astreinte@example.org: " in output
    assert (
        f'make status STAGE={operator.stage.name} ARGS="--endpoint-url {operator.aws.endpoint_url} --subscribe"'
        in output
    )
    assert ("AWS mails astreinte@example.org a link to confirm" in output) == (state != PENDING)
    assert len(subscriptions(operator)) == 1


def test_a_deployment_that_nobody_confirmed_yet_ends_with_a_code_of_its_own(operator: Operator) -> None:
    become(operator, PENDING)

    code = operator.finish()

    assert (code, UNHEARD) == (3, 3)
    assert operator.output[-1].strip().startswith("ALARMS DO NOT REACH astreinte@example.org: it has not confirmed.")
    assert "within 48 hours" in operator.output[-1]
    assert any(line.startswith(f"\n{operator.stage.name} serves ") for line in operator.output)


def test_a_deployment_subscribes_again_what_is_gone(operator: Operator) -> None:
    drop(operator)

    assert operator.finish() == UNHEARD
    assert any("AWS mails astreinte@example.org a link to confirm" in line for line in operator.output)
    assert operator.output[-1].startswith("ALARMS DO NOT REACH astreinte@example.org: it has not confirmed.")
    assert [(each.protocol, each.endpoint) for each in subscriptions(operator)] == [("email", "astreinte@example.org")]


def test_asked_to_status_subscribes_again(operator: Operator) -> None:
    drop(operator)

    code, output = status(operator, subscribes=True)

    assert (code, status(operator)[0]) == (FAILED, OK)  # moto confirms at once
    assert "AWS mails astreinte@example.org a link to confirm" in output
    assert [(each.protocol, each.endpoint) for each in subscriptions(operator)] == [("email", "astreinte@example.org")]


def test_asked_to_a_link_that_was_lost_is_mailed_again(operator: Operator) -> None:
    become(operator, PENDING)

    code, output = status(operator, subscribes=True)

    assert code == FAILED
    assert "AWS mails astreinte@example.org a link to confirm" in output
    assert "it has not confirmed" in output


def test_nothing_is_mailed_again_unless_it_is_asked_for(operator: Operator) -> None:
    become(operator, PENDING)

    operator.finish()

    assert not any("AWS mails" in line for line in operator.output)


def test_an_address_that_confirmed_is_asked_nothing(operator: Operator) -> None:
    code, output = status(operator, subscribes=True)

    assert code == OK
    assert "AWS mails" not in output


def test_only_the_stages_own_address_counts_however_it_is_written(operator: Operator) -> None:
    subscription = next(iter(subscriptions(operator)))
    subscription.endpoint = "Astreinte@Example.org"
    assert status(operator)[0] == OK

    subscription.endpoint = "somebody@example.org"
    code, output = status(operator)

    assert code == FAILED
    assert "AWS mails astreinte@example.org a link to confirm" in output
    assert {each.endpoint for each in subscriptions(operator)} == {"somebody@example.org", "astreinte@example.org"}


@pytest.mark.parametrize(
    ("arns", "subscription"),
    [
        ([], Subscription.GONE),
        ([DELETED], Subscription.GONE),
        ([PENDING], Subscription.PENDING),
        ([DELETED, PENDING], Subscription.PENDING),
        ([DELETED, "arn:aws:sns:eu-west-3:123456789012:clef-prod-Alarms:1"], Subscription.CONFIRMED),
        (["arn:aws:sns:eu-west-3:123456789012:clef-prod-Alarms:1", PENDING], Subscription.CONFIRMED),
    ],
)
def test_of_several_the_best_counts(operator: Operator, arns: list[str], subscription: Subscription) -> None:
    drop(operator)
    sns = operator.aws.client("sns")
    for number, _ in enumerate(arns):
        sns.subscribe(TopicArn=topic(operator), Protocol="email", Endpoint=f"{number}@example.org")
    for entry, arn in zip(subscriptions(operator), arns, strict=True):
        entry.arn, entry.endpoint = arn, "astreinte@example.org"

    assert Alarms.of(operator.aws, operator.stage).subscription() is subscription


def test_a_topic_that_is_gone_is_heard_by_nobody(operator: Operator) -> None:
    missing = f"{topic(operator)}-gone"

    assert Alarms(operator.aws, operator.stage, missing).subscription() is Subscription.GONE


def test_of_a_topic_that_is_gone_no_mail_is_promised_and_how_to_make_it_again_is_told(operator: Operator) -> None:
    missing, lines = f"{topic(operator)}-gone", list[str]()

    subscription = Alarms(operator.aws, operator.stage, missing).settle(lines.append, mails_again=False)

    assert subscription is Subscription.GONE
    assert len(lines) == 1
    assert lines[0].startswith("ALARMS DO NOT REACH astreinte@example.org: their topic is gone")
    assert f"« Create topic », « Standard », {missing.rpartition(':')[2]}), then: make status STAGE=" in lines[0]


def test_who_may_only_look_is_told_that_nobody_was_subscribed(operator: Operator) -> None:
    drop(operator)
    looking = operator.status()

    def refuse(**_: Any) -> None:
        raise ClientError({"Error": {"Code": "AuthorizationError", "Message": "not authorized"}}, "Subscribe")

    looking.session.register("before-call.sns.Subscribe", refuse)
    lines: list[str] = []

    assert show(looking, operator.stage, lines.append) == FAILED
    output = "\n".join(lines)
    assert "ALARMS DO NOT REACH astreinte@example.org: AWS has no confirmed subscription of it, and refused" in output
    assert "AWS mails" not in output
    assert subscriptions(operator) == []
    assert "Versions:" in output  # the rest is shown


def test_a_stack_without_a_topic_is_heard_by_nobody(aws: TestAws) -> None:
    operator = Operator(aws)
    operator.template = template(Alarms={"Type": "AWS::SQS::Queue"})
    operator.deploy()

    code, output = status(operator)
    operator.leave()

    assert code == FAILED
    assert "the stack has no topic for them: make deploy STAGE=" in output
