"""`make status STAGE=…`: the stack, its outputs, alarms, dead letters, keys and versions."""

import base64
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime

from chalicelib.infra.batches import batches
from operations.deploy.alarms import Alarms, Subscription
from operations.deploy.aws import Aws
from operations.deploy.commands import FAILED, OK, Tell, arguments, command, run, tell
from operations.deploy.concurrency import concurrency_lines
from operations.deploy.keys import FORMER, RECORD_KEY, KeyStore
from operations.deploy.stack import Outputs, StackState, find_stack, public_address, resource_names
from operations.deploy.stages import Stage
from operations.deploy.store import DeploymentBucket
from operations.pages.publish import security_line

_ALL = tuple(f"ApproximateNumberOfMessages{which}" for which in ("", "NotVisible", "Delayed"))  # of a queue
_ALARMS = 100  # names that CloudWatch takes in one call


def main() -> int:
    """Read the command's arguments and show the stage."""
    parser = arguments("status", "Show how a stage does.")
    parser.add_argument("--subscribe", action="store_true", help="have AWS mail the link for the alarms again")
    given = parser.parse_args()
    return run(given, lambda aws, stage: show(aws, stage, tell, subscribes=given.subscribe))


def show(aws: Aws, stage: Stage, tell: Tell, *, subscribes: bool = False) -> int:
    """Show a stage, and return 1 unless all is well. Changes nothing but a subscription that AWS deleted."""
    state = find_stack(aws, stage.stack)
    if state is None or state.is_new:
        tell(f"{stage.name} is not deployed: {command('deploy', stage.name, aws)}")
        return FAILED
    tell(f"{state.name}: {state.status}{f' ({state.reason})' if state.reason else ''}")
    if not state.given:
        return FAILED
    outputs = state.outputs
    tell(f"Public address: {public_address(aws, stage, outputs).url}/extranet")
    for name, value in asdict(outputs).items():
        tell(f"  {name.replace('_', ' '):<24} {value}")
    alarms = list(_alarms(aws, state))
    tell("Alarms: " + ("none in alarm" if not alarms else ""))
    for alarm in alarms:
        tell(f"  {alarm}")
    is_heard = Alarms.of(aws, stage).settle(tell, mails_again=subscribes) is Subscription.CONFIRMED
    is_safe = state.is_protected or not stage.settings.keep_accounts
    if not is_safe:
        tell(f"NOT PROTECTED: the stack can be deleted by mistake: {command('deploy', stage.name, aws)}")
    letters = _count(aws, outputs.mail_dead_letters_url, "ApproximateNumberOfMessages")
    tell(f"Mails that wait: {', '.join(_waiting(aws, outputs))}")
    if outputs.desk_queue_url:
        tell(f"Jobs of the desk that wait: {_count(aws, outputs.desk_queue_url, *_ALL):,} in DeskQueue")
    tell(f"Dead letters: {letters}{' (docs/runbook.md, « Dead letters »)' if letters else ''}")
    tell(security_line(aws, outputs.pages_bucket))
    are_keys_there = _tell_keys(KeyStore(aws.client("ssm"), stage.name, state), tell)
    for line in concurrency_lines(aws, stage, outputs.api_function):
        tell(line)
    tell("Versions:")
    for line in _versions(aws, outputs):
        tell(f"  {line}")
    return OK if all((state.is_well, is_heard, is_safe, are_keys_there, not alarms, not letters)) else FAILED


def _tell_keys(store: KeyStore, tell: Tell) -> bool:
    """Show each secret's versions and age. Returns whether none is lost."""
    lost, now = store.lost, datetime.now(UTC)
    for name in lost:
        tell(f"LOST: {name} is no longer stored. Do not deploy: docs/deploy.md, « Keys »")
    if store.name(RECORD_KEY) not in lost:
        tell(f"Record key: {_age(store.made_at(RECORD_KEY), now)}; it is never rotated")
    versions = store.find_versions()
    for version in versions:
        state = "opens" if version != versions[0] else "seals and signs"
        state += "" if version.number in store.deployed else ", NOT DEPLOYED"
        state += (
            ""
            if version.settled_at or version.number not in {versions[0].number, FORMER}
            else ", former seals are left"
        )
        tell(f"Keys, version {version.number}: {_age(version.made_at, now)}; {state}")
    return not lost


def _age(made_at: datetime, now: datetime) -> str:
    return f"of {made_at:%Y-%m-%d} ({(now - made_at).days} days)"


def _alarms(aws: Aws, state: StackState) -> Iterator[str]:
    names = resource_names(aws, state.name, ResourceType="AWS::CloudWatch::Alarm")
    for some in batches(names, _ALARMS):
        answer = aws.client("cloudwatch").describe_alarms(AlarmNames=some, StateValue="ALARM", MaxRecords=_ALARMS)
        for alarm in answer["MetricAlarms"]:
            since: datetime = alarm["StateUpdatedTimestamp"]
            yield f"{alarm['AlarmName']} since {since:%Y-%m-%d %H:%M %Z}: {alarm.get('StateReason', '')}"


def _waiting(aws: Aws, outputs: Outputs) -> Iterator[str]:
    """Count the mail jobs of each queue, with those in flight and delayed."""
    yield f"{_count(aws, outputs.mail_queue_url, *_ALL):,} in MailQueue (passwords, codes)"
    if outputs.slow_mail_queue_url:
        yield f"{_count(aws, outputs.slow_mail_queue_url, *_ALL):,} in SlowMailQueue (receipts, decisions, notices)"


def _count(aws: Aws, queue_url: str, *names: str) -> int:
    answer = aws.client("sqs").get_queue_attributes(QueueUrl=queue_url, AttributeNames=list(names))
    return sum(int(answer["Attributes"][name]) for name in names)


def _versions(aws: Aws, outputs: Outputs) -> Iterator[str]:
    functions = (
        outputs.api_function,
        outputs.applicant_function,
        outputs.offers_function,
        outputs.rolls_function,
        outputs.desk_function,
        outputs.desk_jobs_function,
        outputs.post_function,
    )
    for function in filter(None, functions):
        code = aws.client("lambda").get_function_configuration(FunctionName=function)
        digest = base64.b64decode(code["CodeSha256"]).hex()
        commit = DeploymentBucket(aws).commit_of(f"packages/{digest}.zip") or "unknown"
        yield f"{code['FunctionName']}: commit {commit}, package {digest[:12]}, changed {code['LastModified'][:16]}"


if __name__ == "__main__":
    sys.exit(main())
