"""The template of a stage whose network leaves wings out."""

import json
from itertools import chain
from typing import Any

import pytest

from chalicelib.wings import ALL_WINGS
from chalicelib.wings.wing import Wing
from operations.deploy import release
from operations.deploy.commands import Stopped
from operations.deploy.deployment import Deployment
from operations.deploy.leftovers import Choice
from operations.deploy.release import History
from operations.deploy.rollback import release_before
from operations.deploy.stack import named_resources
from operations.deploy.status import show
from operations.deploy.store import DeploymentBucket
from operations.deploy.wings import without
from operations.package.files import compact
from operations.package.parts import FAMILY
from tests.support.operator import TABLE as TABLE_KEYS
from tests.support.operator import Operator
from tests.support.template import template_without_zip

pytestmark = pytest.mark.filterwarnings("ignore:Tried to parse AWS..Serverless")

ARN = {"Fn::GetAtt": ["Old", "Arn"]}
KEPT_ARN = {"Fn::GetAtt": ["Core", "Arn"]}
FUNCTION = "AWS::Serverless::Function"
# What is left of a resource beside the tables `Old`, which goes, and `Core`, and the function `Late`, which goes.
RULES: dict[str, tuple[Any, Any]] = {
    "a variable": (
        {"Type": FUNCTION, "Properties": {"Environment": {"Variables": {"A": {"Ref": "Old"}, "B": {"Ref": "Core"}}}}},
        {"Type": FUNCTION, "Properties": {"Environment": {"Variables": {"B": {"Ref": "Core"}}}}},
    ),
    "an ARN of a statement": (
        {"Type": "AWS::IAM::Role", "Statement": [{"Action": ["a", "b"], "Resource": [ARN, KEPT_ARN]}]},
        {"Type": "AWS::IAM::Role", "Statement": [{"Action": ["a", "b"], "Resource": [KEPT_ARN]}]},
    ),
    "an emptied statement": (
        {"Type": "AWS::IAM::Role", "Statement": [{"Resource": [ARN]}, {"Resource": ARN}, {"Resource": KEPT_ARN}]},
        {"Type": "AWS::IAM::Role", "Statement": [{"Resource": KEPT_ARN}]},
    ),
    "an index": (
        {"Type": "AWS::IAM::Role", "Statement": [{"Resource": {"Fn::Sub": "${Old.Arn}/index/x"}}, {"Resource": "*"}]},
        {"Type": "AWS::IAM::Role", "Statement": [{"Resource": "*"}]},
    ),
    "an event": (
        {"Type": FUNCTION, "Events": {"Ours": {"Queue": {"Fn::Sub": "${Core}"}}, "Its": {"Queue": {"Ref": "Late"}}}},
        {"Type": FUNCTION, "Events": {"Ours": {"Queue": {"Fn::Sub": "${Core}"}}}},
    ),
    "a permission": ({"Type": "AWS::Lambda::Permission", "FunctionName": {"Ref": "Late"}}, None),
    "a filter of its log": ({"Type": "AWS::Logs::MetricFilter", "LogGroupName": {"Ref": "LateLog"}}, None),
    "an alarm": ({"Type": "AWS::CloudWatch::Alarm", "Dimensions": [{"Value": {"Ref": "Late"}}]}, None),
    "an origin, and its behaviour": (
        {
            "Type": "AWS::CloudFront::Distribution",
            "Properties": {
                "DistributionConfig": {
                    "Origins": [{"Id": "core"}, {"Id": "late", "Name": {"Fn::Select": [2, {"Ref": "Late"}]}}],
                    "CacheBehaviors": [{"TargetOriginId": "late"}, {"TargetOriginId": "core"}],
                }
            },
        },
        {
            "Type": "AWS::CloudFront::Distribution",
            "Properties": {
                "DistributionConfig": {"Origins": [{"Id": "core"}], "CacheBehaviors": [{"TargetOriginId": "core"}]}
            },
        },
    ),
    "a path, and its limit": (
        {
            "Type": "AWS::Serverless::Api",
            "Properties": {
                "DefinitionBody": {"paths": {"/a": {"get": {"uri": {"Fn::Sub": "${Late.Arn}"}}}, "/b": {"get": {}}}},
                "MethodSettings": [{"ResourcePath": path} for path in ("/*", "/~1a", "/~1b")],
            },
        },
        {
            "Type": "AWS::Serverless::Api",
            "Properties": {
                "DefinitionBody": {"paths": {"/b": {"get": {}}}},
                "MethodSettings": [{"ResourcePath": path} for path in ("/*", "/~1b")],
            },
        },
    ),
    "metrics and queries of a dashboard": (
        {
            "Type": "AWS::CloudWatch::Dashboard",
            "Body": {
                "Fn::Sub": json.dumps(
                    {
                        "widgets": [
                            {"metrics": [["AWS/Lambda", "F", "${Late}"], ["AWS/Lambda", "F", "${Core}"]]},
                            {"query": "SOURCE '${Core}' | SOURCE '${LateLog}' | filter x"},
                            {"query": "SOURCE '${LateLog}' | filter y"},
                        ]
                    }
                )
            },
        },
        {
            "Type": "AWS::CloudWatch::Dashboard",
            "Body": {
                "Fn::Sub": json.dumps(
                    {
                        "widgets": [
                            {"metrics": [["AWS/Lambda", "F", "${Core}"]]},
                            {"query": "SOURCE '${Core}' | filter x"},
                        ]
                    }
                )
            },
        },
    ),
}
BUT_BILLING = tuple(wing for wing in ALL_WINGS if wing.name not in {"billing", "campaign"})  # which has no table
TABLE = {"Type": "AWS::DynamoDB::Table", "DeletionPolicy": "Retain"}


def made_up(**more: Any) -> dict[str, Any]:
    late = {"Role": {"Fn::GetAtt": ["LateRole", "Arn"]}, "LoggingConfig": {"LogGroup": {"Ref": "LateLog"}}}
    share = {"Fn::If": ["Shares", {"Ref": "Share"}, {"Ref": "AWS::NoValue"}]}
    return {
        "Resources": {
            "Old": TABLE,
            "Core": TABLE,
            "Late": {"Type": FUNCTION, "Properties": late | {"Reserved": share}},
            "LateRole": {"Type": "AWS::IAM::Role", "Statement": [{"Resource": {"Fn::GetAtt": ["LateLog", "Arn"]}}]},
            "LateLog": {"Type": "AWS::Logs::LogGroup", "DeletionPolicy": "RetainExceptOnCreate"},
            **more,
        },
        "Parameters": {"Share": {}, "Unused": {}},
        "Conditions": {"Shares": {"Fn::Not": [{"Fn::Equals": [{"Ref": "Share"}, 0]}]}},
        "Outputs": {"OldTable": {"Value": {"Ref": "Old"}}, "CoreTable": {"Value": {"Ref": "Core"}}},
    }


def test_what_needs_a_resource_goes_with_it_or_loses_that_part() -> None:
    failures = []
    for rule, (resource, rest) in RULES.items():
        result = json.loads(without(compact(made_up(It=resource)), {"Old", "Late", "Unknown"}))
        if result != {
            "Resources": {"Core": TABLE} | ({"It": rest} if rest else {}),
            "Parameters": {"Unused": {}},
            "Conditions": {},
            "Outputs": {"CoreTable": {"Value": {"Ref": "Core"}}},
        }:
            failures.append(rule)

    assert failures == []


def test_a_table_that_stays_is_named_by_copies_and_by_what_erases_alone() -> None:
    parts = {
        "VaultSelection": {"Type": "AWS::Backup::BackupSelection", "Resources": [ARN, KEPT_ARN]},
        "OperatorPolicy": {"Type": "AWS::IAM::ManagedPolicy", "Statement": [{"Resource": ARN}]},
        "DeskJobs": {"Type": FUNCTION, "Environment": {"Variables": {"A": {"Ref": "Old"}}}},
        "Role": {"Type": "AWS::IAM::Role", "Statement": [{"Resource": ARN}, {"Resource": KEPT_ARN}]},
    }

    template = json.loads(without(compact(made_up(**parts)), {"Old", "Late"}, {"Old"}))

    role = {"Type": "AWS::IAM::Role", "Statement": [{"Resource": KEPT_ARN}]}
    assert template["Resources"] == {**parts, "Old": TABLE, "Core": TABLE, "Role": role}
    assert template["Outputs"].keys() == {"OldTable", "CoreTable"}


def test_a_resource_that_cannot_lose_its_part_is_named() -> None:
    for rest in ({"Bucket": {"Ref": "Old"}}, {"DependsOn": "Old"}, {"Name": {"Fn::Join": ["-", [{"Ref": "Old"}]]}}):
        with pytest.raises(Stopped, match=r"^Pages \(AWS::S3::Bucket\) needs Old, which"):
            without(compact(made_up(Pages={"Type": "AWS::S3::Bucket", **rest})), {"Old"})


@pytest.fixture(scope="module")
def whole() -> str:
    return compact(template_without_zip())


def test_the_template_without_each_wing_and_without_all_names_nothing_of_them(whole: str) -> None:
    def names(kind: str, template: str) -> set[str]:
        return {name for name, part in json.loads(template)["Resources"].items() if part["Type"] == kind}

    assert without(whole, ()) == whole
    for wings in (*((wing,) for wing in ALL_WINGS), ALL_WINGS):
        left_out = set(chain.from_iterable(wing.resources for wing in wings))
        template = without(whole, left_out)
        words = ",".join(left_out)
        assert names("AWS::DynamoDB::Table", template) == names("AWS::DynamoDB::Table", whole) - left_out, words
        assert names(FUNCTION, template) == names(FUNCTION, whole) - left_out, words
        assert [name for name in left_out if f'"{name}"' in template or f"${{{name}" in template] == []
    assert names(FUNCTION, template) == {"APIHandler", "Bounces", "Desk", "DeskJobs", "Post", "SignIn"}
    assert len(names("AWS::DynamoDB::Table", template)) == 7
    assert len(template.encode()) < 0.8 * len(whole.encode())


def test_a_wing_goes_off_and_on_again_with_what_its_table_holds(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deploy(wings: tuple[Wing, ...]) -> str:
        monkeypatch.setattr(release, "WINGS", wings)
        operator.packages[FAMILY] = str(wings).encode()
        operator.deploy()
        history = History(DeploymentBucket(operator.aws), operator.stage.name)
        record = history.current()
        assert record
        history.write(record.model_copy(update={"is_tested": True}))
        return operator.text()

    def idle_tables() -> list[str]:
        lines: list[str] = []
        show(operator.status(), operator.stage, lines.append)
        return [line for line in lines if "switched off" in line]

    deploy(ALL_WINGS)
    table = operator.outputs().tables["Billing"]
    item = {"site": {"S": "a"}, "identifier": {"S": "b"}}
    operator.aws.client("dynamodb").put_item(TableName=table, Item=item)
    operator.settings["CLEF_BILLING_TABLE"] = table

    off = deploy(BUT_BILLING)

    billing = "Billing (about 1 items)"
    sentence = f"  Switched off: billing; its tables stay, for erasures, purges and copies of data only: {billing}\n"
    assert f"{sentence}  Switched off: campaign\n" in off[: off.index("changes:")]
    assert (operator.outputs().tables["Billing"], idle_tables()) == (
        table,
        [f"  Data of wings that are switched off, which only erasures, purges and copies of data reach: {billing}"],
    )

    source, before = release_before(operator.aws, operator.stage)
    operator.output = []
    tell = operator.output.append
    Deployment(operator.aws, operator.stage, tell, operator.ask, source, before=before).prepare()

    assert f"  Switched on: billing, with the tables from before: {billing}" in operator.output
    assert (operator.outputs().tables["Billing"], idle_tables()) == (table, [])
    assert operator.aws.client("dynamodb").scan(TableName=table)["Items"] == [item]


def test_a_first_deployment_without_a_wing_takes_back_what_it_left(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(release, "WINGS", BUT_BILLING)
    name = f"{operator.stage.stack}-Billing-A1"
    operator.aws.client("dynamodb").create_table(TableName=name, **TABLE_KEYS, DeletionProtectionEnabled=True)
    operator.settings["CLEF_BILLING_TABLE"] = name

    operator.deploy(leftovers=Choice(takes_back=True))

    tables = named_resources(operator.aws, operator.stage.stack, ResourceType="AWS::DynamoDB::Table")
    assert "Billing" in tables  # moto imports none, and makes another
    assert operator.outputs().tables["Billing"] == tables["Billing"]
