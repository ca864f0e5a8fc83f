"""The stack as `make deploy` puts it into the emulator, and what a visitor needs to reach it."""

import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from chalicelib import wiring
from chalicelib.domain.account.keys import USES, variable
from chalicelib.services.family import Services
from chalicelib.settings.environment import load_settings
from operations.deploy.aws import Aws
from operations.deploy.keys import KeyStore
from operations.deploy.stack import Address, Outputs, api_url, find_stack, public_address
from operations.deploy.stages import load_stage
from operations.package import PROJECT
from tools.local.post import Mail
from tools.stack.emulator import CREDENTIALS, HOST, Emulator, end_group

STAGE = "local"
_PATIENCE = timedelta(minutes=10)  # for one command; it takes seconds


@dataclass(frozen=True)
class Stack:
    """The stage `local`, in an emulator; `plain`: over HTTP, as if TLS had ended in front of it."""

    emulator: Emulator
    plain: bool = False

    @cached_property
    def aws(self) -> Aws:
        """AWS as the deploy command sees it."""
        os.environ |= CREDENTIALS
        stage = load_stage(STAGE)
        return Aws(
            stage.settings.region, self.emulator.endpoint_url, None if self.plain else (HOST, self.emulator.edge_port)
        )

    @property
    def outputs(self) -> Outputs:
        """What the template says it made."""
        state = find_stack(self.aws, load_stage(STAGE).stack)
        if state is None:
            raise LookupError("the stack is not deployed")
        return state.outputs

    @property
    def public(self) -> Address:
        """The public address, and where to connect for it."""
        return public_address(self.aws, load_stage(STAGE), self.outputs)

    @property
    def api_url(self) -> str:
        """The API's own address, which refuses everybody but the CDN."""
        return api_url(self.aws, self.outputs)

    @property
    def resolver_rule(self) -> str:
        """Where the public address leads, for Chromium (`--host-resolver-rules`)."""
        host, port = self.public.at or ("", 0)
        return f"MAP {self.outputs.distribution_domain} {host}:{port}"

    @property
    def services(self) -> Services:
        """The services as the deployed functions build them: the same tables, and the keys of all of them."""
        function = self.aws.client("lambda").get_function_configuration(FunctionName=self.outputs.api_function)
        keys = KeyStore(self.aws.client("ssm"), STAGE).keys()
        given = {variable(use): keys.of_use(use) for use in USES} | {"CLEF_ENDPOINT_URL": self.emulator.endpoint_url}
        return wiring.build(load_settings(function["Environment"]["Variables"] | given))

    def verify_sender(self) -> None:
        """Do what an operator does once, by hand: have SES verify the sender."""
        self.aws.client("sesv2").create_email_identity(EmailIdentity=load_stage(STAGE).settings.sender_identity)

    def command(
        self, name: str, *arguments: str, typed: str = "", project: Path = PROJECT
    ) -> "subprocess.CompletedProcess[str]":
        """Run a command of an operator, unchanged but for where AWS is; in this tree, or in another one."""
        edge = () if self.plain else ("--edge", f"{HOST}:{self.emulator.edge_port}")
        command = [sys.executable, "-m", name, STAGE, "--endpoint-url", self.emulator.endpoint_url, *edge, *arguments]
        with subprocess.Popen(  # noqa: S603 - our own command
            command,
            cwd=project,
            env={**os.environ, **CREDENTIALS, "SSL_CERT_FILE": str(self.emulator.certificate)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        ) as process:
            try:
                out, err = process.communicate(typed, timeout=_PATIENCE.total_seconds())
            except BaseException:
                end_group(process, signal.SIGINT)  # it packages by processes of its own
                raise
        return subprocess.CompletedProcess(command, process.returncode, out, err)

    def deploy(self) -> str:
        """Deploy, and return what the command printed. Raises SystemExit with it when it failed."""
        done = self.command("operations.deploy", "--yes")
        if done.returncode:
            sys.exit(f"{done.stdout}{done.stderr}")
        return done.stdout

    def mails(self) -> list[Mail]:
        """List the mails that SES took, newest last."""
        found: dict[str, list[dict[str, Any]]] = self.emulator.read_page("ses/messages")["messages"]
        return [_mail(mail) for sent in found.values() for mail in sent]


def _mail(sent: dict[str, Any]) -> Mail:
    (to,) = sent["To"]
    text, html = (sent[part].replace("\r\n", "\n") for part in ("BodyText", "BodyHtml"))
    return Mail(to, sent["Subject"], text, html, sent["Timestamp"])
