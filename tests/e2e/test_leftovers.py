"""A destroyed stage is taken back by a real import, with its items, objects and keys. A small template, in seconds."""

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace

import pytest

from operations.deploy.commands import NotReady
from operations.deploy.deployment import Deployment
from operations.deploy.destroy import destroy
from operations.deploy.keys import KeyStore
from operations.deploy.leftovers import LOG, NO_CHOICE, TABLE, Choice, delete, find_leftovers
from operations.deploy.release import Checkout, Release
from operations.deploy.stack import Outputs, find_stack, resource_names
from operations.deploy.stages import Stage, StageSettings
from operations.package.parts import FAMILY, NETWORK, OFFICE
from tests.support.operator import Operator, template
from tests.support.template import template_without_zip
from tools.stack.deployed import Stack

pytestmark = pytest.mark.e2e


class Unpublished(Deployment):
    """Without the pages, since this stage has no CDN."""

    def _publish(self, outputs: Outputs, release: Release) -> None:
        pass


class Keeper(Operator):
    """An operator of a stage that keeps its accounts, in the emulator: the real tables, documents and logs alone."""

    def __init__(self, stack: Stack) -> None:
        self.aws = stack.aws  # type: ignore[assignment]  # the emulator needs no fixed answers
        self.output, self.questions, self.answer = [], [], "y"
        settings = {"region": "eu-west-3", "domain": "", "sender_identity": "extranet.example.fr",
                    "alarm_email": "astreinte@example.org", "monthly_budget": 9, "reserved_concurrency": 0}  # fmt: skip
        self.stage = Stage("kept", StageSettings.model_validate(settings))
        real = template_without_zip()["Resources"]
        items = {name: each for name, each in real.items() if each["Type"] in {TABLE, LOG} or "Documents" in name}
        code = {"Handler": "a.b", "Runtime": "python3.13", "CodeUri": f"./{FAMILY}"}
        tree = json.loads(template(**items, APIHandler={"Type": "AWS::Serverless::Function", "Properties": code}))
        self.template = json.dumps(tree | {"Transform": "AWS::Serverless-2016-10-31"})
        archive = io.BytesIO()
        zipfile.ZipFile(archive, "w").close()
        self.packages = {name: archive.getvalue() for name in (FAMILY, OFFICE, NETWORK)}

    def deploy(self, choice: Choice = NO_CHOICE) -> list[str]:  # type: ignore[override]
        self.output = []
        draft = Unpublished(self.aws, self.stage, self.output.append, self.ask, Checkout(self.package))
        replace(draft, says_yes=True, leftovers=choice).prepare()
        return self.output

    def destroy(self) -> None:
        self.answer, self.output = self.stage.name, []
        destroy(self.aws, self.stage, self.output.append, self.ask)


@pytest.fixture
def keeper(stack: Stack) -> Iterator[Keeper]:
    result = Keeper(stack)
    yield result
    if find_stack(result.aws, result.stage.stack):
        result.destroy()
    for leftover in find_leftovers(result.aws, result.stage):
        delete(result.aws, leftover, with_content=True)
    KeyStore(result.aws.client("ssm"), result.stage.name).forget()


def record_of(keeper: Keeper) -> set[str]:
    """List the log groups, which the emulator names otherwise than AWS."""
    groups = keeper.aws.client("logs").get_paginator("describe_log_groups").paginate()
    return {
        group["logGroupName"] for page in groups for group in page["logGroups"] if "clef-kept" in group["logGroupName"]
    }


def test_a_destroyed_stage_is_taken_back_whole(keeper: Keeper) -> None:
    keeper.deploy()
    before, names = keeper.outputs(), set(resource_names(keeper.aws, "clef-kept", ResourceType=TABLE))
    dynamodb, s3 = keeper.aws.client("dynamodb"), keeper.aws.client("s3")
    item = {"site": {"S": "evry-xenakis"}, "identifier": {"S": "MAG2003"}}
    dynamodb.put_item(TableName=before.accounts_table, Item=item)
    s3.put_object(Bucket=before.documents_bucket, Key="invoices/a.pdf", Body=b"%PDF-")
    keys = KeyStore(keeper.aws.client("ssm"), "kept").find()

    keeper.destroy()
    logs = record_of(keeper)
    with pytest.raises(NotReady, match="second set"):
        keeper.deploy()
    assert find_stack(keeper.aws, "clef-kept") is None
    keeper.deploy(Choice(takes_back=True))

    assert keeper.outputs().tables == before.tables
    assert set(resource_names(keeper.aws, "clef-kept", ResourceType=TABLE)) == names
    assert keeper.outputs().documents_bucket == before.documents_bucket
    assert dynamodb.get_item(TableName=before.accounts_table, Key=item)["Item"] == item
    assert s3.get_object(Bucket=before.documents_bucket, Key="invoices/a.pdf")["Body"].read() == b"%PDF-"
    assert "Deny" in s3.get_bucket_policy(Bucket=before.documents_bucket)["Policy"]
    assert KeyStore(keeper.aws.client("ssm"), "kept").find() == keys
    assert "clef-kept" in " ".join(logs)
    assert logs <= record_of(keeper)
