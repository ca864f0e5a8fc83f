"""The stack that `make deploy` puts into the emulator, and how a visitor reaches it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from chalicelib import wiring
from chalicelib.domain.account.keys import USES, variable
from chalicelib.services.office import OfficeServices
from chalicelib.settings.environment import load_settings
from operations.deploy.aws import Aws, ignoring
from operations.deploy.keys import KeyStore
from operations.deploy.stack import Outputs, StackAddress, api_url, find_stack, public_address
from operations.deploy.stages import load_stage
from operations.package import PROJECT
from tools.local.post import Mail
from tools.stack.emulator import CREDENTIALS, HOST, Emulator, end_group

STAGE = "local"
_PATIENCE = timedelta(minutes=10)  # for one command, which takes seconds


@dataclass(frozen=True)
class Stack:
    """A stage in an emulator. `plain`: over HTTP, as if TLS had ended in front of it."""

    emulator: Emulator
    plain: bool = False
    stage: str = STAGE

    @cached_property
    def aws(self) -> Aws:
        """AWS as the deploy command sees it."""
        os.environ |= CREDENTIALS
        stage = load_stage(self.stage)
        return Aws(
            stage.settings.region, self.emulator.endpoint_url, None if self.plain else (HOST, self.emulator.edge_port)
        )

    @property
    def outputs(self) -> Outputs:
        """The outputs of the stack."""
        state = find_stack(self.aws, load_stage(self.stage).stack)
        if state is None:
            raise LookupError("the stack is not deployed")
        return state.outputs

    @property
    def public(self) -> StackAddress:
        """The public address, and where to connect for it."""
        return public_address(self.aws, load_stage(self.stage), self.outputs)

    @property
    def api_url(self) -> str:
        """The API's own address, which refuses all requests but the CDN's."""
        return api_url(self.aws, self.outputs)

    @property
    def resolver_rule(self) -> str:
        """Chromium's `--host-resolver-rules` for the public address."""
        host, port = self.public.at or ("", 0)
        return f"MAP {self.outputs.distribution_domain} {host}:{port}"

    @property
    def services(self) -> OfficeServices:
        """The services as the deployed functions build them, with the same tables and all their keys."""
        function = self.aws.client("lambda").get_function_configuration(FunctionName=self.outputs.api_function)
        keys = KeyStore(self.aws.client("ssm"), self.stage).keys()
        environment = {variable(use): keys.of_use(use) for use in USES} | {
            "CLEF_ENDPOINT_URL": self.emulator.endpoint_url
        }
        return OfficeServices.over(wiring.build(load_settings(function["Environment"]["Variables"] | environment)))

    @contextmanager
    def with_settings(self, settings: Mapping[str, str]) -> Iterator[None]:
        """Give the functions of families' logins, and of « Connexion », more settings inside the block.

        Those that are destroyed in it are left out.
        """
        functions, outputs = self.aws.client("lambda"), self.outputs
        before = {
            name: functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
            for name in (outputs.api_function, outputs.sign_in_function, outputs.desk_jobs_function)
        }

        def configure(more: Mapping[str, str]) -> None:
            for name, variables in before.items():
                environment = {"Variables": variables | more}
                with ignoring("ResourceNotFoundException"):
                    functions.update_function_configuration(FunctionName=name, Environment=environment)

        configure(settings)
        try:
            yield
        finally:
            configure({})

    def verify_sender(self) -> None:
        """Have SES verify the sender, which an operator does once by hand."""
        self.aws.client("sesv2").create_email_identity(EmailIdentity=load_stage(self.stage).settings.sender_identity)

    def command(
        self, name: str, *arguments: str, answers: str = "", project: Path = PROJECT
    ) -> "subprocess.CompletedProcess[str]":
        """Run an operator's command with the emulator as AWS, in this tree or another one."""
        edge = () if self.plain else ("--edge", f"{HOST}:{self.emulator.edge_port}")
        command = [
            sys.executable,
            "-m",
            name,
            self.stage,
            "--endpoint-url",
            self.emulator.endpoint_url,
            *edge,
            *arguments,
        ]
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
                out, err = process.communicate(answers, timeout=_PATIENCE.total_seconds())
            except BaseException:
                end_group(process, signal.SIGINT)  # it packages in child processes
                raise
        return subprocess.CompletedProcess(command, process.returncode, out, err)

    def deploy(self) -> str:
        """Deploy, and return the command's output. Raises SystemExit with it on failure."""
        return self._run("operations.deploy")

    def promote(self, origin: str) -> str:
        """Promote from another stage, and return the command's output. Raises SystemExit with it on failure."""
        return self._run("operations.deploy.promote", "--from", origin)

    def _run(self, name: str, *arguments: str) -> str:
        process = self.command(name, "--yes", *arguments)
        if process.returncode:
            sys.exit(f"{process.stdout}{process.stderr}")
        return process.stdout

    def mails(self) -> list[Mail]:
        """List the mails accepted by SES, newest last."""
        messages: dict[str, list[dict[str, Any]]] = self.emulator.read_page("ses/messages")["messages"]
        return [_mail(mail) for sent in messages.values() for mail in sent]


def _mail(mail: dict[str, Any]) -> Mail:
    (to,) = mail["To"]
    text, html = (mail[part].replace("\r\n", "\n") for part in ("BodyText", "BodyHtml"))
    return Mail(to, mail["Subject"], text, html, mail["Timestamp"])
