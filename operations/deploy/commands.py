"""Shared by the commands: arguments, refusals and exit codes."""

import argparse
import os
import subprocess
import sys
import termios
from collections.abc import Callable
from getpass import getpass
from urllib.parse import urlsplit

from botocore import exceptions

from chalicelib.settings.source import NETWORK_FILE
from operations.deploy.aws import Aws, code_of, message_of
from operations.deploy.stages import Stage, StageRefused, check_stages, load_stage, names_of

OK, FAILED, REFUSED = 0, 1, 2
UNHEARD = 3  # deployed and serving, but the alarm address is not confirmed yet
_ENDS = {OK: "well", UNHEARD: "well, but its alarms are not confirmed"}

_UNUSABLE = (
    exceptions.CredentialRetrievalError,
    exceptions.NoCredentialsError,
    exceptions.PartialCredentialsError,
    exceptions.ProfileNotFound,
    exceptions.SSOError,
    exceptions.TokenRetrievalError,
)
_UNREACHED = (exceptions.ConnectionError, exceptions.HTTPClientError)
_HOW = "export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE (docs/deploy.md, step 2)"

DENIAL = "explicit deny"  # AWS's words where a policy denies what another one allows
DETACH = "An administrator detaches keep-clef, until the same command is done: docs/deploy.md, « The vault »."

Tell = Callable[[str], None]
Ask = Callable[[str], str]


class Stopped(Exception):
    """The command cannot continue. The message says why and how to continue."""

    exit_code = FAILED


class NotReady(Stopped):
    """A requirement is missing, and nothing was changed."""

    exit_code = REFUSED


def tell(line: str) -> None:
    """Print one line, flushed."""
    print(line, flush=True)


def ask(question: str) -> str:
    """Ask the operator. Returns an empty answer if there is no input.

    Pending input is discarded first: keys pressed earlier, or a terminal's report about itself when a program asked for
    it (Chalice does).
    """
    try:
        if sys.stdin.isatty():
            termios.tcflush(sys.stdin, termios.TCIFLUSH)
        return input(question).strip()
    except EOFError:
        print(flush=True)
        return ""


def ask_hidden(question: str) -> str:
    """Ask for a secret, which the terminal does not show. Returns an empty answer if there is no terminal."""
    return getpass(question).strip() if sys.stdin.isatty() else ""


def arguments(command: str, description: str) -> argparse.ArgumentParser:
    """Declare the arguments that all commands take."""
    parser = argparse.ArgumentParser(prog=f"make {command}", description=description)
    parser.add_argument(
        "stage",
        metavar="STAGE",
        nargs="?",
        default="",
        help="a table of stages.toml, or all-prod for prod and each whose name ends in -prod (make: STAGE=…)",
    )
    parser.add_argument(
        "--endpoint-url", type=_url, help="an AWS emulator on this machine (make: ARGS='--endpoint-url …')"
    )
    parser.add_argument("--edge", type=_place, metavar="HOST:PORT", help="where that emulator's CDN answers over TLS")
    return parser


def _place(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal():
        raise argparse.ArgumentTypeError(f"« {text} » is not a place like 127.0.0.1:8443")
    return host, int(port)


def _url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise argparse.ArgumentTypeError(f"« {text} » is not an address like http://localhost:4566")
    return text


def command(name: str, stage: str, aws: Aws, *flags: str) -> str:
    """Write the command line that an operator types, for the same account or emulator."""
    edge = ["--edge", f"{aws.edge[0]}:{aws.edge[1]}"] if aws.edge else []
    elsewhere = ["--endpoint-url", aws.endpoint_url, *edge] if aws.endpoint_url else []
    options = " ".join([*elsewhere, *flags])
    return f"make {name} STAGE={stage}" + (f' ARGS="{options}"' if options else "")


def run(arguments: argparse.Namespace, act: Callable[[Aws, Stage], int], *, stops: bool = True) -> int:
    """Load the stage, run the command, and turn errors into sentences and an exit code.

    For « all-… », run it once for each stage, `stops`: until one fails, so that the first is tried before the others.
    None begins if the table or the network of one is wrong.
    """
    try:
        names = names_of(arguments.stage)
        if names != [arguments.stage]:
            if stops:
                check_stages(names)
            return _run_each(arguments.stage, names, stops=stops)
        stage = load_stage(arguments.stage)
    except StageRefused as refusal:
        for sentence in refusal.sentences:
            tell(f"Missing: {sentence}")
        return REFUSED
    use_network(stage)
    use_profile(stage)
    return _run_one(Aws(stage.settings.region, arguments.endpoint_url, arguments.edge), stage, act)


def _run_one(aws: Aws, stage: Stage, act: Callable[[Aws, Stage], int]) -> int:
    try:
        _identify(aws, stage)
        return act(aws, stage)
    except Stopped as stop:
        tell(str(stop))
        return stop.exit_code
    except _UNUSABLE as error:
        tell(f"No AWS credentials that can be used ({message_of(error)}): {_HOW}.")
        return REFUSED
    except exceptions.ClientError as error:
        tell(f"AWS refused {error.operation_name} ({code_of(error)}): {message_of(error)}")
        if DENIAL in str(error):
            tell(DETACH)
    except _UNREACHED as error:
        tell(
            f"AWS could not be reached ({message_of(error)}): {_what_to_look_at(aws)}, then run the same command again."
        )
    except exceptions.BotoCoreError as error:
        tell(f"AWS could not be called: {message_of(error)}")
    except KeyboardInterrupt:
        status = command("status", stage.name, aws)
        tell(
            f"\nInterrupted. What CloudFormation has begun goes on: wait until `{status}` says COMPLETE, then run the "
            "same command again."
        )
    return FAILED


def use_network(stage: Stage) -> None:
    """Start this command again with the stage's network, unless it has that one: a process has one (decision 150)."""
    file = stage.settings.network_file
    if file != NETWORK_FILE:
        environment = os.environ | {"CLEF_NETWORK_FILE": str(file)}
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], environment)  # noqa: S606 - ourselves


def use_profile(stage: Stage) -> None:
    """Take the credentials of the stage's profile, if it names one. Keys in the environment go first, as in CI."""
    if stage.settings.profile:
        os.environ["AWS_PROFILE"] = stage.settings.profile


def _run_each(name: str, stages: list[str], *, stops: bool) -> int:
    codes: dict[str, int] = {}
    for stage in stages:
        tell(f"\n=== {stage}, {len(codes) + 1} of {len(stages)}")
        command = [sys.executable, *(stage if word == name else word for word in sys.orig_argv[1:])]
        codes[stage] = subprocess.run(command, check=False).returncode  # noqa: S603 - ourselves
        if stops and codes[stage] not in {OK, UNHEARD}:
            break
    tell("")
    for stage in stages:
        tell(f"{stage}: {_ENDS.get(codes[stage], 'failed') if stage in codes else 'not begun'}")
    return max(codes.values(), key=abs)


def _identify(aws: Aws, stage: Stage) -> None:
    """Check the credentials by a call that needs no permission. Raises `NotReady` if they are not the account's."""
    try:
        account = aws.account
    except exceptions.ClientError as error:
        raise NotReady(
            f"AWS does not take these credentials ({code_of(error)}: {message_of(error)}): {_HOW}."
        ) from error
    if stage.settings.account not in {"", account}:
        raise NotReady(
            f"These credentials are of the account {account}, and [{stage.name}] of stages.toml is in "
            f"{stage.settings.account}: {_HOW}."
        )


def _what_to_look_at(aws: Aws) -> str:
    if aws.is_emulated:
        return f"see whether the emulator answers at {aws.endpoint_url}"
    if not aws.knows_region:
        return f"« {aws.region} », the region of stages.toml, is none that is known; eu-west-3 is Paris; mend it"
    return "look at this machine's network"
