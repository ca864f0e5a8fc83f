"""The form of one document of a dossier: handed in at the desk, accepted, or refused, apart from the decision."""

from collections.abc import Callable
from typing import Any, Final

from chalicelib.domain.dossiers.documents import Finding
from chalicelib.domain.refusals import NotThere
from chalicelib.office.dossiers.documents import CheckInput, Decide, Dossier, check_document
from chalicelib.web.office.edge import DeskRequest

_FINDINGS: Final[dict[str, Finding]] = {"guichet": "received", "accepter": "accepted", "refuser": "refused"}
_NO_MAIL: Final = "La famille le lit sur sa page. Pour l'avertir par mail, demandez un complément."
DONE: Final[dict[str, str]] = {
    "guichet": "La pièce est notée remise au guichet : la famille la lit reçue.",
    "accepter": "La pièce est acceptée.",
    "refuser": f"La pièce est refusée. {_NO_MAIL}",
    "piece-deja": "C'était déjà noté ainsi. Rien n'a été changé.",
}


def take_check(request: DeskRequest, dossier: Dossier, revise: Callable[[Decide], Any]) -> str:
    """Record the finding of the form. Returns the code of its confirmation."""
    finding, (code, _, owner) = request.field("constat"), request.field("piece").partition(".")
    if finding not in _FINDINGS:
        raise NotThere
    words = request.field("texte") if finding == "refuser" else ""
    author = request.staff.author(words)
    new = CheckInput((code, owner), request.field("vu"), _FINDINGS[finding], author)
    return finding if check_document(request.services, dossier, new, revise, request.now) else "piece-deja"
