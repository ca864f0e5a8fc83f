"""Promotion: a stage gets the very bytes of another one, or a sentence with the next step."""

import itertools
import re
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.domain.account.keys import USES
from operations.deploy import release as release_module
from operations.deploy.__main__ import source_of
from operations.deploy.aws import Aws
from operations.deploy.commands import FAILED, NotReady, Stopped
from operations.deploy.deployment import Deployment
from operations.deploy.keys import VERSIONS, KeyStore, parameter_of
from operations.deploy.promote import release_of
from operations.deploy.release import Checkout, History, Release
from operations.deploy.rollback import release_before
from operations.deploy.stack import named_resources
from operations.deploy.stages import Stage
from operations.deploy.status import show
from operations.deploy.store import DeploymentBucket
from operations.package.parts import FAMILY
from operations.pages import build
from operations.pages.publish import PagesBucket
from tests.support.account import SENDING, VERIFIED, AnsweringAws
from tests.support.aws import TestAws
from tests.support.operator import TABLE, Operator, template

pytestmark = pytest.mark.filterwarnings("ignore:Tried to parse AWS..Serverless")


def pass_smoke_test(operator: Operator) -> None:
    history = History(DeploymentBucket(operator.aws), operator.stage.name)
    record = history.current()
    assert record
    history.write(record.model_copy(update={"is_tested": True}))


def current(operator: Operator) -> Release:
    record = History(DeploymentBucket(operator.aws), operator.stage.name).current()
    assert record
    return record.release


def promotion(operator: Operator, target: Operator) -> Deployment:
    target.output = []
    source = release_of(operator.aws, operator.stage)
    return Deployment(target.aws, target.stage, target.output.append, target.ask, source, goes_back=True)


def promote(operator: Operator, target: Operator) -> None:
    promotion(operator, target).prepare()


def refusal(operator: Operator, target: Operator) -> str:
    with pytest.raises(NotReady) as error:
        promote(operator, target)
    return str(error.value)


def test_a_stage_gets_what_another_one_runs_whatever_the_checkout_holds(operator: Operator, target: Operator) -> None:
    operator.template = template(Another={"Type": "AWS::SQS::Queue"})
    operator.deploy()
    pass_smoke_test(operator)

    promote(operator, target)

    assert current(target) == current(operator)
    assert target.questions == ["Do it? [y/N] "]
    assert "  Add      AWS::SQS::Queue                        Another" in target.output
    assert any(line.startswith("2. Taking the packages and the template that trial-") for line in target.output)
    assert target.outputs().pages_bucket != operator.outputs().pages_bucket


def test_what_cannot_be_promoted_is_a_sentence_with_the_next_step(
    operator: Operator, target: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(release_module, "commit", lambda: "abc1234")
    name = operator.stage.name
    assert refusal(operator, target).startswith(f"{name} is not deployed: make deploy STAGE={name}")
    operator.deploy()
    assert "has not passed its smoke test there" in refusal(operator, target)
    pass_smoke_test(operator)
    with pytest.raises(NotReady, match=r"and commit 0{40} was approved: approve that one"):
        release_of(operator.aws, operator.stage, "0" * 40)
    assert release_of(operator.aws, operator.stage, f"{'abc1234':0<40}").release == current(operator)

    settings = target.stage.settings.model_copy(update={"architecture": "arm64"})
    target.stage = Stage(target.stage.name, settings)
    assert "packaged for x86_64, and stages.toml has arm64" in refusal(operator, target)

    history = History(DeploymentBucket(operator.aws), name)
    record = history.current()
    assert record
    history.write(record.model_copy(update={"release": record.release.model_copy(update={"pages": "0" * 64})}))
    target.stage = Stage(target.stage.name, operator.stage.settings)
    with pytest.raises(Stopped, match="is missing from clef-deploy-"):
        promote(operator, target)
    assert target.questions == []


def pages(operator: Operator) -> dict[str, bytes]:
    s3, bucket = operator.aws.client("s3"), operator.outputs().pages_bucket
    objects = s3.list_objects_v2(Bucket=bucket)["Contents"]
    return {each["Key"]: s3.get_object(Bucket=bucket, Key=each["Key"])["Body"].read() for each in objects}


def resources(operator: Operator) -> set[str]:
    return set(named_resources(operator.aws, operator.stage.stack))


def test_a_promotion_whose_smoke_test_fails_goes_back_to_template_parameters_and_pages(
    operator: Operator, target: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    operator.deploy()
    pass_smoke_test(operator)
    promote(operator, target)
    pass_smoke_test(target)
    before, parameters, names = pages(target), target.parameters(), resources(target)
    news = {"Type": "AWS::DynamoDB::Table", "DeletionPolicy": "Retain", "Properties": TABLE}
    operator.template = template(Another={"Type": "AWS::SNS::Topic"}, News=news)
    monkeypatch.setattr(build, "render_page", lambda *_, **__: b"another version")
    operator.deploy()
    pass_smoke_test(operator)
    target.stage = Stage(target.stage.name, target.stage.settings.model_copy(update={"monthly_budget": 99}))

    # moto serves no page, so no smoke test passes: neither the new version's, nor the one after going back.
    with pytest.raises(Stopped) as error:
        promotion(operator, target).run()

    assert error.value.exit_code == FAILED
    assert "does not answer as it should either" in str(error.value)
    assert "In the account, beside the stack, stay: News." in str(error.value)
    assert f"6. Going back to {current(target).title}" in target.text()
    assert resources(target) == names
    assert target.parameters() == parameters
    assert pages(target) == before
    assert current(target).template != current(operator).template
    assert target.questions == ["Do it? [y/N] "] * 2

    counter = itertools.count()

    def propose(**fields: Any) -> Any:
        if next(counter):
            raise ClientError({"Error": {"Code": "Throttling", "Message": "later"}}, "CreateChangeSet")
        return target.under.client("cloudformation").create_change_set(**fields)

    answers = {"get_email_identity": VERIFIED, "get_account": SENDING, "create_invalidation": {}}
    target.aws = AnsweringAws(target.under, **answers, invoke=target.publish, create_change_set=propose)
    with pytest.raises(Stopped, match=rf"could not go back by itself: .+\n.+ make rollback STAGE={target.stage.name} "):
        promotion(operator, target).run()
    assert current(target).template == current(operator).template
    assert resources(target) > names


def test_a_promotion_goes_back_from_its_second_change_alone(operator: Operator, target: Operator) -> None:
    operator.deploy()
    pass_smoke_test(operator)
    promote(operator, target)
    pass_smoke_test(target)
    former, held = current(target), resources(target)
    events = target.aws.client("cloudformation").meta.events
    operator.template = template(Another={"Type": "AWS::SNS::Topic"})
    operator.deploy()
    pass_smoke_test(operator)
    for spared, words in ((0, "^CloudFormation refused the template: later$"), (1, "runs .+ again, which does not")):
        KeyStore(target.aws.client("ssm"), target.stage.name).rotate()  # its former secret goes by a second change
        proposals = itertools.count()

        def refuse(spared: int = spared, proposals: Iterator[int] = proposals, **_: Any) -> None:
            if next(proposals) == spared:
                raise ClientError({"Error": {"Code": "?", "Message": "later"}}, "CreateChangeSet")

        events.register("before-call.cloudformation.CreateChangeSet", refuse)
        with pytest.raises(Stopped, match=words):
            promotion(operator, target).run()

        assert (current(target), resources(target)) == (former, held), words
        assert ("6. Going back" in target.text()) == bool(spared), words
        events.unregister("before-call.cloudformation.CreateChangeSet", refuse)


def test_where_nothing_served_a_failed_smoke_test_leaves_the_new_version(operator: Operator, target: Operator) -> None:
    operator.deploy()
    pass_smoke_test(operator)

    with pytest.raises(Stopped, match=r"does not answer as it should: docs/runbook\.md"):
        promotion(operator, target).run()

    assert not [line for line in target.output if line.startswith("6.")]


def test_an_act_changes_nothing_else_of_an_edited_checkout(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(source_of(operator.aws, operator.stage, is_act=True), Checkout)
    monkeypatch.setattr(release_module, "commit", lambda: "abc1234")
    operator.deploy()
    release, held, published = current(operator), resources(operator), pages(operator)
    operator.template = template(Another={"Type": "AWS::SNS::Topic"})
    operator.packages[FAMILY] = b"edited"
    operator.stage = Stage(operator.stage.name, operator.stage.settings.model_copy(update={"monthly_budget": 99}))
    monkeypatch.setattr(release_module, "commit", lambda: "def5678+")
    monkeypatch.setattr(release_module, "telephones", lambda: "edited")
    monkeypatch.setattr(build, "render_page", lambda *_, **__: b"edited")
    keys = {"RecordKey", VERSIONS, *map(parameter_of, USES)}
    acts: dict[str, tuple[dict[str, Any], set[str]]] = {
        "rotate-secret": ({"rotates": True}, {"CdnSecret", "CdnSecretDigests"}),
        "rotate-keys": ({"keys": "rotate"}, keys - {"RecordKey"}),
        "retire-keys": ({"keys": "retire"}, keys - {"RecordKey"}),
        "settings": ({}, {"MonthlyBudget"}),
    }
    wrong = {}
    for name, (how, changes) in acts.items():
        before = operator.parameters()
        source = source_of(operator.aws, operator.stage, is_act=True)
        operator.deploy(source=source, keeps_settings=name != "settings", **how)
        changed = {key for key, value in operator.parameters().items() if value != before[key]}
        if (changed, current(operator), resources(operator), pages(operator)) != (changes, release, held, published):
            wrong[name] = changed

    assert wrong == {}
    assert f"3. Changing the stack {operator.stage.stack}, which stays at {release.title}" in operator.output
    operator.deploy()
    line = next(line for line in operator.output if line.startswith("3. "))
    assert re.fullmatch(r"3\. Changing the stack \S+ from \S+, commit abc1234 to \S+, commit def5678\+", line)
    assert "  Warning: it has files that no commit has" in operator.output
    assert current(operator).packages[FAMILY] != release.packages[FAMILY]


TIME = r"\d{4}-\d\d-\d\d \d\d:\d\d"


def roll_back(operator: Operator) -> None:
    operator.output = []
    source, before = release_before(operator.aws, operator.stage)
    deployment = Deployment(operator.aws, operator.stage, operator.output.append, operator.ask, source, before=before)
    deployment.prepare()


def test_a_rollback_goes_one_tested_deployment_back_each_time(operator: Operator) -> None:
    for version, is_tested in (("First", True), ("Second", True), ("Broken", False), ("Third", True)):
        operator.template = template(**{version: {"Type": "AWS::SNS::Topic"}})
        operator.deploy()
        if is_tested:
            pass_smoke_test(operator)
    operator.questions = []
    lines: list[str] = []
    show(operator.status(), operator.stage, lines.append)
    present, before, *_ = lines[lines.index("Versions:") + 1 :]
    assert re.fullmatch(rf"  {re.escape(current(operator).title)}, of {TIME} UTC by \S+", present)
    assert re.fullmatch(rf"  before it: .+, commit .+, of {TIME} UTC by \S+ \(make rollback STAGE=.+\)", before)

    roll_back(operator)

    assert {"First", "Second", "Third"} & resources(operator) == {"Second"}
    assert operator.questions == ["Do it? [y/N] "]
    heading = rf"2\. Going back to .+, commit .+, of {TIME} UTC by .+ runs .+, commit .+, of {TIME} UTC by "
    assert [line for line in operator.output if re.match(heading, line)]

    roll_back(operator)
    assert {"First", "Second", "Third"} & resources(operator) == {"First"}
    with pytest.raises(NotReady, match="has no deployment before"):
        roll_back(operator)


def test_a_rollback_behind_a_table_is_refused(operator: Operator) -> None:
    operator.deploy()
    pass_smoke_test(operator)
    operator.template = template(News={"Type": "AWS::DynamoDB::Table", "Properties": TABLE})
    operator.deploy()

    with pytest.raises(NotReady, match=r"Remove +AWS::DynamoDB::Table +News") as error:
        roll_back(operator)

    assert "mend the present version and deploy it" in str(error.value)
    assert "News" in resources(operator)


ROLE = {
    "Type": "AWS::IAM::Role",
    "Properties": {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []}},
}
POST = {
    "Type": "AWS::Lambda::Function",
    "Properties": {
        "Code": {"ZipFile": "def handler(event, context): ..."},
        "Handler": "index.handler",
        "Role": {"Fn::GetAtt": ["PostRole", "Arn"]},
        "Runtime": "python3.13",
    },
}


def test_a_stage_that_runs_another_package_is_not_promoted_or_acted_on(operator: Operator, target: Operator) -> None:
    operator.template = template(PostRole=ROLE, Post=POST)
    operator.deploy()
    pass_smoke_test(operator)

    assert f"Post of {operator.stage.name} does not run the package of its last" in refusal(operator, target)
    with pytest.raises(NotReady, match=r"does not run the package of its last .+ make rollback STAGE="):
        source_of(operator.aws, operator.stage, is_act=True)


def test_bytes_are_carried_to_another_bucket_and_checked_when_they_are_read(operator: Operator, aws: TestAws) -> None:
    operator.deploy()
    pass_smoke_test(operator)
    elsewhere, lines = DeploymentBucket(Aws("eu-west-1", aws.endpoint_url)), list[str]()
    elsewhere.make()

    copy = release_of(operator.aws, operator.stage).bring(elsewhere, operator.stage, lines.append)

    assert lines[-1] == f"  carried from clef-deploy-{operator.aws.account}-eu-west-3"
    assert elsewhere.read(copy.packages[FAMILY]) == operator.packages[FAMILY]
    assert f"s3://{elsewhere.name}/packages/{copy.packages[FAMILY]}.zip" in copy.deployable(elsewhere)
    key = f"packages/{copy.template}.json"
    elsewhere.aws.client("s3").put_object(Bucket=elsewhere.name, Key=key, Body=b"{}")
    with pytest.raises(Stopped, match="is not what was stored there"):
        copy.deployable(elsewhere)
    PagesBucket(elsewhere.aws, elsewhere.name).empty()
    elsewhere.aws.client("s3").delete_bucket(Bucket=elsewhere.name)
