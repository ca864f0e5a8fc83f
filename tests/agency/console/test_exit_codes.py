"""The end of a command: a French sentence for every error, and a code, without personal data or a traceback."""

import pytest
import typer
from botocore import exceptions
from botocore.exceptions import ClientError

from agency.console.exit_codes import ExitCode, exit_with_code
from chalicelib.domain.refusals import Unavailable
from chalicelib.office.refusals import OfficeRefusal
from tests.support.clef import Clef
from tests.support.world import World


def client_error(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "User: famille Rossignol is not…"}}, "PutObject")


def end_of(error: BaseException, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    with pytest.raises(SystemExit) as end, exit_with_code():
        raise error
    result = capsys.readouterr()
    assert result.out == ""
    assert result.err.count("\n") == 1
    return int(end.value.code or 0), result.err


@pytest.mark.parametrize(
    ("error", "start"),
    [
        (exceptions.NoCredentialsError(), "Aucun identifiant AWS : donnez-les (AWS_PROFILE"),
        (exceptions.PartialCredentialsError(provider="env", cred_var="x"), "Aucun identifiant AWS"),
        (exceptions.ProfileNotFound(profile="x"), "Ce profil AWS n'existe pas sur cette machine"),
        (exceptions.UnauthorizedSSOTokenError(), "Votre session AWS est finie : reconnectez-vous"),
        (exceptions.SSOTokenLoadError(error_msg="x"), "Votre session AWS est finie"),
        (exceptions.TokenRetrievalError(provider="sso", error_msg="x"), "Votre session AWS est finie"),
        (client_error("ExpiredToken"), "Votre session AWS est finie"),
        (client_error("ExpiredTokenException"), "Votre session AWS est finie"),
        (client_error("UnrecognizedClientException"), "AWS ne reconnaît pas ces identifiants"),
        (client_error("SignatureDoesNotMatch"), "AWS ne reconnaît pas ces identifiants"),
        (client_error("AccessDenied"), "AWS ne vous permet pas cette opération (PutObject) : demandez"),
        (client_error("AccessDeniedException"), "AWS ne vous permet pas cette opération (PutObject)"),
        (client_error("SlowDown"), "AWS refuse l'opération PutObject (SlowDown)"),
        (exceptions.EndpointConnectionError(endpoint_url="x"), "AWS ne répond pas (EndpointConnectionError)"),
        (exceptions.ReadTimeoutError(endpoint_url="x"), "AWS ne répond pas (ReadTimeoutError)"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_what_aws_refuses_says_what_to_do(error: Exception, start: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, result = end_of(error, capsys)

    assert code == ExitCode.FAILED
    assert result.startswith(start)
    assert "Rossignol" not in result


@pytest.mark.parametrize(
    ("error", "code", "start"),
    [
        (KeyboardInterrupt(), 130, "Interrompu : ce qui est fait est fait"),
        (typer.Abort(), 130, "Interrompu"),
        (OfficeRefusal("period_backwards"), 1, "La période se termine avant de commencer"),
        (Unavailable("dynamodb took a part of a batch only"), 1, "Le service ne répond pas (dynamodb took a part"),
        (
            typer.BadParameter("« x » n'est pas un jour."),
            2,
            "Valeur refusée : « x » n'est pas un jour. Aide : clef --help",
        ),
        (FileNotFoundError(2, "No such file", "familles.csv"), 1, "Impossible de lire ou d'écrire « familles.csv »"),
        (KeyError("Famille Rossignol"), 1, "Erreur imprévue (KeyError à test_exit_codes.py:"),
    ],
    ids=lambda value: value if isinstance(value, str | int) else type(value).__name__,
)
def test_whatever_stops_a_command_is_a_sentence_and_a_code(
    error: BaseException, code: int, start: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ending_code, result = end_of(error, capsys)

    assert ending_code == code
    assert result.startswith(start)
    assert "Rossignol" not in result


def test_an_error_of_aws_behind_a_store_is_told_as_such(clef: Clef, world: World) -> None:
    with world.aws.failing("GetItem", "before", error=(400, "AccessDeniedException")):
        result = clef("period show")

    assert result.code == 1
    assert result.err.startswith("AWS ne vous permet pas cette opération (GetItem)")
    assert "OperatorPolicy" in result.err


def test_the_codes_are_those_of_the_help(clef: Clef) -> None:
    text = " ".join(clef("--help").out.split())

    assert [f"{code.value} " in text for code in ExitCode] == [True] * len(ExitCode)
