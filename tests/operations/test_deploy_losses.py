"""A deployment that would lose families' data is refused unless named, and no stack is deleted by mistake."""

import json
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from operations.deploy.changes import ResourceChange, losses
from operations.deploy.commands import NotReady
from operations.deploy.destroy import destroy
from operations.deploy.stack import find_stack, resource_names
from operations.deploy.status import show
from tests.support.operator import Operator
from tools.local.aws import TABLES

pytestmark = pytest.mark.filterwarnings("ignore:Tried to parse AWS..Serverless")

TABLE, BUCKET, DISTRIBUTION = "AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::CloudFront::Distribution"


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
    lost = [
        ResourceChange("Modify", "Accounts", TABLE, "True", "ReplaceAndRetain"),
        ResourceChange("Modify", "Accounts", TABLE, "Conditional"),
        ResourceChange("Remove", "Billing", TABLE, "", "Retain"),
        ResourceChange("Remove", "Sessions", TABLE, "", "Delete"),
        ResourceChange("Dynamic", "Office", TABLE, ""),
        ResourceChange("Remove", "AnotherTable", TABLE, ""),
        ResourceChange("Modify", "Documents", BUCKET, "True"),
        ResourceChange("Remove", "Documents", BUCKET, ""),
        ResourceChange("Modify", "Distribution", DISTRIBUTION, "Conditional"),
        ResourceChange("Remove", "Distribution", DISTRIBUTION, ""),
    ]
    harmless = [
        ResourceChange("Add", "Accounts", TABLE, ""),
        ResourceChange("Modify", "Accounts", TABLE, "False"),
        ResourceChange("Modify", "Accounts", TABLE, ""),
        ResourceChange("Add", "Documents", BUCKET, ""),
        ResourceChange("Import", "Accounts", TABLE, ""),
        ResourceChange("Modify", "Distribution", DISTRIBUTION, "False"),
        ResourceChange("Modify", "Pages", BUCKET, "True"),
        ResourceChange("Remove", "MailQueue", "AWS::SQS::Queue", ""),
        ResourceChange("Modify", "APIHandler", "AWS::Lambda::Function", "True"),
    ]

    assert [change for change in lost if len(losses([change], ())) != 1] == []
    assert losses(harmless, ()) == []


def test_a_loss_is_told_by_what_is_lost_and_by_what_becomes_of_the_former_one() -> None:
    [retained] = losses([ResourceChange("Modify", "Accounts", TABLE, "True", "ReplaceAndRetain")], ())
    [gone] = losses([ResourceChange("Remove", "Documents", BUCKET, "", "Delete")], ())
    [deleted] = losses([ResourceChange("Modify", "Distribution", DISTRIBUTION, "True", "ReplaceAndDelete")], ())

    assert retained == (
        "Accounts (AWS::DynamoDB::Table) would be replaced by an empty one. Lost to the service: every family's "
        "account, so no family could log in. The former one stays in the AWS account, and is no longer read."
    )
    assert gone.startswith(
        "Documents (AWS::S3::Bucket) would be removed from the stack. Lost to the service: the files"
    )
    assert gone.endswith("The former one is deleted with its content.")
    assert deleted.startswith(
        "Distribution (AWS::CloudFront::Distribution) would be replaced. Lost to the service: the pub"
    )


def test_a_queue_that_goes_is_shown_with_what_goes_with_it() -> None:
    queue = "AWS::SQS::Queue"
    gone = [ResourceChange("Remove", "SlowMailQueue", queue, ""), ResourceChange("Modify", "MailQueue", queue, "True")]
    stays = [ResourceChange("Add", "SlowMailQueue", queue, ""), ResourceChange("Modify", "MailQueue", queue, "False")]

    assert [each for each in gone if "MAILS THAT WAIT IN IT ARE LOST" not in each.line()] == []
    assert [each for each in stays if "LOST" in each.line()] == []


def test_every_table_has_its_words() -> None:
    sentences = [losses([ResourceChange("Remove", name, TABLE, "")], ())[0] for name in TABLES]

    assert [line for line in sentences if "all that it holds" in line] == []


def test_only_what_is_named_may_be_lost() -> None:
    changes = [ResourceChange("Remove", "Accounts", TABLE, ""), ResourceChange("Remove", "Billing", TABLE, "")]

    assert [line.split()[0] for line in losses(changes, ("Accounts",))] == ["Billing"]
    assert losses(changes, ("Accounts", "Billing")) == []
    assert len(losses(changes, ("accounts", "Bil", "*"))) == 2


def test_a_deployment_that_loses_what_families_have_is_refused(operator: Operator) -> None:
    operator.deploy()
    before, waiting, operator.asked = operator.outputs(), change_sets(operator), []
    whole = operator.template
    for name in ("Accounts", "Documents"):
        operator.template = without(operator, name)

        with pytest.raises(NotReady, match="the stack stays as it is") as refused:
            operator.deploy(says_yes=True)

        assert f'ARGS="--endpoint-url {operator.aws.endpoint_url} --replace {name}"' in str(refused.value)
        assert f"{name} (AWS::" in str(refused.value)
        assert operator.asked == []
        assert operator.outputs() == before
        assert resource_names(operator.aws, operator.stage.stack, LogicalResourceId=name)
        assert change_sets(operator) == waiting
        operator.template = whole


def test_named_it_is_done_once_it_is_confirmed(operator: Operator) -> None:
    operator.deploy()
    whole, operator.template = operator.template, without(operator, "Billing")
    billing = operator.outputs().billing_table  # moto deletes a retained table
    operator.aws.client("dynamodb").update_table(TableName=billing, DeletionProtectionEnabled=False)

    operator.deploy(replaces=("Billing",))

    assert operator.asked[-1] == "Do it? [y/N] "
    assert operator.outputs().billing_table == operator.outputs().pages_bucket
    operator.template = whole
    operator.deploy()


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
            destroy(keeper.aws, keeper.stage, keeper.output.append, keeper.ask, pause=0)

        assert is_protected(keeper)
        assert any("protected against deletion" in line for line in keeper.output)


def test_the_protection_goes_before_anything_else_and_then_the_stack(keeper: Operator) -> None:
    """So that its refusal changes nothing."""
    keeper.deploy()
    keeper.answer, seen = keeper.stage.name, list[bool]()

    def tell(line: str) -> None:
        if "pages and assets deleted" in line:
            seen.append(is_protected(keeper))

    destroy(keeper.aws, keeper.stage, tell, keeper.ask, pause=0)

    assert seen == [False]
    assert find_stack(keeper.aws, keeper.stage.stack) is None
