"""The canary's template and code: one alarm metric, no right but to its log, nothing but the standard library."""

import ast
import sys
from pathlib import Path
from typing import Any

import pytest
from chalice.package import YAMLTemplateSerializer

from operations.deploy import canary_function
from operations.deploy.canary import template
from operations.version import STAGES_FILE


@pytest.fixture(scope="module")
def canary() -> Any:
    return YAMLTemplateSerializer().load_template(template())


def test_cloudformation_takes_it() -> None:
    # It takes half a second, which each worker would pay.
    from cfnlint.api import lint  # type: ignore[import-untyped]  # noqa: PLC0415 - the same; it publishes no types
    from cfnlint.config import ManualArgs  # type: ignore[import-untyped]  # noqa: PLC0415 - the same

    assert lint(template(), None, None, ManualArgs(regions=["eu-central-1"])) == []
    assert len(template().encode()) < 51_200  # of a template that is in no bucket


def test_its_code_is_one_file_of_the_standard_library(canary: Any) -> None:
    code = canary["Resources"]["Canary"]["Properties"]["Code"]["ZipFile"]
    modules = {
        name.partition(".")[0]
        for node in ast.walk(ast.parse(code))
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else
                     [alias.name for alias in node.names] if isinstance(node, ast.Import) else [])
    }  # fmt: skip

    assert code == Path(canary_function.__file__).read_text("utf-8")
    assert modules <= sys.stdlib_module_names


def test_two_failures_or_its_absence_ring_by_one_metric_and_its_return_is_mailed(canary: Any) -> None:
    (alarm,) = [it["Properties"] for it in canary["Resources"].values() if it["Type"] == "AWS::CloudWatch::Alarm"]

    assert "Metrics" not in alarm
    assert (alarm["Period"], alarm["EvaluationPeriods"], alarm["Threshold"]) == (300, 2, 0)
    assert alarm["TreatMissingData"] == "breaching"
    assert alarm["AlarmActions"] == alarm["OKActions"] == [{"Ref": "Alarms"}]
    assert canary["Resources"]["Schedule"]["Properties"]["ScheduleExpression"] == "rate(5 minutes)"
    assert canary["Resources"]["Once"]["Properties"]["MaximumRetryAttempts"] == 0


def test_it_may_write_its_log_and_nothing_else_and_hides_its_secrets(canary: Any) -> None:
    (policy,) = canary["Resources"]["Role"]["Properties"]["Policies"]
    (statement,) = policy["PolicyDocument"]["Statement"]

    assert statement["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    assert statement["Resource"] == {"Fn::GetAtt": ["Log", "Arn"]}
    assert {name for name, it in canary["Parameters"].items() if it.get("NoEcho")} == {"Password", "Device"}


def test_its_setting_is_explained() -> None:
    assert "\n# canary_region " in STAGES_FILE.read_text("utf-8")
