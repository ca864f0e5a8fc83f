"""How a command ends: its exit codes, and one French sentence for what stopped it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path

import typer

from agency.console.aws_errors import AWS_ERRORS, aws_said
from agency.console.french import misuse
from chalicelib.domain.refusals import Unavailable
from chalicelib.office.refused import Refused


class Code(IntEnum):
    """What a command says to who called it; `clef --help` tells them."""

    DONE = 0
    FAILED = 1
    MISUSED = 2  # Typer's own
    TO_LOOK_AT = 3
    STOPPED = 4
    INTERRUPTED = 130


@contextmanager
def ending() -> Iterator[None]:
    """Turn what stops a command into a sentence on standard error and a code; no traceback, nothing personal."""
    try:
        yield
    except (KeyboardInterrupt, typer.Abort):
        _end(
            Code.INTERRUPTED,
            "Interrompu : ce qui est fait est fait, rien n'est à moitié. Relancez la même commande : elle reprend.",
        )
    except Refused as refused:
        _end(Code.FAILED, refused.sentence)
    except typer.TyperException as error:
        _end(error.exit_code, misuse(error))
    except Unavailable as error:
        _end(Code.FAILED, _unavailable(error))
    except AWS_ERRORS as error:
        _end(Code.FAILED, aws_said(error))
    except OSError as error:
        _end(Code.FAILED, f"Impossible de lire ou d'écrire « {error.filename or '?'} » ({error.strerror}).")
    except Exception as error:  # noqa: BLE001 - its words may hold what families are called
        _end(Code.FAILED, f"Erreur imprévue ({_where(error)}) : ce qui est fait est fait. Signalez cette ligne.")


def _unavailable(error: Unavailable) -> str:
    if isinstance(error.__cause__, AWS_ERRORS):
        return aws_said(error.__cause__)
    return f"Le service ne répond pas ({error}) : ce qui est fait est fait. Relancez la même commande : elle reprend."


def _where(error: Exception) -> str:
    frame = error.__traceback__
    while frame and frame.tb_next:
        frame = frame.tb_next
    place = f" à {Path(frame.tb_frame.f_code.co_filename).name}:{frame.tb_lineno}" if frame else ""
    return f"{type(error).__name__}{place}"


def _end(code: int, sentence: str) -> None:
    if sentence:
        print(sentence, file=sys.stderr, flush=True)
    sys.exit(code)
