"""A login proven again, before a change of its ways in: by its password, or by a mailed code (ASVS 5.0, 7.5.1)."""

from chalicelib.domain.account.mailed_codes import CodeUsedUp
from chalicelib.domain.account.sign_in_codes import SignInCodeRequest
from chalicelib.domain.refusals import FieldsRefused
from chalicelib.flows.family.change_password import is_current
from chalicelib.flows.family.family import AuthenticatedRequest
from chalicelib.flows.sign_in.code import ask_code, proof_of_code, prove_code
from chalicelib.services.sign_in import SignInServices as Services


def ask_for_proof(services: Services, request: AuthenticatedRequest) -> str:
    """Have a code mailed to the login's addresses on file. Raises `LostSlowedDown`."""
    ref = request.visitor.login.ref
    asked = SignInCodeRequest("prove", ref.site, ref.identifier, "", "", request.now)
    return ask_code(services, asked, request.client, request.now)


def prove_by_code(services: Services, request: AuthenticatedRequest, asked: SignInCodeRequest, typed: str) -> None:
    """Prove the visitor's login by the code mailed for a request of its own. Raises `FieldsRefused`, `CodeUsedUp`."""
    ref = request.visitor.login.ref
    if (asked.purpose, asked.site, asked.identifier) != ("prove", ref.site, ref.identifier):
        raise CodeUsedUp  # of another account, which was open in this browser
    (login,) = prove_code(services, asked, typed, request.client, request.now)
    _remember(services, request, proof_of_code(services, asked, login))


def prove_by_password(services: Services, request: AuthenticatedRequest, typed: str) -> None:
    """Prove the visitor's login by its password. Raises `FieldsRefused` or `SlowedDown`."""
    login, now = request.visitor.login, request.now
    if not typed:
        raise FieldsRefused({"mot_de_passe": ("current_missing",)})
    if not is_current(services, login, typed, request.client, now):
        services.record.write("sign_in_proof_refused", now, request.client.request, account=login.ref)
        raise FieldsRefused({"mot_de_passe": ("current_wrong",)})
    _remember(services, request)


def _remember(services: Services, request: AuthenticatedRequest, proof: str = "") -> None:
    services.sessions.prove(request.visitor.session, request.now, proof)
    services.record.write("sign_in_proven", request.now, request.client.request, account=request.visitor.login.ref)
