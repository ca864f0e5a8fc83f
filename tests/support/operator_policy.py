"""The operators' policies (`OperatorPolicy`, `ExportPolicy` of .chalice/resources.yaml), compared with calls."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from operations.package.template_files import read_template
from tools.local.aws import TABLES, Resources

_SERVICES = {"DynamoDB_20120810": "dynamodb", "AmazonSQS": "sqs", "AmazonSSM": "ssm"}
_ACTIONS = {"sqs:SendMessageBatch": "sqs:SendMessage"}  # the same action allows a batch


def beyond_the_policy(calls: Iterable[tuple[str, str]], resources: Resources, *policies: str) -> set[tuple[str, str]]:
    """List the calls that these policies together do not allow: action and table."""
    tables = {**dict(zip(resources.tables, TABLES, strict=True)), "": ""}
    pairs = {(_action(target), tables[table]) for target, table in calls}
    return pairs.difference(*map(allowed_calls, policies))


@cache
def allowed_calls(policy_name: str) -> set[tuple[str, str]]:
    """List the allowed calls: an action, and its table."""
    template = read_template()
    policy = template["Resources"][policy_name]["Properties"]["PolicyDocument"]
    return {
        (action, table if action.startswith("dynamodb:") else "")
        for statement in policy["Statement"]
        for table in _tables(statement["Resource"])
        for action in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
    }


def _action(target: str) -> str:
    service, _, name = target.partition(".")
    action = f"{_SERVICES[service]}:{name}"
    return _ACTIONS.get(action, action)


def _tables(resource: Any) -> list[str]:
    """List the resources of a statement. An index has its whole pattern."""
    resources = resource if isinstance(resource, list) else [resource]
    return [str(one["Fn::GetAtt"][0] if "Fn::GetAtt" in one else one) for one in resources]
