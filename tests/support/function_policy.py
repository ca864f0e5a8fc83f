"""A handler's own policy (`.chalice/policy-NAME.json`), compared with its calls on the tables."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, Final

from operations.package.template_files import read_policy
from tests.support.aws import TestAws
from tools.local.aws import TABLES, Resources

BESIDE: Final = "beside"  # threads of other visitors


def beyond_the_policy(name: str, calls: Iterable[tuple[str, str]], resources: Resources) -> set[tuple[str, str]]:
    """List the calls that are not allowed: action and table."""
    tables = dict(zip(TABLES, resources.tables, strict=True))
    rights = {(action, tables[table]) for action, table in _allowed(name) if table in tables}
    return {(target.rpartition(".")[2], table) for target, table in calls if target.startswith("DynamoDB")} - rights


@contextmanager
def held_to_the_policy(name: str, aws: TestAws, resources: Resources) -> Iterator[None]:
    """Check that a function's calls inside the block are allowed by its policy. Threads of a race are not checked."""
    before, is_race = len(aws.table_requests), any(thread.name == BESIDE for thread in threading.enumerate())
    yield
    if threading.current_thread() is threading.main_thread() and not is_race:
        assert beyond_the_policy(name, aws.table_requests[before:], resources) == set()


@cache
def _allowed(name: str) -> set[tuple[str, str]]:
    return {
        (action.removeprefix("dynamodb:"), table)
        for statement in read_policy(name)["Statement"]
        for table in _tables(statement["Resource"])
        for action in statement["Action"]
        if action.startswith("dynamodb:")
    }


def _tables(resources: Any) -> Iterator[str]:
    """List the tables of a statement. An index belongs to its table, the only name in `table_requests`."""
    for resource in resources if isinstance(resources, list) else [resources]:
        match resource:
            case {"Fn::GetAtt": [table, _]}:
                yield table
            case {"Fn::Sub": str(text)} if "/index/" in text:
                yield text[2:].partition(".Arn}")[0]
