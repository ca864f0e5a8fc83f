"""Where answers come from that the office entered for a family, in French."""

from typing import Final

from chalicelib.domain.enrolment.enrolments import Channel, PaperForm
from chalicelib.presentation.texts import Words, day

_PAPERS: Final[dict[Channel, str]] = Words(
    desk="dossier papier du {day}, remis au guichet",
    post="dossier papier du {day}, reçu par courrier",
    telephone="appel du {day}",
)


def paper_text(paper: PaperForm) -> str:
    """Describe a paper or call, as a family reads it after « votre »."""
    return _PAPERS[paper.channel].format(day=day(paper.day))
