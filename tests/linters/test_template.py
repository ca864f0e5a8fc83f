"""cfn-lint and checkov on the template and its policies (`make linters`)."""

import json
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

from operations.package import PROJECT
from tests.support.deploy_policy import KEEP_FILE, POLICY_FILE
from tests.support.template import template_without_zip

pytestmark = pytest.mark.linters

BIN = PROJECT / ".venv-linters/bin"
ACCEPTED: dict[str, dict[str, Any]] = tomllib.loads((PROJECT / "tests/data/linters.toml").read_text(encoding="utf-8"))
Finding = tuple[str, str]  # the check, and the resource


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the packaged template, with docs/deploy-policy.json and docs/keep-policy.json as policies."""
    tree = template_without_zip()
    for name, file in (("DeployPolicy", POLICY_FILE), ("KeepPolicy", KEEP_FILE)):
        policy = {"PolicyDocument": json.loads(file.read_text(encoding="utf-8"))}
        tree["Resources"][name] = {"Type": "AWS::IAM::ManagedPolicy", "Properties": policy}
    path = tmp_path_factory.mktemp("template") / "sam.json"
    path.write_text(json.dumps(tree, indent=1), encoding="utf-8")
    return path


def lint(template: Path) -> set[Finding]:
    """Run cfn-lint, with its check of actions against their resources.

    It reads no action of a policy in a template with a transform: a copy without it is read too, for policies alone.
    """
    plain = json.loads(template.read_text(encoding="utf-8"))
    del plain["Transform"]
    copy = template.with_name(f"plain-{template.name}")
    copy.write_text(json.dumps(plain), encoding="utf-8")
    options = ["--format", "json", "--include-checks", "I3510", "--ignore-checks"]
    answers = (
        _output([BIN / "cfn-lint", *options, rule, "--template", path])
        for path, rule in ((template, "W9999"), (copy, "E3038"))  # E3038: « needs a transform »
    )
    return {(match["Rule"]["Id"], _resource(match)) for answer in answers for match in json.loads(answer)}


def check(template: Path) -> set[Finding]:
    """Run checkov."""
    options = ["--framework", "cloudformation", "--output", "json", "--quiet", "--compact", "--skip-download"]
    answer = json.loads(_output([BIN / "checkov", "--file", template, *options]))
    assert answer["summary"]["parsing_errors"] == 0
    assert answer["summary"]["passed"] > 100  # it read the template
    return {
        (finding["check_id"], finding["resource"].rpartition(".")[2]) for finding in answer["results"]["failed_checks"]
    }


def _output(command: list[str | Path]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=PROJECT).stdout


def _resource(match: dict[str, Any]) -> str:
    path = match["Location"]["Path"]
    return str(path[1]) if path and len(path) > 1 else ""


def test_each_finding_is_mended_or_accepted_with_a_reason_and_none_is_accepted_in_vain(template: Path) -> None:
    findings = lint(template) | check(template)
    exceptions = {(name, resource) for name, entry in ACCEPTED.items() for resource in entry["on"]}

    assert sorted(findings - exceptions) == []
    assert sorted(exceptions - findings) == []
    assert all(entry["why"] for entry in ACCEPTED.values())


def test_a_policy_s_slip_is_found(template: Path, tmp_path: Path) -> None:
    tree = json.loads(template.read_text(encoding="utf-8"))
    statement = {"Effect": "Allow", "Action": "s3:GetObjct", "Resource": "*"}
    tree["Resources"]["OnCallPolicy"]["Properties"]["PolicyDocument"]["Statement"].append(statement)
    slip = tmp_path / "slip.json"
    slip.write_text(json.dumps(tree), encoding="utf-8")

    assert ("W3037", "OnCallPolicy") in lint(slip)
