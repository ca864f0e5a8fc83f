"""The deployment's permissions (docs/deploy-policy.json), compared with CloudFormation's and our commands' calls."""

import ast
import json
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

from botocore import xform_name
from botocore.session import Session

PROJECT = Path(__file__).parents[2]
POLICY_FILE = PROJECT / "docs/deploy-policy.json"
KEEP_FILE = PROJECT / "docs/keep-policy.json"
HANDLERS = json.loads((PROJECT / "tests/data/handlers.json").read_text(encoding="utf-8"))["types"]

# The resources that SAM makes of its own types (and of a function's events), beyond those in the template.
EXPANDED = {
    "AWS::Serverless::Function": [
        *("AWS::Lambda::Function", "AWS::Lambda::EventSourceMapping", "AWS::SNS::Subscription", "AWS::Events::Rule"),
        "AWS::Lambda::EventInvokeConfig",
    ],
    "AWS::Serverless::Api": ["AWS::ApiGateway::RestApi", "AWS::ApiGateway::Deployment", "AWS::ApiGateway::Stage"],
}
_REGION, _STAGE = "eu-west-3:123456789012", "clef-prod"
# The resources that IAM checks an action against, named as CloudFormation does. The first match counts.
_THINGS = (
    (r"iam:(At|De)tachUserPolicy", "arn:aws:iam::123456789012:user/anybody"),
    (r"iam:(At|De)tachGroupPolicy", "arn:aws:iam::123456789012:group/agency"),
    (r"iam:(At|De)tachRolePolicy", "arn:aws:iam::123456789012:role/anybody"),
    (
        r"iam:CreateServiceLinkedRole",
        "arn:aws:iam::123456789012:role/aws-service-role/backup.amazonaws.com/AWSServiceRole",
    ),
    (r"iam:.*Role.*", f"arn:aws:iam::123456789012:role/{_STAGE}-PostRole-1A2B"),
    (r"iam:.*Polic.*", f"arn:aws:iam::123456789012:policy/{_STAGE}-OperatorPolicy-1A2B"),
    # AWS's service authorization reference has no resource for these: they are allowed on « * » or not at all.
    (r"lambda:(Create|List)EventSourceMappings?|lambda:GetAccountSettings", "*"),
    (r"logs:Describe(LogGroups|IndexPolicies)|dynamodb:ListTables|cloudwatch:DescribeAlarms", "*"),
    (r"sns:(Get|Set)SubscriptionAttributes|sns:Unsubscribe", "*"),
    (r"(cloudfront|ses|sts|acm):.*", "*"),  # or AWS generates the id of the resource, and SES's older calls have none
    (r"backup-storage:.*", "*"),
    (r"backup:StartRestoreJob", f"arn:aws:backup:{_REGION}:recovery-point:1a2b"),
    (r"backup:.*(Plan|Selection)s?", f"arn:aws:backup:{_REGION}:backup-plan:1a2b"),
    (r"backup:.*", f"arn:aws:backup:{_REGION}:backup-vault:{_STAGE}-1a2b"),
    (r"cloudtrail:(DescribeTrails|LookupEvents)", "*"),
    (r"cloudtrail:.*", f"arn:aws:cloudtrail:{_REGION}:trail/{_STAGE}-trail"),
    (r"lambda:.*EventSourceMapping", f"arn:aws:lambda:{_REGION}:event-source-mapping:1a2b"),
    (r"lambda:.*LayerVersions?", f"arn:aws:lambda:{_REGION}:layer:{_STAGE}-network:1"),
    (r"lambda:.*", f"arn:aws:lambda:{_REGION}:function:{_STAGE}-Post-1A2B"),
    (r"apigateway:.*", "arn:aws:apigateway:eu-west-3::/restapis/1a2b/stages/prod"),
    (r"cloudwatch:.*Dashboards?", f"arn:aws:cloudwatch::123456789012:dashboard/{_STAGE}"),
    (r"cloudwatch:.*", f"arn:aws:cloudwatch:{_REGION}:alarm:{_STAGE}-ErrorsAlarm-1A2B"),
    (r"dynamodb:.*", f"arn:aws:dynamodb:{_REGION}:table/{_STAGE}-Accounts-1A2B"),
    (r"events:.*", f"arn:aws:events:{_REGION}:rule/{_STAGE}-OffersOffersEvent-1A2B"),
    (r"logs:.*Delivery.*", f"arn:aws:logs:us-east-1:123456789012:delivery-source:{_STAGE}-E2A"),
    (r"logs:.*", f"arn:aws:logs:{_REGION}:log-group:{_STAGE}-PostLog-1A2B:*"),
    (r"s3:.*Object.*", f"arn:aws:s3:::{_STAGE}-documents-1a2b/extranet/usager"),
    (r"s3:.*", f"arn:aws:s3:::{_STAGE}-documents-1a2b"),
    (r"sns:.*", f"arn:aws:sns:{_REGION}:{_STAGE}-Alarms-1A2B"),
    (r"sqs:.*", f"arn:aws:sqs:{_REGION}:{_STAGE}-MailQueue-1A2B"),
    (r"budgets:.*", "arn:aws:budgets::123456789012:budget/Budget-1A2B"),
    (r"ssm:.*", f"arn:aws:ssm:{_REGION}:parameter/clef/prod/record-key"),
    (r"cloudformation:.*", f"arn:aws:cloudformation:{_REGION}:stack/{_STAGE}/1a2b"),
)
_SERVICES = {"sesv2": "ses"}
_CALLED_OTHERWISE = {
    "budgets:DescribeBudget": "budgets:ViewBudget",
    "s3:DeleteObjects": "s3:DeleteObjectVersion",
    "s3:HeadBucket": "s3:ListBucket",
    "s3:HeadObject": "s3:GetObject",
    "s3:ListObjectVersions": "s3:ListBucketVersions",
    "s3:ListObjectsV2": "s3:ListBucket",
    "s3:PutBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
    "s3:PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
}


def statements() -> list[dict[str, Any]]:
    """Read the policy's statements."""
    policy: list[dict[str, Any]] = json.loads(POLICY_FILE.read_text(encoding="utf-8"))["Statement"]
    return policy


def is_allowed(action: str, resource: str | None = None) -> bool:
    """Whether the policy allows an action on a thing, or on the stack's own. Conditions are tested separately."""
    thing = resource or thing_of(action)
    return any(
        fnmatchcase(action.lower(), right.lower())
        and any(fnmatchcase(thing, pattern) for pattern in _list(by["Resource"]))
        for right, by in allowed_actions()
    )


def is_kept_from(action: str, resource: str | None = None) -> bool:
    """Whether docs/keep-policy.json denies an action on a resource, or on the stack's own."""
    request = {"Action": action, "Resource": resource or thing_of(action)}
    denials: list[dict[str, Any]] = json.loads(KEEP_FILE.read_text(encoding="utf-8"))["Statement"]
    return any(all(_covers(by, *part) for part in request.items()) for by in denials)


def _covers(statement: dict[str, Any], part: str, value: str) -> bool:
    patterns = _list(statement.get(part) or statement[f"Not{part}"])
    return any(fnmatchcase(value, pattern) for pattern in patterns) == (part in statement)


def allowed_actions() -> list[tuple[str, dict[str, Any]]]:
    """List the actions, with wildcards, and the statement that allows each."""
    return [(action, statement) for statement in statements() for action in _list(statement["Action"])]


def thing_of(action: str) -> str:
    """Return the resource that IAM checks an action against, in a deployed stack."""
    return next(thing for name, thing in _THINGS if re.fullmatch(name, action, re.IGNORECASE))


def action_of(service: str, operation: str) -> str:
    """Return the IAM action for an operation of a service."""
    action = f"{_SERVICES.get(service, service)}:{operation}"
    return _CALLED_OTHERWISE.get(action, action)


def calls_of_the_operator(folder: Path = PROJECT / "operations") -> set[str]:
    """Read the AWS calls from the sources: each method's or paginator's name that exists in a used service."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in folder.rglob("*.py")]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    services = {name for call in calls if _method(call) == "client" for name in _words(call)}
    methods = {_method(call) for call in calls} | {
        name for call in calls if _method(call) == "get_paginator" for name in _words(call)
    }
    operations = {service: _operations(service) for service in services & set(Session().get_available_services())}
    return {
        action_of(service, names[name]) for service, names in operations.items() for name in methods if name in names
    }


@cache
def _operations(service: str) -> dict[str, str]:
    return {xform_name(name): name for name in Session().get_service_model(service).operation_names}


def _method(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _words(call: ast.Call) -> Iterator[str]:
    return (
        argument.value
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    )


def _list(one_or_more: str | list[str]) -> list[str]:
    return [one_or_more] if isinstance(one_or_more, str) else one_or_more
