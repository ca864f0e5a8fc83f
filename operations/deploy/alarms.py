"""The alarms that ring, and the confirmed subscription: SNS deletes one that is not confirmed within 48 hours."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from botocore.exceptions import ClientError

from operations.deploy.aws import Aws, code_of, ignoring, message_of
from operations.deploy.checks import Deployed, Fault
from operations.deploy.commands import Tell, command
from operations.deploy.stack import resource_names
from operations.deploy.stages import Stage

_TOPIC = "Alarms"  # .chalice/resources.yaml
_NOT_FOUND = {"NotFound", "NotFoundException"}
_NAMES = 100  # that CloudWatch takes in one call
_PENDING = "PendingConfirmation"  # listed by SNS instead of an ARN; « Deleted » once it is gone


class Subscription(Enum):
    """The state of the subscription of the stage's alarm address."""

    CONFIRMED = "it has confirmed"
    PENDING = "it has not confirmed"
    GONE = "there is none any longer"


@dataclass(frozen=True)
class Alarms:
    """The alarm topic of a stage, as deployed. The ARN is empty where the stack has no topic."""

    aws: Aws
    stage: Stage
    topic: str

    @classmethod
    def of(cls, aws: Aws, stage: Stage, stack: str = "") -> "Alarms":
        """Find the topic among the resources of the stage's stack, or of another one of the stage."""
        topics = resource_names(aws, stack or stage.stack, LogicalResourceId=_TOPIC)
        return cls(aws, stage, next((arn for arn in topics if arn.startswith("arn:")), ""))

    @property
    def email(self) -> str:
        """The address that receives the alarms."""
        return self.stage.settings.alarm_email

    def subscription(self) -> Subscription:
        """Ask SNS: CloudFormation assumes that a subscription it made still exists."""
        subscriptions = self._subscriptions()
        if any(arn.startswith("arn:") for arn in subscriptions):
            return Subscription.CONFIRMED
        return Subscription.PENDING if _PENDING in subscriptions else Subscription.GONE

    def settle(self, tell: Tell, *, mails_again: bool) -> Subscription:
        """Subscribe the address if AWS deleted it, or if it is pending and `mails_again`. Show the problem, if any."""
        subscription = self.subscription()
        try:
            is_waiting = subscription is Subscription.PENDING and mails_again
            if self.topic and (is_waiting or subscription is Subscription.GONE):
                # For SNS this is one call, whether it subscribes or mails the link again.
                self.aws.client("sns").subscribe(TopicArn=self.topic, Protocol="email", Endpoint=self.email)
                tell(f"AWS mails {self.email} a link to confirm the alarm subscription.")
                # Even where an emulator confirms by itself: the next check sees that.
                subscription = Subscription.PENDING
        except ClientError as error:
            tell(self._why_not_subscribed(error))
        else:
            tell(self._standing(subscription))
        return subscription

    def _subscriptions(self) -> set[str]:
        """List the values that SNS has instead of an ARN for the subscriptions of the address."""
        if not self.topic:
            return set()
        pages = self.aws.client("sns").get_paginator("list_subscriptions_by_topic").paginate(TopicArn=self.topic)
        with ignoring(*_NOT_FOUND):
            return {
                subscription["SubscriptionArn"]
                for subscription in pages.search("Subscriptions[]")
                if (subscription["Protocol"], subscription["Endpoint"].lower()) == ("email", self.email.lower())
            }
        return set()

    @property
    def _again(self) -> str:
        return command("status", self.stage.name, self.aws, "--subscribe")

    def _standing(self, subscription: Subscription) -> str:
        if subscription is Subscription.CONFIRMED:
            return f"Alarms reach: {self.email}"
        text = f"ALARMS DO NOT REACH {self.email}: "
        if subscription is Subscription.PENDING:
            return (
                f"{text}it has not confirmed. Click the link in AWS's mail (« Subscription Confirmation ») within 48 "
                f"hours, or AWS forgets it. For another mail: {self._again}"
            )
        if not self.topic:
            return f"{text}the stack has no topic for them: {command('deploy', self.stage.name, self.aws)}"
        return (
            f"{text}AWS has no subscription for it: it was not confirmed within 48 hours, or was cancelled. "
            f"Have a new link mailed, then click it: {self._again}"
        )

    def _why_not_subscribed(self, error: ClientError) -> str:
        text = f"ALARMS DO NOT REACH {self.email}: "
        if code_of(error) in _NOT_FOUND:
            name = self.topic.rpartition(":")[2]
            return (
                f"{text}their topic is gone, and the stack does not know. Create it again under its name (SNS console, "
                f"region {self.aws.region}, « Create topic », « Standard », {name}), then: {self._again}"
            )
        return (
            f"{text}AWS has no confirmed subscription of it, and refused {error.operation_name} ({code_of(error)}: "
            f"{message_of(error)}). With the rights of docs/deploy-policy.json: {self._again}"
        )


def alarm_status(deployment: Deployed) -> Iterator[str]:
    """List the alarms that ring. Each is a fault."""
    aws = deployment.aws
    names = resource_names(aws, deployment.state.name, ResourceType="AWS::CloudWatch::Alarm")
    query = {"AlarmNames": names, "StateValue": "ALARM", "MaxRecords": _NAMES}
    ringing = aws.client("cloudwatch").describe_alarms(**query)["MetricAlarms"] if names else []
    yield "Alarms: " + ("none in alarm" if not ringing else "")
    for alarm in ringing:
        since: datetime = alarm["StateUpdatedTimestamp"]
        yield Fault(f"  {alarm['AlarmName']} since {since:%Y-%m-%d %H:%M %Z}: {alarm.get('StateReason', '')}")


def subscription_status(deployment: Deployed) -> Iterator[str]:
    """Check that the alarms reach their address. Subscribes it again if AWS deleted it."""
    lines: list[str] = []
    alarms = Alarms.of(deployment.aws, deployment.stage, deployment.state.name)
    is_heard = alarms.settle(lines.append, mails_again=deployment.subscribes) is Subscription.CONFIRMED
    yield from lines if is_heard else map(Fault, lines)
