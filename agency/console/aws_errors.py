"""The refusals of AWS, each as a French sentence with its remedy."""

from typing import Final

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
    TokenRetrievalError,
)

AWS_ERRORS: Final = (BotoCoreError, ClientError)

_WHO: Final = "AWS_PROFILE, ou AWS_ACCESS_KEY_ID et AWS_SECRET_ACCESS_KEY"
_NOBODY: Final = f"Aucun identifiant AWS : donnez-les ({_WHO}), puis relancez la même commande."
_NO_PROFILE: Final = "Ce profil AWS n'existe pas sur cette machine : vérifiez AWS_PROFILE."
_EXPIRED: Final = "Votre session AWS est finie : reconnectez-vous (« aws sso login »), puis relancez la même commande."
_UNKNOWN: Final = f"AWS ne reconnaît pas ces identifiants : vérifiez-les ({_WHO})."
_DENIED: Final = (
    "AWS ne vous permet pas cette opération ({operation}) : demandez à qui administre le compte AWS de vous donner la "
    "politique OperatorPolicy de ce déploiement, et ExportPolicy pour « clef export all »."
)
_REFUSED: Final = "AWS refuse l'opération {operation} ({code}) : ce qui est fait est fait. Relancez la même commande."
_SILENT: Final = "AWS ne répond pas ({kind}) : vérifiez la connexion à Internet, puis relancez la même commande."

_BY_CODE: Final = {
    **dict.fromkeys(("ExpiredToken", "ExpiredTokenException", "RequestExpired"), _EXPIRED),
    **dict.fromkeys(("InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId"), _UNKNOWN),
    **dict.fromkeys(("SignatureDoesNotMatch", "InvalidSignatureException", "AuthFailure"), _UNKNOWN),
    **dict.fromkeys(("AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError"), _DENIED),
    "403": _DENIED,  # of a HEAD, whose answer has no body
}


def describe_aws_error(error: BaseException) -> str:
    """Describe an error of botocore in a sentence, without its own message, which may repeat a key or a name."""
    match error:
        case ClientError():
            code = str(error.response.get("Error", {}).get("Code", "?"))
            return _BY_CODE.get(code, _REFUSED).format(operation=error.operation_name, code=code)
        case NoCredentialsError() | PartialCredentialsError():
            return _NOBODY
        case ProfileNotFound():
            return _NO_PROFILE
        case SSOError() | TokenRetrievalError():
            return _EXPIRED
        case _:
            return _SILENT.format(kind=type(error).__name__)
