"""A user who runs `clef` on the deployed stack, with their own key and given policies."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tools.stack.deployed import STAGE, Stack

ROOT = Path(__file__).parents[2]


class Operator:
    """A user with their own key and given policies."""

    def __init__(self, stack: Stack, name: str, *policies: str) -> None:
        self._stack = stack
        self._name = name
        self._policies = policies
        self._iam: Any = stack.aws.client("iam")
        self._iam.create_user(UserName=name)
        for policy in policies:
            self._iam.attach_user_policy(UserName=name, PolicyArn=policy)
        self._key = self._iam.create_access_key(UserName=name)["AccessKey"]

    def clef(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run a command of `clef`."""
        return self.run("agency", *words)

    def run(self, module: str, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run a module of ours."""
        environment = {
            **os.environ,
            "AWS_ACCESS_KEY_ID": self._key["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": self._key["SecretAccessKey"],
            "AWS_ENDPOINT_URL": self._stack.emulator.endpoint_url,
            "CLEF_STAGE": STAGE,
            "SSL_CERT_FILE": str(self._stack.emulator.certificate),  # for what is asked of the public address
        }
        return subprocess.run(
            [sys.executable, "-m", module, *words],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def leave(self) -> None:
        """Delete the key and detach the policies."""
        self._iam.delete_access_key(UserName=self._name, AccessKeyId=self._key["AccessKeyId"])
        for policy in self._policies:
            self._iam.detach_user_policy(UserName=self._name, PolicyArn=policy)
        self._iam.delete_user(UserName=self._name)
