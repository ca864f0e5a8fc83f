"""The CDN's log: delivered without queries, ended with the stage, counted by the query of the runbook."""

import gzip
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from operations.deploy.aws import CDN_REGION
from operations.deploy.cdn_log import FIELDS
from operations.deploy.destroy import destroy
from operations.package import PROJECT
from tests.support.aws import TestAws
from tests.support.operator import Operator

pytestmark = pytest.mark.filterwarnings("ignore:Tried to parse AWS..Serverless")


def deliveries(operator: Operator) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = operator.aws.client("logs", CDN_REGION).describe_deliveries()["deliveries"]
    return [each for each in items if each["deliverySourceName"].startswith(f"{operator.stage.stack}-")]


def test_the_log_is_delivered_once_without_queries_and_ends_with_the_stage(operator: Operator) -> None:
    operator.deploy()
    operator.deploy()

    (delivery,) = deliveries(operator)
    assert delivery["recordFields"] == [*FIELDS]
    assert not {"cs-uri-query", "cs(Referer)", "cs(Cookie)"} & {*FIELDS}
    operator.answer = operator.stage.name
    destroy(operator.aws, operator.stage, operator.output.append, operator.ask)
    assert deliveries(operator) == []


def test_a_log_that_aws_refuses_stops_no_deployment_and_is_told(operator: Operator, aws: TestAws) -> None:
    with aws.failing("CreateDelivery", "before", error=(400, "ValidationException")):
        lines = operator.deploy()

    assert "  Warning: the CDN's log is not delivered: planned" in lines


def test_the_runbook_s_query_counts_refusals_by_client_without_the_secret_part_of_a_path(tmp_path: Path) -> None:
    lines = [
        "#Version: 1.0",
        f"#Fields: {' '.join(FIELDS)}",
        *["2026-11-30\t09:10:00\t192.0.2.7\tPOST\t/extranet/compte/connexion\t429"] * 3,
        "2026-11-30\t10:05:00\t2001:db8::1\tGET\t/extranet/compte/agenda/s3cr3t\t403",
        "2026-11-30\t10:06:00\t192.0.2.7\tGET\t/extranet\t200",
    ]
    folder = tmp_path / "cdn/2026/11/30/10"
    folder.mkdir(parents=True)
    (folder / "E2A.2026-11-30-10.bbbb.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
    (query,) = re.findall(r"^\$ (find .*)$", (PROJECT / "docs/runbook.md").read_text(encoding="utf-8"), re.MULTILINE)

    output = subprocess.run(query, shell=True, cwd=tmp_path, capture_output=True, text=True, check=True).stdout

    assert [line.split() for line in output.splitlines()] == [
        ["3", "192.0.2.7", "429", "POST", "/extranet/compte/connexion"],
        ["1", "2001:db8::1", "403", "GET", "/extranet/compte/agenda"],
    ]
