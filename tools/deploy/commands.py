"""What the three commands share: arguments, the refusals they end on, and the exit codes 0, 1 and 2."""

import argparse
from collections.abc import Callable
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

from tools.deploy.aws import Aws, code_of, said
from tools.deploy.stages import Stage, StageRefused, load_stage

OK, FAILED, REFUSED = 0, 1, 2

Tell = Callable[[str], None]
Ask = Callable[[str], str]


class Stopped(Exception):
    """The command cannot go on; its words say why and what to do."""

    exit_code = FAILED


class NotReady(Stopped):
    """Something is missing, and nothing was changed."""

    exit_code = REFUSED


def tell(line: str) -> None:
    """Tell the operator one line, at once."""
    print(line, flush=True)


def ask(question: str) -> str:
    """Ask the operator; an empty answer where nobody can answer."""
    try:
        return input(question).strip()
    except EOFError:
        print(flush=True)
        return ""


def arguments(command: str, description: str) -> argparse.ArgumentParser:
    """Give the arguments that every command takes."""
    parser = argparse.ArgumentParser(prog=f"make {command}", description=description)
    parser.add_argument("stage", help="a table of stages.toml (make: STAGE=…)")
    parser.add_argument(
        "--endpoint-url", type=_url, help="an AWS emulator on this machine (make: ARGS='--endpoint-url …')"
    )
    parser.add_argument("--edge", type=_place, metavar="HOST:PORT", help="where that emulator's CDN answers over TLS")
    return parser


def _place(given: str) -> tuple[str, int]:
    host, _, port = given.rpartition(":")
    if not host or not port.isdecimal():
        raise argparse.ArgumentTypeError(f"« {given} » is not a place like 127.0.0.1:8443")
    return host, int(port)


def _url(given: str) -> str:
    parts = urlsplit(given)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise argparse.ArgumentTypeError(f"« {given} » is not an address like http://localhost:4566")
    return given


def run(given: argparse.Namespace, act: Callable[[Aws, Stage], int]) -> int:
    """Read the stage, act, and turn whatever stops it into sentences and an exit code."""
    try:
        stage = load_stage(given.stage)
        return act(Aws(stage.settings.region, given.endpoint_url, given.edge), stage)
    except StageRefused as refused:
        for sentence in refused.sentences:
            tell(f"Missing: {sentence}")
        return REFUSED
    except Stopped as stopped:
        tell(str(stopped))
        return stopped.exit_code
    except NoCredentialsError:
        tell("No AWS credentials: export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE.")
        return REFUSED
    except ClientError as error:
        tell(f"AWS refused {error.operation_name} ({code_of(error)}): {said(error)}")
    except BotoCoreError as error:
        tell(f"AWS could not be reached: {said(error)}")
    except KeyboardInterrupt:
        tell(f"\nInterrupted. What CloudFormation has begun goes on: see `make status STAGE={given.stage}`.")
    return FAILED
