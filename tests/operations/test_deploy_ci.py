"""The example for CI: nothing stored, nothing that moves, and a role for one environment of one repository."""

import json
import re
import tomllib
from typing import Any

import yaml

from operations.package import PROJECT
from operations.version import STAGES_FILE

WORKFLOW = (PROJECT / "docs/deploy-ci.yml").read_text(encoding="utf-8")
JOBS: dict[str, dict[str, Any]] = yaml.safe_load(WORKFLOW)["jobs"]
STEPS = [step for job in JOBS.values() for step in job["steps"]]


def test_every_action_is_pinned_to_a_commit_and_no_secret_is_read() -> None:
    assert [step["uses"] for step in STEPS if not re.search("@[0-9a-f]{40}$", step.get("uses", "@" + "0" * 40))] == []
    assert not re.search(r"secrets\.|AKIA|aws_access_key_id:|aws-secret-access-key", WORKFLOW)
    assert yaml.safe_load(WORKFLOW)["permissions"] == {"contents": "read", "id-token": "write"}
    assert {step["with"]["persist-credentials"] for step in STEPS if "checkout" in step.get("uses", "")} == {False}


def test_each_job_is_an_environment_and_a_stage_and_prod_is_promoted_from_staging() -> None:
    stages = tomllib.loads(STAGES_FILE.read_text(encoding="utf-8"))
    targets = re.findall(r"^([a-z]+):", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    commands = [step["run"] for step in STEPS if step.get("run", "").startswith("make ")]

    assert [(name, job["environment"], job["concurrency"]) for name, job in list(JOBS.items())[1:]] == [
        (name, name, name) for name in ("staging", "prod")
    ]
    assert set(JOBS) - {"tests"} <= set(stages)
    assert (JOBS["staging"]["needs"], JOBS["prod"]["needs"]) == ("tests", "staging")
    assert JOBS["tests"]["permissions"] == {"contents": "read"}
    assert [command.split()[1] for command in commands] == ["check", "test", "deploy", "promote"]
    assert {command.split()[1] for command in commands} <= set(targets)
    assert all("--yes" in command for command in commands[2:])
    assert "--commit ${{ github.sha }}" in commands[-1]


def test_the_role_trusts_the_jobs_of_one_environment_of_one_repository() -> None:
    [statement] = json.loads((PROJECT / "docs/deploy-trust.json").read_text(encoding="utf-8"))["Statement"]
    issuer = "token.actions.githubusercontent.com"

    assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
    assert statement["Principal"] == {"Federated": f"arn:aws:iam::123456789012:oidc-provider/{issuer}"}
    assert statement["Condition"] == {
        "StringEquals": {
            f"{issuer}:aud": "sts.amazonaws.com",
            f"{issuer}:sub": "repo:ORGANISATION/REPOSITORY:environment:prod",
        }
    }
