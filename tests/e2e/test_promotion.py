"""A second stage runs the very bytes of the first, and goes back to its former ones."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from operations.deploy.commands import OK, Stopped
from operations.deploy.deployment import Deployment
from operations.deploy.promote import release_of
from operations.deploy.release import History, StoredRelease
from operations.deploy.rollback import release_before
from operations.deploy.stack import named_resources
from operations.deploy.stages import load_stage
from operations.deploy.store import DeploymentBucket
from tests.support.stack_visitor import Visitor
from tools.stack.deployed import Stack

pytestmark = pytest.mark.e2e

FAMILY = ("villabe-yves-henry", "DUO6002", "Triangle4Vif")
DIGESTS = '"CLEF_CDN_SECRET_DIGESTS":{"Ref":"CdnSecretDigests"}'


def digests(stack: Stack) -> dict[str, str]:
    """Read the SHA-256 of each function's zip from Lambda."""
    functions = named_resources(stack.aws, f"clef-{stack.stage}", ResourceType="AWS::Lambda::Function")
    code = stack.aws.client("lambda")
    return {
        function: base64.b64decode(code.get_function_configuration(FunctionName=name)["CodeSha256"]).hex()
        for function, name in functions.items()
    }


def test_a_promoted_stage_runs_the_same_bytes_at_its_own_address_without_families(stack: Stack, second: Stack) -> None:
    first = digests(stack)

    assert len(first) >= 8
    assert digests(second) == first
    assert second.outputs.accounts_table != stack.outputs.accounts_table
    assert Visitor(stack).log_in(*FAMILY).status == 303
    assert Visitor(second).log_in(*FAMILY).status == 401


class SecondStage:
    """Promotions to the second stage, of versions that differ from the first stage's by their template alone."""

    def __init__(self, stack: Stack, second: Stack) -> None:
        self.stack, self.second = stack, second
        self.store = DeploymentBucket(stack.aws)
        self.stage = load_stage(second.stage)
        self.lines: list[str] = []

    def promote(self, change: Callable[[str], str]) -> int:
        """Have the first stage's record name a changed template, and promote that."""
        history = History(self.store, self.stack.stage)
        record = history.current()
        assert record
        text = change(self.store.read(record.release.template, ".json").decode())
        digest = self.store.put_package(text.encode(), "abc1234", ".json")
        release = record.release.model_copy(update={"version": "9.9.9", "template": digest})
        second = record.model_copy(update={"release": release, "at": datetime.now(UTC)})
        history.write(second)
        try:
            source = release_of(self.stack.aws, load_stage(self.stack.stage))
        finally:
            key = f"deployments/{self.stack.stage}/{second.name}"
            self.stack.aws.client("s3").delete_object(Bucket=self.store.name, Key=key)
        return self._deployment(source, goes_back=True).run()

    def roll_back(self) -> int:
        source, before = release_before(self.second.aws, self.stage)
        return self._deployment(source, before=before).run()

    def _deployment(self, source: StoredRelease, **how: Any) -> Deployment:
        self.lines = []
        tell = self.lines.append
        return Deployment(self.second.aws, self.stage, tell, input, source, says_yes=True, **how)

    def resources(self) -> set[str]:
        return set(named_resources(self.second.aws, self.stage.stack))


def with_topic(template: str) -> str:
    tree = json.loads(template)
    tree["Resources"]["Topic"] = {"Type": "AWS::SNS::Topic"}
    return json.dumps(tree)


def with_another_secret(template: str) -> str:
    assert DIGESTS in template
    return with_topic(template.replace(DIGESTS, f'"CLEF_CDN_SECRET_DIGESTS":"{"0" * 64}"'))


def test_a_stage_goes_back_by_hand_and_by_itself(stack: Stack, second: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(second.emulator.certificate))
    stage = SecondStage(stack, second)
    before = stage.resources()

    assert stage.promote(with_topic) == OK
    assert stage.resources() - before == {"Topic"}
    assert stage.roll_back() == OK
    assert stage.resources() == before

    with pytest.raises(Stopped, match=r"runs .+ again, and answers as before"):
        stage.promote(with_another_secret)

    assert [line for line in stage.lines if "FAILED a wrong login is refused (401): 403" in line]
    assert stage.resources() == before
    assert Visitor(second).log_in(*FAMILY).status == 401
    assert digests(second) == digests(stack)
