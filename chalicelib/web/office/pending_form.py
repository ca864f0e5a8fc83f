"""Keeps a form of the desk whose session ended: sealed in the pages of the login, until its member is back.

The seal holds the member whose page had the form. Only a browser that proves its posts carries it on, and its member
sends it by a button of its own, with the proof of the new session. No password or code is kept.
"""

import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import field
from datetime import UTC, datetime, timedelta
from typing import Final

from chalicelib.domain import fields
from chalicelib.domain.account.sessions import Token
from chalicelib.domain.identity.seals import Seal
from chalicelib.services.family import Services
from chalicelib.values import frozen
from chalicelib.web.edge import PageRequest
from chalicelib.web.requests import parts_of

FIELD: Final = "repris_formulaire"
_KEPT: Final = timedelta(minutes=30)
_DOORS: Final = "connexion|code|cle|agents|navigateur|invitation|deconnexion|mon-acces"
_PATHS: Final = re.compile(rf"/extranet/bureau/(?!(?:{_DOORS})(?:/|$))[\w/-]+", re.ASCII)
_PROOFS: Final = frozenset({"jeton", "code", "cle", "preuve", "confirme"})


@frozen
class CarriedForm:
    """A form sent without its session: the path of its page, and its fields."""

    path: str
    fields: Mapping[str, str] = field(repr=False)


def member_proof(services: Services, email: str, token: Token) -> str:
    """Make the proof that the forms of a member carry in one session: the member's pseudonym, and the session's."""
    return f"{services.record.pseudonyms.of_mailbox(email)}.{token.form_proof}"


def is_of(services: Services, email: str, proof: str) -> bool:
    """Whether a form's proof names this member, or none."""
    whose, _ = parts_of(proof)
    return whose in {"", services.record.pseudonyms.of_mailbox(email)}


def seal_form(request: PageRequest[Services], path: str) -> str:
    """Seal a form of the session that the browser still has. Empty for another, and for one too large to be carried."""
    whose, session = parts_of(request.field("jeton"))
    is_own = request.token is not None and hmac.compare_digest(session.encode(), request.token.form_proof.encode())
    if not whose or not is_own or not _PATHS.fullmatch(path):
        return ""
    names = (name for name in request.form if name not in _PROOFS and fields.is_declared(name))
    values = {name: request.form[name] for name in names if fields.of(name).kind != "secret"}
    until = str(int((request.now + _KEPT).timestamp()))
    text = _seal(request).seal_text(whose, until, path, json.dumps(values, ensure_ascii=False))
    return text if len(text) <= fields.longest(FIELD) else ""


def carried(request: PageRequest[Services]) -> str:
    """Read the sealed form that a form of the login carries on. Empty if the browser does not prove its posts."""
    return request.field(FIELD) if request.is_proven else ""


def open_form(request: PageRequest[Services], email: str) -> CarriedForm | None:
    """Open the form that a login carried. None if another member's page had it, or if it is too old."""
    whose, until, path, values = _seal(request).open_sent(carried(request), 4) or ("", "0", "", "{}")
    is_late = request.now >= datetime.fromtimestamp(int(until), UTC)
    if not whose or is_late or not is_of(request.services, email, f"{whose}."):
        return None
    return CarriedForm(path, json.loads(values))


def _seal(request: PageRequest[Services]) -> Seal:
    return Seal(request.services.settings.key_ring("staff-forms"), "pending form")
