"""A stage's leftovers: tables, buckets and log groups of its name that belong to no stack. Taken back, or deleted."""

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from operations.deploy.aws import Aws, ignoring
from operations.deploy.commands import Ask, NotReady, Tell, command
from operations.deploy.stages import Stage
from operations.pages.publish import PagesBucket

TABLE: Final = "AWS::DynamoDB::Table"
BUCKET: Final = "AWS::S3::Bucket"
LOG: Final = "AWS::Logs::LogGroup"
IDENTIFIERS: Final = {TABLE: "TableName", BUCKET: "BucketName"}  # CloudFormation's, to import
_DOCUMENTS: Final = "documents"  # the one bucket whose content cannot be made again; those of logs empty themselves
_PAGE: Final = 1000  # versions of objects that are counted
_QUESTION: Final = "Take them back (t), delete the empty ones and begin with new ones (d), or stop (Enter)? "
_CHOOSE: Final = (
    "Refused; nothing was changed: {stage} would get a second set of tables beside these. To take these back: "
    "{take_back}. To delete the empty ones, and begin with new ones beside the others: {delete}. With both flags, the "
    "empty ones are deleted and the others taken back."
)
_NO_KEYS: Final = (
    "Refused; nothing was changed: these tables hold data, and the secrets that made their pseudonyms and seals are no "
    "longer in SSM Parameter Store. Put their copy back (docs/deploy.md, « Keys »). Without a copy: {how}"
)
_OTHER_KEYS: Final = (
    "{name} cannot be taken back: its keys are not those of {logical} in this version. Deploy the version that made it "
    "first, then this one."
)


@dataclass(frozen=True)
class Leftover:
    """A resource that belongs to no stack. `logical`: its logical name as in its full name, where S3 has lower case."""

    type: str
    name: str
    logical: str
    made_at: datetime
    content: str = ""  # empty where it holds nothing

    @property
    def is_data(self) -> bool:
        """Whether a stack without it would be another service: a table, or the bucket of documents."""
        return self.type == TABLE or (self.type == BUCKET and self.logical == _DOCUMENTS)

    def line(self) -> str:
        """Format the leftover."""
        return f"  {self.type:<22} {self.name}, of {self.made_at:%Y-%m-%d %H:%M}: {self.content or 'empty'}"


def find_leftovers(aws: Aws, stage: Stage) -> Iterator[Leftover]:
    """List the tables, buckets and log groups that bear the name of a stage without a stack.

    CloudFormation names a resource `STACK-LOGICAL-SUFFIX`, and neither of the last two parts has a hyphen.
    """

    def logical(name: str) -> str | None:
        match = re.fullmatch(rf"{re.escape(stage.stack)}-([A-Za-z0-9]+)-[A-Za-z0-9]+", name)
        return match and match[1]

    dynamodb, s3, logs = (aws.client(service) for service in ("dynamodb", "s3", "logs"))
    for name in dynamodb.get_paginator("list_tables").paginate().search("TableNames[]"):
        if logical_name := logical(name):
            details = dynamodb.describe_table(TableName=name)["Table"]
            yield Leftover(TABLE, name, logical_name, details["CreationDateTime"], describe_items(aws, name))
    for bucket in s3.list_buckets()["Buckets"]:
        if logical_name := logical(bucket["Name"]):
            yield Leftover(BUCKET, bucket["Name"], logical_name, bucket["CreationDate"], _objects(s3, bucket["Name"]))
    pages = logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=f"{stage.stack}-")
    for group in pages.search("logGroups[]"):
        if logical_name := logical(group["logGroupName"]):
            made_at = datetime.fromtimestamp(group["creationTime"] / 1000, UTC)
            yield Leftover(LOG, group["logGroupName"], logical_name, made_at, _lines(logs, group))


def describe_items(aws: Aws, name: str) -> str:
    """Describe a table's items. DynamoDB counts them every six hours, so one is read to know whether there is any."""
    dynamodb = aws.client("dynamodb")
    page = dynamodb.scan(TableName=name, Limit=1, ConsistentRead=True)
    has_items = page["Items"] or "LastEvaluatedKey" in page
    count = dynamodb.describe_table(TableName=name)["Table"]["ItemCount"]
    return f"about {max(count, 1):,} items" if has_items else ""


def _objects(s3: Any, name: str) -> str:  # noqa: ANN401 - the same
    page = s3.list_object_versions(Bucket=name, MaxKeys=_PAGE)
    count = len(page.get("Versions", [])) + len(page.get("DeleteMarkers", []))
    return f"{'over ' if page.get('IsTruncated') else ''}{count:,} objects, with their versions" if count else ""


def _lines(logs: Any, group: dict[str, Any]) -> str:  # noqa: ANN401 - the same
    streams = logs.describe_log_streams(logGroupName=group["logGroupName"], limit=1)["logStreams"]
    return f"{group.get('storedBytes', 0):,} bytes" if streams else ""


def delete(aws: Aws, leftover: Leftover, *, with_content: bool = False) -> None:
    """Delete a leftover. Without `with_content`, S3 refuses a bucket that got an object since it was listed."""
    if leftover.type == TABLE:
        dynamodb = aws.client("dynamodb")
        protect_table(aws, leftover.name, is_kept=False)
        dynamodb.get_waiter("table_exists").wait(TableName=leftover.name, WaiterConfig={"Delay": 2})
        dynamodb.delete_table(TableName=leftover.name)
    elif leftover.type == BUCKET:
        if with_content:
            PagesBucket(aws, leftover.name).empty()
        with ignoring("NoSuchBucket"):
            aws.client("s3").delete_bucket(Bucket=leftover.name)
    else:
        aws.client("logs").delete_log_group(logGroupName=leftover.name)


def protect_table(aws: Aws, name: str, *, is_kept: bool) -> None:
    """Set a table's deletion protection, which also holds against the template."""
    dynamodb = aws.client("dynamodb")
    with ignoring("ResourceNotFoundException"):
        if dynamodb.describe_table(TableName=name)["Table"].get("DeletionProtectionEnabled", False) != is_kept:
            dynamodb.update_table(TableName=name, DeletionProtectionEnabled=is_kept)


@dataclass(frozen=True)
class Choice:
    """An operator's choice on the command line. `names`: which to take back where several have one logical name."""

    takes_back: bool = False
    deletes_empty: bool = False
    names: Collection[str] = ()

    @property
    def is_made(self) -> bool:
        """Whether there is one."""
        return self.takes_back or self.deletes_empty

    def apply(self, aws: Aws, stage: Stage, leftovers: list[Leftover], tell: Tell) -> list[Leftover]:
        """Delete the empty ones if chosen, and list those to take back. Raises `NotReady`, before any deletion."""
        to_empty = [leftover for leftover in leftovers if leftover.content or not self.deletes_empty]
        imports = self._taken(aws, stage, to_empty) if self.takes_back else []
        for leftover in leftovers:
            if leftover not in to_empty:
                delete(aws, leftover)
                tell(f"  deleted: {leftover.name}, which was empty")
            elif leftover not in imports:
                tell(f"  stays, beside the stack: {leftover.name}")
        return imports

    def _taken(self, aws: Aws, stage: Stage, leftovers: list[Leftover]) -> list[Leftover]:
        if unknown := set(self.names) - {leftover.name for leftover in leftovers if leftover.is_data}:
            raise NotReady(f"Not among the tables and documents that are left: {', '.join(sorted(unknown))}.")
        by_logical = defaultdict(list)
        for leftover in (leftover for leftover in leftovers if leftover.is_data):
            by_logical[leftover.logical].append(leftover)
        by_name = {
            logical: [leftover for leftover in many if leftover.name in self.names]
            for logical, many in by_logical.items()
        }
        doubles = [logical for logical, many in by_logical.items() if len(many) > 1 and len(by_name[logical]) != 1]
        if doubles:
            how = command("deploy", stage.name, aws, "--take-back", *(f"NAME-OF-{logical}" for logical in doubles))
            raise NotReady(
                f"Several are left of {', '.join(doubles)} (above), and only you know the right one. Name one of "
                f"each: {how}"
            )
        return [(by_name[logical] or many)[0] for logical, many in by_logical.items()]


NO_CHOICE: Final = Choice()


@dataclass(frozen=True)
class Leftovers:
    """The leftovers of a stage that never came up, and the operator who chooses. `says_yes`: no question is asked."""

    aws: Aws
    stage: Stage
    tell: Tell
    ask: Ask
    says_yes: bool

    def settle(self, choice: Choice, *, has_keys: bool) -> list[Leftover]:
        """List the leftovers, apply the choice, and return those to take back. Raises `NotReady` without a choice."""
        leftovers = list(find_leftovers(self.aws, self.stage))
        if not leftovers:
            return []
        self.tell(f"  an earlier {self.stage.name} left, and no stack holds:")
        for leftover in leftovers:
            self.tell(leftover.line())
        data = [leftover for leftover in leftovers if leftover.is_data]
        if not data:
            self.tell("  these logs stay until their lines expire; the stack has new ones")
            return []
        has_content = any(leftover.content for leftover in data)
        choice = choice if choice.is_made else self._choose(is_safe=not has_content)
        if choice.takes_back and has_content and not has_keys:
            raise NotReady(_NO_KEYS.format(how=self._command("--take-back", "--new-keys")))
        return choice.apply(self.aws, self.stage, leftovers, self.tell)

    def _choose(self, *, is_safe: bool) -> Choice:
        """Ask. `is_safe`: all are empty, so that `--yes` may delete them."""
        answer = ("d" if is_safe else "") if self.says_yes else self.ask(_QUESTION).lower()
        if answer not in {"t", "d"}:
            take_back, delete_empty = self._command("--take-back"), self._command("--delete-empty")
            raise NotReady(_CHOOSE.format(stage=self.stage.name, take_back=take_back, delete=delete_empty))
        return Choice(takes_back=answer == "t", deletes_empty=answer == "d")

    def _command(self, *flags: str) -> str:
        return command("deploy", self.stage.name, self.aws, *flags)


@dataclass(frozen=True)
class Import:
    """The template and the resources of an import change set, which may do nothing else."""

    template: str
    resources: list[dict[str, Any]]


def plan_import(aws: Aws, template: str, leftovers: list[Leftover]) -> Import:
    """Plan an import of leftovers alone, each as it is. The ordinary update does the rest.

    CloudFormation believes the template of an import, so a property missing from the resource would never be set. A
    table is therefore described as it is, and a bucket by nothing: all of a bucket's properties can be set again.
    """
    by_lower_name = {name.lower(): (name, resource) for name, resource in json.loads(template)["Resources"].items()}
    resources: dict[str, Any] = {}
    imports = []
    for leftover in leftovers:
        name, resource = by_lower_name[leftover.logical.lower()]
        properties = _as_it_is(aws, leftover, resource["Properties"]) if leftover.type == TABLE else {}
        resources[name] = {**resource, "Properties": properties}
        identifier = {IDENTIFIERS[leftover.type]: leftover.name}
        imports.append({"LogicalResourceId": name, "ResourceType": leftover.type, "ResourceIdentifier": identifier})
    return Import(json.dumps({"Resources": resources}), imports)


def _as_it_is(aws: Aws, leftover: Leftover, resource: dict[str, Any]) -> dict[str, Any]:
    """Describe a table in the words of the template, without the settings and indexes that are missing."""
    dynamodb, name = aws.client("dynamodb"), {"TableName": leftover.name}
    table = dynamodb.describe_table(**name)["Table"]
    backups = dynamodb.describe_continuous_backups(**name)["ContinuousBackupsDescription"]
    expiry = dynamodb.describe_time_to_live(**name)["TimeToLiveDescription"]
    indexes = {index["IndexName"]: index["KeySchema"] for index in table.get("GlobalSecondaryIndexes", [])}
    indexes_declared = resource.get("GlobalSecondaryIndexes", [])
    common = [index for index in indexes_declared if index["IndexName"] in indexes]
    if [table["KeySchema"], *(indexes[index["IndexName"]] for index in common)] != [
        resource["KeySchema"],
        *(index["KeySchema"] for index in common),
    ]:
        raise NotReady(_OTHER_KEYS.format(name=leftover.name, logical=leftover.logical))
    restorable = backups.get("PointInTimeRecoveryDescription", {}).get("PointInTimeRecoveryStatus") == "ENABLED"
    actual = {
        "GlobalSecondaryIndexes": common,
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": restorable},
        "DeletionProtectionEnabled": table.get("DeletionProtectionEnabled", False),
        "TimeToLiveSpecification": resource.get("TimeToLiveSpecification") if "AttributeName" in expiry else None,
    }
    properties = {key: actual.get(key, value) for key, value in resource.items()}
    return {key: value for key, value in properties.items() if value not in ([], None)}
