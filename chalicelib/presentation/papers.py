"""Where answers come from that the office entered for a family, and how their documents came, in French."""

from typing import Final

from chalicelib.domain.enrolment.enrolments import Channel, PaperForm
from chalicelib.domain.enrolment.paperwork import Came, ReceiptDocument
from chalicelib.presentation.texts import Words, day

_PAPERS: Final[dict[Channel, str]] = Words(
    desk="dossier papier du {day}, remis au guichet",
    post="dossier papier du {day}, reçu par courrier",
    telephone="appel du {day}",
)
_CAME: Final[dict[Came, str]] = {
    "": "promise sur papier, à remettre au conservatoire",
    "with_answers": "remise avec le dossier",
    "handed_in": "promise sur papier ; depuis, remise au conservatoire",
    "uploaded": "promise sur papier ; depuis, envoyée sur l'extranet",
}


def paper_text(paper: PaperForm) -> str:
    """Describe a paper or call, as a family reads it after « votre »."""
    return _PAPERS[paper.channel].format(day=day(paper.day))


def document_text(document: ReceiptDocument) -> str:
    """Describe how a document of a receipt came, or is to come."""
    return "envoyée sur l'extranet" if document.is_uploaded else _CAME[document.came]
