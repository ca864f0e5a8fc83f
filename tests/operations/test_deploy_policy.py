"""The deployment's permissions: sufficient for a stage's whole life, hand-over included, and little more."""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

import pytest

from operations.deploy.destroy import destroy
from operations.deploy.status import show
from tests.support.aws import TestAws
from tests.support.deploy_policy import (
    EXPANDED,
    HANDLERS,
    POLICY_FILE,
    PROJECT,
    action_of,
    allowed_actions,
    calls_of_the_operator,
    is_allowed,
    is_kept_from,
    statements,
)
from tests.support.operator import Operator
from tests.support.template import template_without_zip

pytestmark = pytest.mark.filterwarnings("ignore:Tried to parse AWS..Serverless")

LIMIT = 6144  # characters of a managed policy in IAM, without blanks
# Actions that handlers may use but ours never need, each with its reason.
NOT_OURS = {
    "cloudfront:*ConnectionGroup": "no tenants share the distribution",
    "ec2:*": "no function stands in a network of ours",
    "elasticfilesystem:*": "no function has a file system",
    "firehose:*": "no log is delivered elsewhere",
    "kinesis:*": "no table has a stream",
    "kms:*": "AWS's own keys encrypt all",
    "lambda:GetCodeSigningConfig": "no code is signed",
    "lambda:GetLayerVersion": "no function has a layer",
    "logs:CreateLogDelivery": "no log is delivered elsewhere",
    "logs:DescribeResourcePolicies": "the same",
    "logs:PutResourcePolicy": "the same",
    "organizations:*": "the trail is this account's",
    "s3:REST.PUT.OBJECT": "is no action: a slip in AWS's schema",
    "s3tables:*": "no bucket has tables of metadata",
}


@pytest.fixture(scope="module")
def types() -> set[str]:
    """List the types of resources that CloudFormation makes from the template."""
    items = {resource["Type"] for resource in template_without_zip()["Resources"].values()}
    return {made for kind in items for made in EXPANDED.get(kind, [kind])}


def wanted(types: set[str]) -> Iterator[tuple[str, str, str]]:
    """List the actions of the handlers of some types: type, handler, action."""
    for kind in sorted(types):
        for handler, actions in HANDLERS[kind].items():
            yield from ((kind, handler, action) for action in actions)


def is_ours(action: str) -> bool:
    return not any(fnmatchcase(action, pattern) for pattern in NOT_OURS)


def test_iam_takes_it_and_each_statement_says_what_it_is_for() -> None:
    sids = [each["Sid"] for each in statements()]

    assert len("".join(POLICY_FILE.read_text(encoding="utf-8").split())) <= LIMIT
    assert len(set(sids)) == len(sids)
    assert all(sid.isalnum() for sid in sids)  # IAM's only characters for a Sid
    assert {each["Effect"] for each in statements()} == {"Allow"}


def test_the_guide_says_where_it_is() -> None:
    assert f"]({POLICY_FILE.name})" in (PROJECT / "docs/deploy.md").read_text(encoding="utf-8")


def test_it_is_known_what_each_type_of_the_template_asks_for(types: set[str]) -> None:
    assert types - HANDLERS.keys() == set()


def test_every_resource_of_the_template_can_be_made_changed_and_deleted(types: set[str]) -> None:
    assert [each for each in wanted(types) if is_ours(each[2]) and not is_allowed(each[2])] == []


def test_what_is_left_out_is_asked_for_by_some_handler(types: set[str]) -> None:
    actions = {action for _, _, action in wanted(types)}

    assert [pattern for pattern in NOT_OURS if not any(fnmatchcase(action, pattern) for action in actions)] == []


def test_after_the_hand_over_the_agencys_policy_can_be_taken_away_from_everybody() -> None:
    kinds = [f"arn:aws:iam::123456789012:{each}" for each in ("user/agathe", "group/agence", "role/aws-reserved/x")]
    actions = ["iam:DetachUserPolicy", "iam:DetachGroupPolicy", "iam:DetachRolePolicy"]

    assert [action for action, thing in zip(actions, kinds, strict=True) if not is_allowed(action, thing)] == []


@pytest.mark.parametrize(
    "action",
    [
        "cloudformation:ListStacks",  # « CloudFormation console, Outputs »
        "iam:ListUsers",  # to hand the agency's policy over
        "iam:ListGroups",
        "iam:ListPolicies",
        "sqs:ListQueues",  # « Dead letters »
        "ssm:DescribeParameters",  # « A leaked secret »
        "cloudtrail:LookupEvents",
    ],
)
def test_the_consoles_that_guide_and_runbook_name_open(action: str) -> None:
    assert is_allowed(action, "*")


@pytest.mark.parametrize(
    "action",
    ["ListMessageMoveTasks", "ReceiveMessage", "DeleteMessage", "SendMessage", "StartMessageMoveTask", "PurgeQueue"],
)
@pytest.mark.parametrize("queue", ["MailQueue", "SlowMailQueue", "MailDeadLetters"])
def test_dead_letters_of_both_queues_can_be_sent_again(action: str, queue: str) -> None:
    assert is_allowed(f"sqs:{action}", f"arn:aws:sqs:eu-west-3:123456789012:clef-prod-{queue}-1A2B")


def test_every_call_in_the_sources_of_the_commands_is_allowed() -> None:
    calls = calls_of_the_operator()

    assert {"cloudformation:UpdateTerminationProtection", "sns:Subscribe", "ses:GetAccount", "s3:GetObject"} <= calls
    assert sorted(action for action in calls if not is_allowed(action)) == []


def test_a_stages_whole_life_asks_for_nothing_more(aws: TestAws) -> None:
    operator = Operator(aws)
    actions: set[str] = set()

    def note(**call: Any) -> None:
        actions.add(action_of(call["model"].service_model.service_name, call["model"].name))

    operator.aws.session.register("before-call", note)
    operator.deploy()
    operator.deploy(rotates=True)
    operator.finish()
    show(operator.status(), operator.stage, operator.output.append)
    daily, operator.answer = set(actions), operator.stage.name
    destroy(operator.aws, operator.stage, operator.output.append, operator.ask)

    assert {"dynamodb:GetItem", "cloudformation:ExecuteChangeSet", "s3:PutObject"} <= actions
    assert sorted(action for action in actions if not is_allowed(action)) == []
    rest = {
        "s3:PutLifecycleConfiguration": "arn:aws:s3:::clef-deploy-123456789012-eu-west-3",
        "ssm:DeleteParameter": "arn:aws:ssm:eu-west-3:123456789012:parameter/clef/prod/cdn-secret-former-digest",
    }
    assert [action for action in daily if is_kept_from(action, rest.get(action))] == []


def test_with_the_keep_policy_one_stolen_key_deletes_no_data_and_each_day_s_work_goes_on() -> None:
    destructive = """backup:DeleteRecoveryPoint backup:DeleteBackupVaultLockConfiguration backup:DeleteBackupPlan
        backup:PutBackupVaultLockConfiguration backup:PutBackupVaultAccessPolicy backup:UpdateRecoveryPointLifecycle
        cloudformation:DeleteStack cloudformation:UpdateTerminationProtection
        dynamodb:DeleteTable dynamodb:UpdateTable dynamodb:UpdateContinuousBackups
        dynamodb:PutResourcePolicy s3:DeleteBucket s3:DeleteObjectVersion s3:PutBucketPolicy s3:PutBucketVersioning
        s3:PutLifecycleConfiguration cloudtrail:DeleteTrail cloudtrail:StopLogging logs:DeleteLogGroup
        logs:PutRetentionPolicy ssm:DeleteParameter iam:CreateRole iam:PutRolePolicy iam:UpdateAssumeRolePolicy
        iam:CreatePolicyVersion iam:AttachUserPolicy iam:DetachUserPolicy"""
    second = "arn:aws:dynamodb:eu-west-3:123456789012:table/clef-prod-restore-20270903T081500Z-Accounts"
    changes = {
        kind.removeprefix("AWS::")
        for kind, handlers in HANDLERS.items()
        if any(map(is_kept_from, filter(is_ours, [*handlers["create"], *handlers.get("update", [])])))
    }

    assert [action for action in destructive.split() if not is_kept_from(action)] == []
    assert is_kept_from("s3:DeleteObject", "arn:aws:s3:::clef-prod-traillogs-1a2b/AWSLogs/1")
    assert not is_kept_from("dynamodb:DeleteTable", second)  # make restore ARGS=--done
    assert changes == {  # with the policy detached, as docs/deploy.md, « The vault », says
        *("Backup::BackupPlan", "Backup::BackupSelection", "Backup::BackupVault", "CloudTrail::Trail", "IAM::Role"),
        *("DynamoDB::Table", "IAM::ManagedPolicy", "Logs::LogGroup", "S3::Bucket", "S3::BucketPolicy"),
    }


@pytest.mark.parametrize(
    ("action", "thing"),
    [
        ("dynamodb:DeleteTable", "arn:aws:dynamodb:eu-west-3:123456789012:table/another"),
        ("s3:GetObject", "arn:aws:s3:::another/secret"),
        ("lambda:UpdateFunctionCode", "arn:aws:lambda:eu-west-3:123456789012:function:another"),
        ("sqs:ReceiveMessage", "arn:aws:sqs:eu-west-3:123456789012:another"),
        ("sns:Publish", "arn:aws:sns:eu-west-3:123456789012:another"),
        ("ssm:GetParameter", "arn:aws:ssm:eu-west-3:123456789012:parameter/another"),
        ("cloudformation:DeleteStack", "arn:aws:cloudformation:eu-west-3:123456789012:stack/another/1"),
        ("iam:PutRolePolicy", "arn:aws:iam::123456789012:role/another"),
        ("iam:CreatePolicyVersion", "arn:aws:iam::123456789012:policy/another"),
        ("iam:PutUserPolicy", "arn:aws:iam::123456789012:user/anybody"),
        ("iam:CreateAccessKey", "arn:aws:iam::123456789012:user/anybody"),
        ("ses:SendEmail", "*"),
        ("ses:DeleteIdentity", "*"),
        ("kms:ScheduleKeyDeletion", "*"),
    ],
)
def test_what_is_somebody_elses_stays_so(action: str, thing: str) -> None:
    assert not is_allowed(action, thing)


def test_roles_go_to_lambda_and_the_logs_of_the_api_only_and_no_policy_but_the_stacks_own_is_handed_over() -> None:
    where = {action: each.get("Condition") for action, each in allowed_actions()}
    limits = [where[f"iam:{act}{whom}Policy"] for act in ("Attach", "Detach") for whom in ("User", "Group", "Role")]

    services = ["apigateway.amazonaws.com", "backup.amazonaws.com", "lambda.amazonaws.com"]
    assert where["iam:PassRole"] == {"StringEquals": {"iam:PassedToService": services}}
    assert limits == [{"ArnLike": {"iam:PolicyARN": "arn:aws:iam::*:policy/clef-*"}}] * 6
    assert where["kms:Decrypt"] == where["kms:Encrypt"] == {"StringLike": {"kms:ViaService": "ssm.*.amazonaws.com"}}
