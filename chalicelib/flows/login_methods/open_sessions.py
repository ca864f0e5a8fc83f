"""The open sessions of a login: listed for its owner, who ends the others with the password (OWASP ASVS 5.0, 7.5.2)."""

from dataclasses import field
from datetime import datetime

from chalicelib.domain.account.sessions import ALL, Session, session_name
from chalicelib.domain.refusals import FieldsRefused
from chalicelib.flows.family.change_password import is_owner, missing_password
from chalicelib.flows.family.visit import Visitor
from chalicelib.services.family import Services, Visit
from chalicelib.values import frozen


def other_sessions(services: Services, visitor: Visitor, now: datetime) -> tuple[Session, ...]:
    """List the valid sessions of the visitor's login but this one, the latest first: two reads.

    One of the last second may be missing.
    """
    sessions = services.sessions.of_account(visitor.login.ref)
    rest = [
        session
        for session in sessions
        if session.fingerprint != visitor.session.fingerprint and session.is_of(visitor.login, now)
    ]
    return tuple(sorted(rest, key=lambda session: session.opened_at, reverse=True))


@frozen
class SessionChoice:
    """The typed form: the name of a session, or `ALL`, and the current password as `passwords.trim` gives it."""

    name: str
    password: str = field(repr=False)


def end_sessions(visit: Visit[Services], visitor: Visitor, choice: SessionChoice) -> None:
    """End one other session, or all, once the current password is proven. One that is over is no error.

    Raises `FieldsRefused` or `SlowedDown`.
    """
    errors = missing_password(visitor, "mot_de_passe", choice.password, visit.now)
    if not choice.name:
        errors = {"connexion": ("session_missing",)} | errors
    if errors:
        raise FieldsRefused(errors)
    if not is_owner(visit, visitor, choice.password):
        raise FieldsRefused({"mot_de_passe": ("current_wrong",)})
    for session in other_sessions(visit.services, visitor, visit.now):
        if choice.name in {ALL, session_name(session.fingerprint)}:
            visit.services.database.write_together(visit.services.sessions.close(session))
            visit.record("session_ended", account=session.account, reason="owner")
