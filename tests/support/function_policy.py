"""A handler's own policy (`.chalice/policy-NAME.json`), held against the calls that it makes on the tables."""

import json
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from tests.support.aws import TestAws
from tools.local.aws import TABLES, Resources

CHALICE = Path(__file__).parents[2] / ".chalice"


def beyond_the_policy(name: str, calls: Iterable[tuple[str, str]], resources: Resources) -> set[tuple[str, str]]:
    """Name the actions, and their tables, that were called and are not allowed."""
    tables = dict(zip(TABLES, resources.tables, strict=True))
    allowed = {(action, tables[table]) for action, table in _allowed(name)}
    return {(target.rpartition(".")[2], table) for target, table in calls if target.startswith("DynamoDB")} - allowed


@contextmanager
def held_to_the_policy(name: str, aws: TestAws, resources: Resources) -> Iterator[None]:
    """Let a function make no call inside the block that its policy does not allow; in a race nobody looks."""
    before = len(aws.table_requests)
    yield
    if threading.current_thread() is threading.main_thread():
        assert beyond_the_policy(name, aws.table_requests[before:], resources) == set()


@cache
def _allowed(name: str) -> set[tuple[str, str]]:
    policy = json.loads((CHALICE / f"policy-{name}.json").read_text(encoding="utf-8"))
    return {
        (action.removeprefix("dynamodb:"), table)
        for statement in policy["Statement"]
        for table in _tables(statement["Resource"])
        for action in statement["Action"]
        if action.startswith("dynamodb:")
    }


def _tables(resources: Any) -> Iterator[str]:
    """List the tables of a statement: an index goes with its table, which `table_requests` name alone."""
    for named in resources if isinstance(resources, list) else [resources]:
        match named:
            case {"Fn::GetAtt": [table, _]}:
                yield table
            case {"Fn::Sub": str(text)} if "/index/" in text:
                yield text[2:].partition(".Arn}")[0]
