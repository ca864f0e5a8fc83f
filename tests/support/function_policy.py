"""A handler's own policy (`.chalice/policy-NAME.json`), held against the calls that it makes on the tables."""

import json
from collections.abc import Iterable
from pathlib import Path

from tools.local.aws import TABLES, Resources

CHALICE = Path(__file__).parents[2] / ".chalice"


def beyond_the_policy(name: str, calls: Iterable[tuple[str, str]], resources: Resources) -> set[tuple[str, str]]:
    """Name the actions, and their tables, that were called and are not allowed."""
    tables = dict(zip(TABLES, resources.tables, strict=True))
    policy = json.loads((CHALICE / f"policy-{name}.json").read_text(encoding="utf-8"))
    allowed = {
        (action.removeprefix("dynamodb:"), tables[statement["Resource"]["Fn::GetAtt"][0]])
        for statement in policy["Statement"]
        for action in statement["Action"]
        if action.startswith("dynamodb:")
    }
    return {(target.rpartition(".")[2], table) for target, table in calls if target.startswith("DynamoDB")} - allowed
