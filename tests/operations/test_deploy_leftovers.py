"""Leftovers of a stage: listed before a first creation, never doubled in silence, described as they are to import."""

import json
from typing import Any

import pytest

from operations.deploy.commands import NotReady
from operations.deploy.destroy import destroy
from operations.deploy.leftovers import BUCKET, LOG, TABLE, Choice, Leftover, find_leftovers, plan_import
from operations.deploy.stack import find_stack
from operations.deploy.stages import Stage
from tests.support.aws import TestAws
from tests.support.operator import TABLE as KEYS
from tests.support.operator import Operator
from tests.support.template import template_without_zip

pytestmark = pytest.mark.filterwarnings("ignore:Tried to parse AWS..Serverless")


def make_table(operator: Operator, logical: str, suffix: str, *, holds: bool = False) -> str:
    name = f"{operator.stage.stack}-{logical}-{suffix}"
    dynamodb = operator.aws.client("dynamodb")
    dynamodb.create_table(TableName=name, **KEYS, DeletionProtectionEnabled=True)
    if holds:
        dynamodb.put_item(TableName=name, Item={"site": {"S": "a"}, "identifier": {"S": "b"}})
    return name


def make_bucket(operator: Operator, *, holds: bool = False) -> str:
    name = f"{operator.stage.stack}-documents-1a2b"
    s3 = operator.aws.client("s3")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-3"})
    if holds:
        s3.put_object(Bucket=name, Key="invoices/a.pdf", Body=b"%PDF-")
    return name


def there(operator: Operator) -> set[str]:
    return {leftover.name for leftover in find_leftovers(operator.aws, operator.stage)}


def test_without_a_choice_no_second_set_is_made_beside_data(operator: Operator) -> None:
    names = {make_table(operator, "Accounts", "A1", holds=True), make_table(operator, "Staff", "A2")}

    with pytest.raises(NotReady, match="second set of tables") as error:
        operator.deploy(says_yes=True)

    assert find_stack(operator.aws, operator.stage.stack) is None
    assert there(operator) == names
    for flag in ("--take-back", "--delete-empty"):
        assert f'{flag}"' in str(error.value)
    assert "-Accounts-A1, of 20" in operator.text()
    assert "about 1 items" in operator.text()
    assert [line for line in operator.output if "-Staff-A2" in line and line.endswith(": empty")]


@pytest.mark.parametrize("answer", ["", "y"])
def test_any_other_answer_stops(operator: Operator, answer: str) -> None:
    make_table(operator, "Accounts", "A1")
    operator.answer = answer

    with pytest.raises(NotReady, match="second set"):
        operator.deploy()

    assert len(operator.questions) == 1


def test_what_a_failed_first_deployment_left_empty_is_deleted_and_made_again(operator: Operator) -> None:
    names = {make_table(operator, "Accounts", "A1"), make_bucket(operator)}

    operator.deploy(says_yes=True)

    assert not names & there(operator)
    assert find_stack(operator.aws, operator.stage.stack)
    assert operator.text().count("  deleted: ") == 2


def test_what_holds_an_item_or_an_object_is_never_deleted(operator: Operator) -> None:
    names = {make_table(operator, "Accounts", "A1", holds=True), make_bucket(operator, holds=True)}
    empty = make_table(operator, "Staff", "A2")

    operator.deploy(says_yes=True, leftovers=Choice(deletes_empty=True))

    assert names <= there(operator)
    assert empty not in there(operator)
    for name in names:
        assert f"  stays, beside the stack: {name}" in operator.output


def test_of_several_generations_the_operator_names_one(operator: Operator) -> None:
    first, second = (make_table(operator, "Accounts", suffix, holds=True) for suffix in ("A1", "A2"))
    make_table(operator, "Staff", "A3")
    leftovers = list(find_leftovers(operator.aws, operator.stage))

    for names in ((), (first, second)):
        with pytest.raises(NotReady, match="NAME-OF-Accounts"):
            Choice(takes_back=True, names=names).apply(operator.aws, operator.stage, leftovers, operator.output.append)
    with pytest.raises(NotReady, match=r"Not among .*: another"):
        Choice(takes_back=True, names=("another",)).apply(
            operator.aws, operator.stage, leftovers, operator.output.append
        )
    result = Choice(takes_back=True, deletes_empty=True, names=(second,)).apply(
        operator.aws, operator.stage, leftovers, operator.output.append
    )

    assert [leftover.name for leftover in result] == [second]
    assert there(operator) == {first, second}  # the empty one is deleted, and nothing before each choice is made


def test_data_without_the_secrets_of_their_seals_are_not_taken_back(operator: Operator) -> None:
    make_table(operator, "Accounts", "A1", holds=True)

    with pytest.raises(NotReady, match=r"Put their copy back.*--take-back --new-keys"):
        operator.deploy(leftovers=Choice(takes_back=True))


def test_another_stage_s_tables_are_not_ours(operator: Operator) -> None:
    stack = operator.stage.stack
    for name in (f"{stack}-2-Accounts-A1", f"{stack}2-Accounts-A1", f"{stack}-Accounts"):
        operator.aws.client("dynamodb").create_table(TableName=name, **KEYS)
    operator.aws.client("logs").create_log_group(logGroupName=f"{stack}-2-PostLog-A1")

    assert there(operator) == set()


def test_logs_of_an_earlier_stage_ask_nothing(operator: Operator) -> None:
    log = f"{operator.stage.stack}-PostLog-A1"
    operator.aws.client("logs").create_log_group(logGroupName=log)

    operator.deploy(says_yes=True)

    assert log in there(operator)
    assert any("these logs stay" in line for line in operator.output)


def test_a_destroyed_stage_that_keeps_its_accounts_keeps_its_record(operator: Operator) -> None:
    operator.template = operator.template.replace(
        '"SlowMailQueue": {',
        '"PostLog": {"Type": "AWS::Logs::LogGroup", "DeletionPolicy": "Retain"}, "SlowMailQueue": {',
        1,
    )
    operator.deploy()
    [log] = [leftover for leftover in find_leftovers(operator.aws, operator.stage) if leftover.type == LOG]
    keeping = Stage(operator.stage.name, operator.stage.settings.model_copy(update={"keep_accounts": True}))
    operator.answer = keeping.name

    destroy(operator.aws, keeping, operator.output.append, operator.ask)

    assert log.name in there(operator)
    assert f"Stays: PostLog ({LOG}) {log.name}; its lines expire" in operator.text()


# The plan of an import, against the real template. tests/e2e/test_leftovers.py makes one.


@pytest.fixture(scope="module")
def template() -> str:
    return json.dumps(template_without_zip())


def left(kind: str, logical: str, name: str) -> Leftover:
    (leftover,) = [Leftover(kind, name, logical, None)]  # type: ignore[arg-type]  # no plan reads its age
    return leftover


def test_a_table_that_is_as_the_template_says_is_imported_in_its_words(aws: TestAws, template: str) -> None:
    resources = json.loads(template)["Resources"]
    tables = {name: each for name, each in resources.items() if each["Type"] == TABLE}
    operator, leftovers = Operator(aws), []
    for logical, resource in tables.items():
        made(operator, logical, resource["Properties"])
        leftovers.append(left(TABLE, logical, f"{operator.stage.stack}-{logical}-A1"))

    plan = plan_import(operator.aws, template, [*leftovers, left(BUCKET, "documents", "clef-x-documents-1")])

    template_json = json.loads(plan.template)
    assert template_json == {"Resources": tables | {"Documents": {**resources["Documents"], "Properties": {}}}}
    assert {each["LogicalResourceId"]: each["ResourceIdentifier"] for each in plan.resources} == {
        **{each.logical: {"TableName": each.name} for each in leftovers},
        "Documents": {"BucketName": "clef-x-documents-1"},
    }


def test_what_a_table_lacks_is_left_to_the_update(aws: TestAws, template: str) -> None:
    table = json.loads(template)["Resources"]["Mailboxes"]["Properties"]
    operator = Operator(aws)
    bare = {key: value for key, value in table.items() if key != "GlobalSecondaryIndexes"}
    bare["DeletionProtectionEnabled"] = False
    made(operator, "Mailboxes", bare, has_settings=False)
    leftover = left(TABLE, "Mailboxes", f"{operator.stage.stack}-Mailboxes-A1")

    resource = json.loads(plan_import(operator.aws, template, [leftover]).template)["Resources"]["Mailboxes"]

    lacking = {"GlobalSecondaryIndexes", "TimeToLiveSpecification"}
    assert resource["Properties"] == {key: value for key, value in table.items() if key not in lacking} | {
        "DeletionProtectionEnabled": False,
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": False},
    }


def test_a_table_with_other_keys_is_refused(aws: TestAws, template: str) -> None:
    operator = Operator(aws)
    keys = KEYS | {
        "KeySchema": [{"AttributeName": "site", "KeyType": "HASH"}],
        "AttributeDefinitions": KEYS["AttributeDefinitions"][:1],
    }
    made(operator, "Accounts", keys, has_settings=False)

    with pytest.raises(NotReady, match="its keys are not those of Accounts"):
        plan_import(operator.aws, template, [left(TABLE, "Accounts", f"{operator.stage.stack}-Accounts-A1")])


def made(operator: Operator, logical: str, properties: dict[str, Any], *, has_settings: bool = True) -> None:
    """Make a table as CloudFormation does from these properties."""
    dynamodb, name = operator.aws.client("dynamodb"), f"{operator.stage.stack}-{logical}-A1"
    settings = ("PointInTimeRecoverySpecification", "TimeToLiveSpecification", "SSESpecification")
    dynamodb.create_table(TableName=name, **{key: value for key, value in properties.items() if key not in settings})
    if has_settings:
        dynamodb.update_continuous_backups(TableName=name, PointInTimeRecoverySpecification=properties[settings[0]])
    if has_settings and settings[1] in properties:
        dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=properties[settings[1]])
