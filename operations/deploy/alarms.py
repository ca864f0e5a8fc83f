"""Whether anybody hears the alarms: SNS mails them to who has confirmed, and forgets within 48 hours who has not."""

from dataclasses import dataclass
from enum import Enum

from botocore.exceptions import ClientError

from operations.deploy.aws import Aws, code_of, ignoring, message_of
from operations.deploy.commands import Tell, command
from operations.deploy.stack import resource_names
from operations.deploy.stages import Stage

_TOPIC = "Alarms"  # .chalice/resources.yaml
_NOT_FOUND = {"NotFound", "NotFoundException"}
_PENDING = "PendingConfirmation"  # what SNS lists in the place of an ARN; « Deleted » for what is gone


class Subscription(Enum):
    """What has become of the subscription of the stage's own address."""

    CONFIRMED = "it has confirmed"
    PENDING = "it has not confirmed"
    GONE = "there is none any more"


@dataclass(frozen=True)
class Alarms:
    """The topic of a stage's alarms, as AWS has it; no ARN where the stack has none."""

    aws: Aws
    stage: Stage
    topic: str

    @classmethod
    def of(cls, aws: Aws, stage: Stage) -> "Alarms":
        """Find the topic among what the stack holds."""
        topics = resource_names(aws, stage.stack, LogicalResourceId=_TOPIC)
        return cls(aws, stage, next((arn for arn in topics if arn.startswith("arn:")), ""))

    @property
    def email(self) -> str:
        """Who shall get them."""
        return self.stage.settings.alarm_email

    def subscription(self) -> Subscription:
        """Ask SNS, for CloudFormation believes for ever in what it subscribed once."""
        listed = self._subscriptions()
        if any(arn.startswith("arn:") for arn in listed):
            return Subscription.CONFIRMED
        return Subscription.PENDING if _PENDING in listed else Subscription.GONE

    def settle(self, tell: Tell, *, mails_again: bool) -> Subscription:
        """Subscribe the address that AWS forgot, or one that waits too; show what keeps the alarms from being heard."""
        subscription = self.subscription()
        try:
            is_waiting = subscription is Subscription.PENDING and mails_again
            if self.topic and (is_waiting or subscription is Subscription.GONE):
                # To SNS it is one call, to subscribe or to have the link mailed again.
                self.aws.client("sns").subscribe(TopicArn=self.topic, Protocol="email", Endpoint=self.email)
                tell(f"AWS mails {self.email} a link to confirm that it shall get the alarms.")
                # Also where an emulator confirms by itself: the next look sees that.
                subscription = Subscription.PENDING
        except ClientError as error:
            tell(self._why_not_subscribed(error))
        else:
            tell(self._standing(subscription))
        return subscription

    def _subscriptions(self) -> set[str]:
        """List what SNS has in the place of an ARN for the subscriptions of the address."""
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
        what = f"ALARMS DO NOT REACH {self.email}: "
        if subscription is Subscription.PENDING:
            return (
                f"{what}it has not confirmed. Click the link in AWS's mail (« Subscription Confirmation ») within 48 "
                f"hours, or AWS forgets it. For another mail: {self._again}"
            )
        if not self.topic:
            return f"{what}the stack has no topic for them: {command('deploy', self.stage.name, self.aws)}"
        return (
            f"{what}AWS has no subscription of it: nobody confirmed within 48 hours, or somebody unsubscribed. "
            f"Have a new link mailed, then click it: {self._again}"
        )

    def _why_not_subscribed(self, error: ClientError) -> str:
        what = f"ALARMS DO NOT REACH {self.email}: "
        if code_of(error) in _NOT_FOUND:
            name = self.topic.rpartition(":")[2]
            return (
                f"{what}their topic is gone, and the stack does not know. Make it anew under its name (SNS console, "
                f"region {self.aws.region}, « Create topic », « Standard », {name}), then: {self._again}"
            )
        return (
            f"{what}AWS has no confirmed subscription of it, and refused {error.operation_name} ({code_of(error)}: "
            f"{message_of(error)}). With the rights of docs/deploy-policy.json: {self._again}"
        )
