"""Fixtures: the stack deployed into the emulator once, Chromium that finds the distribution there, visitors by HTTP."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import FLAGS, Running, javascript, page
from tests.e2e.broken import Breaker
from tests.e2e.visitor import Visitor
from tools.local.families import FAMILIES
from tools.stack import emulator
from tools.stack.deployed import STAGE, Stack

__all__ = ["javascript", "page"]  # the browser's own fixtures, on what stands here


@dataclass(frozen=True)
class Deployed(Running):
    """The deployed stack, as the walk through the guide sees a running service."""

    stack: Stack

    def json(self, name: str) -> list[dict[str, Any]]:
        """Read what `make run` shows under `/_local/`: here the families stored, and the mails that SES took."""
        if name == "courrier":
            return [asdict(mail) for mail in self.stack.mails()]
        return [
            {
                "site": family.site,
                "identifiant": family.identifier,
                "emails": list(family.emails),
                "mot_de_passe": family.password,
                "nom": family.name,
            }
            for family in FAMILIES
        ]


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    with emulator.running() as ministack:
        deployed = Stack(ministack)
        deployed.verify_sender()
        deployed.deploy()
        deployed.settle_families()
        yield deployed
        gone = deployed.command("tools.deploy.destroy", typed=f"{STAGE}\n")
        assert gone.returncode == 0, gone.stdout + gone.stderr
        assert deployed.aws.client("dynamodb").list_tables()["TableNames"] == []
        assert deployed.aws.client("lambda").list_functions()["Functions"] == []


@pytest.fixture(scope="session")
def running(stack: Stack) -> Deployed:
    return Deployed(stack.public.url, stack)


@pytest.fixture(scope="session")
def chromium(stack: Stack) -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None and os.environ.get("CI") == "true":
        pytest.fail("no chromium on this machine: .ci/run installs it")
    if path is None:
        pytest.skip("no chromium on this machine: apt-get install chromium")
    with sync_playwright() as playwright:
        flags = [*FLAGS, f"--host-resolver-rules={stack.resolver_rule}", "--ignore-certificate-errors"]
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        yield browser
        browser.close()


@pytest.fixture
def visitor(stack: Stack) -> Visitor:
    return Visitor(stack)


@pytest.fixture
def breaker(stack: Stack) -> Breaker:
    return Breaker(stack)
