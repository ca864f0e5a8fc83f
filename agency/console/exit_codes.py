"""The exit codes of a command, and a French sentence for each error that stops it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path

import typer

from agency.console.aws_errors import AWS_ERRORS, describe_aws_error
from agency.console.french import describe_usage_error
from chalicelib.domain.refusals import Unavailable
from chalicelib.office.refusals import OfficeRefusal


class ExitCode(IntEnum):
    """The outcome of a command, for its caller. `clef --help` explains each."""

    DONE = 0
    FAILED = 1
    MISUSED = 2  # Typer's own
    TO_LOOK_AT = 3
    STOPPED = 4
    INTERRUPTED = 130


@contextmanager
def exit_with_code() -> Iterator[None]:
    """Turn an error into a sentence on standard error and a code, without a traceback or personal data."""
    try:
        yield
    except (KeyboardInterrupt, typer.Abort):
        _exit(
            ExitCode.INTERRUPTED,
            "Interrompu : ce qui est fait est fait, rien n'est à moitié. Relancez la même commande : elle reprend.",
        )
    except OfficeRefusal as refusal:
        from agency.console.sentences import sentence_of  # noqa: PLC0415 - 30 ms of CPU, which only a refusal pays

        _exit(ExitCode.FAILED, sentence_of(refusal))
    except typer.TyperException as error:
        _exit(error.exit_code, describe_usage_error(error))
    except Unavailable as error:
        _exit(ExitCode.FAILED, _unavailable(error))
    except AWS_ERRORS as error:
        _exit(ExitCode.FAILED, describe_aws_error(error))
    except OSError as error:
        _exit(ExitCode.FAILED, f"Impossible de lire ou d'écrire « {error.filename or '?'} » ({error.strerror}).")
    except Exception as error:  # noqa: BLE001 - its message may hold names of families
        _exit(ExitCode.FAILED, f"Erreur imprévue ({_where(error)}) : ce qui est fait est fait. Signalez cette ligne.")


def _unavailable(error: Unavailable) -> str:
    if isinstance(error.__cause__, AWS_ERRORS):
        return describe_aws_error(error.__cause__)
    return f"Le service ne répond pas ({error}) : ce qui est fait est fait. Relancez la même commande : elle reprend."


def _where(error: Exception) -> str:
    frame = error.__traceback__
    while frame and frame.tb_next:
        frame = frame.tb_next
    place = f" à {Path(frame.tb_frame.f_code.co_filename).name}:{frame.tb_lineno}" if frame else ""
    return f"{type(error).__name__}{place}"


def _exit(code: int, sentence: str) -> None:
    if sentence:
        print(sentence, file=sys.stderr, flush=True)
    sys.exit(code)
