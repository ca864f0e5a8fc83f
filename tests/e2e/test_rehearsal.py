"""An opening rehearsed on the deployed stack over TLS, by an operator with only the operators' policy."""

import json
from collections import Counter
from collections.abc import Iterator

import pytest

from chalicelib.domain.enrolment.periods import Periods
from tests.support.stack_operator import Operator
from tools.stack.deployed import Stack

pytestmark = pytest.mark.e2e


def items(stack: Stack) -> Counter[str]:
    """Count the items of each table, without the counts of a client address and the tombstones: both expire."""
    scan = stack.aws.client("dynamodb").get_paginator("scan")
    counts: Counter[str] = Counter()
    for name, table in stack.outputs.tables.items():
        pages = scan.paginate(TableName=table, ProjectionExpression="site, identifier", ConsistentRead=True)
        keys = [(item["site"]["S"], item["identifier"]["S"]) for page in pages for item in page["Items"]]
        counts[name] += sum(not site.startswith("@") and not key.startswith("erased#") for site, key in keys)
    return counts


@pytest.fixture
def unannounced(stack: Stack) -> Iterator[None]:
    """Announce no period of re-enrolment during the test."""
    periods = stack.services.periods
    periods_before = periods.read()
    periods.write(periods_before, Periods())
    yield
    periods.write(periods.read(), periods_before)


@pytest.mark.usefixtures("unannounced")
def test_an_opening_is_rehearsed_and_leaves_nothing_behind(stack: Stack, operator: Operator) -> None:
    before = items(stack)
    edge = ":".join(map(str, stack.public.at or ()))

    process = operator.clef(
        "rehearse", "--families", "5", "--seconds", "2", "--edge", edge, "--apply", "--force", "--json"
    )

    assert process.returncode == 0, process.stdout + process.stderr
    report = json.loads(process.stdout)
    pages = {page["page"]: page for page in report["pages"]}
    assert report["let_down"] == {}
    assert pages["Reçu"]["requests"] == pages["POST connexion"]["requests"] == 5
    assert pages["POST Mot de passe perdu"]["requests"] == 1
    assert [page for page in pages.values() if page["refused"]] == []
    assert report["mailed_minutes"] is not None
    counts = Counter(
        mail.to.partition("+")[0] for mail in stack.mails() if mail.to.endswith("@simulator.amazonses.com")
    )
    assert counts == {"success": 6}
    after = items(stack)
    assert (after - before, before - after) == ({"Office": 1}, {})  # its note
    assert stack.services.periods.read() == Periods()
