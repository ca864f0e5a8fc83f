"""A login proven again, before its login methods change: by its password, or by a mailed code (ASVS 5.0, 7.5.1)."""

from chalicelib.domain.account.login_codes import LoginCodeRequest
from chalicelib.domain.account.mailed_codes import CodeUsedUp
from chalicelib.domain.refusals import FieldsRefused
from chalicelib.flows.family.change_password import is_current
from chalicelib.flows.family.visit import Visitor
from chalicelib.flows.login_methods.code import ask_code, proof_of_code, prove_code
from chalicelib.services.family import Visit
from chalicelib.services.login_methods import LoginMethodServices as Services


def ask_for_proof(visit: Visit[Services], visitor: Visitor) -> str:
    """Have a code mailed to the login's addresses on file. Raises `LostSlowedDown`."""
    ref = visitor.login.ref
    request = LoginCodeRequest("prove", ref.site, ref.identifier, "", "", visit.now)
    return ask_code(visit, request)


def prove_by_code(visit: Visit[Services], visitor: Visitor, request: LoginCodeRequest, text: str) -> None:
    """Prove the visitor's login by the code mailed for a request of their own. Raises `FieldsRefused`, `CodeUsedUp`."""
    ref = visitor.login.ref
    if (request.purpose, request.site, request.identifier) != ("prove", ref.site, ref.identifier):
        raise CodeUsedUp  # of another account, which was open in this browser
    (login,) = prove_code(visit, request, text)
    _remember(visit, visitor, proof_of_code(visit.services, request, login))


def prove_by_password(visit: Visit[Services], visitor: Visitor, password: str) -> None:
    """Prove the visitor's login by password. Raises `FieldsRefused` or `SlowedDown`."""
    login = visitor.login
    if not password:
        raise FieldsRefused({"mot_de_passe": ("current_missing",)})
    if not is_current(visit, login, password):
        visit.record("sign_in_proof_refused", account=login.ref)
        raise FieldsRefused({"mot_de_passe": ("current_wrong",)})
    _remember(visit, visitor)


def _remember(visit: Visit[Services], visitor: Visitor, proof: str = "") -> None:
    visit.services.sessions.prove(visitor.session, visit.now, proof)
    visit.record("sign_in_proven", account=visitor.login.ref)
