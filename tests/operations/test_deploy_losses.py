"""A deployment that would lose families' data is refused unless named, and no stack is deleted by mistake."""

import json
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from operations.deploy.changes import ResourceChange, losses, stack_policy
from operations.deploy.commands import NotReady
from operations.deploy.destroy import destroy
from operations.deploy.stack import find_stack, resource_names
from operations.deploy.status import show
from tests.support.operator import Operator
from tools.local.aws import TABLES

pytestmark = pytest.mark.filterwarnings("ignore:Tried to parse AWS..Serverless")

TABLE, BUCKET, DISTRIBUTION = "AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::CloudFront::Distribution"
QUEUE = "AWS::SQS::Queue"


@pytest.fixture
def keeper(operator: Operator) -> Operator:
    """Make the operator of a stage that keeps its accounts."""
    settings = operator.stage.settings.model_copy(update={"keep_accounts": True})
    operator.stage = replace(operator.stage, settings=settings)
    return operator


def without(operator: Operator, name: str) -> str:
    """Remove a resource from the template. References to it then name another."""
    whole: dict[str, Any] = json.loads(operator.template)
    del whole["Resources"][name]
    return json.dumps(whole).replace(f'"{name}"', '"Pages"')


def is_protected(operator: Operator) -> bool:
    state = find_stack(operator.aws, operator.stage.stack)
    assert state is not None
    return state.is_protected


def change_sets(operator: Operator) -> list[str]:
    summaries = operator.aws.client("cloudformation").list_change_sets(StackName=operator.stage.stack)["Summaries"]
    return [summary["ChangeSetName"] for summary in summaries]


def test_what_would_lose_what_families_have_is_a_loss_and_nothing_else_is() -> None:
    kinds = dict.fromkeys(TABLES, TABLE) | {"Distribution": DISTRIBUTION, "Pages": BUCKET, "MailQueue": QUEUE}
    policy = stack_policy(json.dumps({"Resources": {name: {"Type": kind} for name, kind in kinds.items()}}))
    changes = [
        *(ResourceChange("Modify", name, TABLE, "True") for name in (*TABLES, "Documents", "Distribution")),
        *(ResourceChange("Remove", name, TABLE, "") for name in (*TABLES, "Documents", "Distribution")),
        ResourceChange("Modify", "Accounts", TABLE, "Conditional"),
        ResourceChange("Dynamic", "Office", TABLE, ""),
    ]
    harmless = [
        ResourceChange("Add", "Accounts", TABLE, ""),
        ResourceChange("Modify", "Accounts", TABLE, "False"),
        ResourceChange("Modify", "Accounts", TABLE, ""),
        ResourceChange("Import", "Accounts", TABLE, ""),
        ResourceChange("Modify", "Pages", BUCKET, "True"),
        ResourceChange("Remove", "DocumentsPolicy", "AWS::S3::BucketPolicy", ""),
        ResourceChange("Remove", "MailQueue", QUEUE, ""),
        ResourceChange("Modify", "APIHandler", "AWS::Lambda::Function", "True"),
    ]

    assert losses(changes, policy) == [change.line() for change in changes]
    assert losses(harmless, policy) == []
    assert losses([ResourceChange("Remove", "Billing", TABLE, "")], policy.replace("/Billing", "/Pages")) == []


def test_a_queue_that_goes_is_shown_with_what_goes_with_it() -> None:
    loss = [ResourceChange("Remove", "SlowMailQueue", QUEUE, ""), ResourceChange("Modify", "MailQueue", QUEUE, "True")]
    stays = [ResourceChange("Add", "SlowMailQueue", QUEUE, ""), ResourceChange("Modify", "MailQueue", QUEUE, "False")]

    assert [each for each in loss if "MAILS THAT WAIT IN IT ARE LOST" not in each.line()] == []
    assert [each for each in stays if "LOST" in each.line()] == []


def test_a_deployment_that_loses_what_families_have_is_refused(operator: Operator) -> None:
    operator.deploy()
    before, waiting, operator.questions = operator.outputs(), change_sets(operator), []
    whole = operator.template
    for name in ("Accounts", "Documents"):
        operator.template = without(operator, name)

        with pytest.raises(NotReady, match="the stack stays as it is") as error:
            operator.deploy(says_yes=True)

        assert f" {name}\n" in str(error.value)
        assert operator.questions == []
        assert operator.outputs() == before
        assert resource_names(operator.aws, operator.stage.stack, LogicalResourceId=name)
        assert change_sets(operator) == waiting
        operator.template = whole


def test_taken_out_of_the_policy_it_is_done_once_confirmed_and_the_policy_is_whole_again(operator: Operator) -> None:
    operator.deploy()
    whole, operator.template = operator.template, without(operator, "Billing")
    billing = operator.outputs().tables["Billing"]  # moto deletes a retained table
    operator.aws.client("dynamodb").update_table(TableName=billing, DeletionProtectionEnabled=False)
    cloudformation, stack, lines = operator.aws.client("cloudformation"), operator.stage.stack, list[str]()
    policy = cloudformation.get_stack_policy(StackName=stack)["StackPolicyBody"]
    policy_after = policy.replace('"LogicalResourceId/Billing", ', "")  # as docs/runbook.md
    cloudformation.set_stack_policy(StackName=stack, StackPolicyBody=policy.replace("LogicalResourceId/D", "*"))
    show(operator.status(), operator.stage, lines.append)
    assert any("delete or replace Documents: make deploy" in line for line in lines)
    cloudformation.set_stack_policy(StackName=stack, StackPolicyBody=policy_after)

    assert show(operator.status(), operator.stage, lines.append) == 1
    assert any(line.startswith("NOT PROTECTED: a change may delete or replace Billing: make deploy") for line in lines)
    operator.deploy()

    assert operator.questions[-1] == "Do it? [y/N] "
    assert operator.outputs().tables["Billing"] == operator.outputs().pages_bucket
    operator.template = whole
    operator.deploy()
    assert cloudformation.get_stack_policy(StackName=stack)["StackPolicyBody"] == policy


def test_a_stage_that_keeps_its_accounts_cannot_be_deleted_by_mistake(keeper: Operator) -> None:
    keeper.deploy()

    assert is_protected(keeper)
    assert any("protected" in line for line in keeper.output)
    with pytest.raises(ClientError, match="TerminationProtection is enabled"):
        keeper.aws.client("cloudformation").delete_stack(StackName=keeper.stage.stack)
    assert not any("protected" in line for line in keeper.deploy())


def test_a_stage_that_keeps_no_accounts_is_not_protected(operator: Operator) -> None:
    operator.deploy()

    assert not is_protected(operator)


def test_a_protection_that_was_taken_off_is_told_and_set_again(keeper: Operator) -> None:
    keeper.deploy()
    keeper.aws.client("cloudformation").update_termination_protection(
        StackName=keeper.stage.stack, EnableTerminationProtection=False
    )
    lines: list[str] = []

    assert show(keeper.status(), keeper.stage, lines.append) == 1
    assert any(line.startswith("NOT PROTECTED: ") and "make deploy STAGE=trial-" in line for line in lines)
    keeper.deploy()

    assert is_protected(keeper)
    assert show(keeper.status(), keeper.stage, lines.append) == 0


def test_the_protection_stays_unless_the_stages_name_is_typed(keeper: Operator) -> None:
    keeper.deploy()

    for keeper.answer in ("", "y", "prod"):
        keeper.output = []
        with pytest.raises(NotReady):
            destroy(keeper.aws, keeper.stage, keeper.output.append, keeper.ask)

        assert is_protected(keeper)
        assert any("protected against deletion" in line for line in keeper.output)


def test_the_protection_goes_before_anything_else_and_then_the_stack(keeper: Operator) -> None:
    """So that its refusal changes nothing."""
    keeper.deploy()
    keeper.answer, states = keeper.stage.name, list[bool]()

    def tell(line: str) -> None:
        if "pages and assets deleted" in line:
            states.append(is_protected(keeper))

    destroy(keeper.aws, keeper.stage, tell, keeper.ask)

    assert states == [False]
    assert find_stack(keeper.aws, keeper.stage.stack) is None
