"""A family without changes: last year's answers, and its page, answered."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Final

from chalicelib.domain.dossiers.documents import SavedBy
from chalicelib.domain.enrolment.answers import PupilAnswers
from chalicelib.domain.enrolment.enrolments import Enrolment
from chalicelib.domain.enrolment.periods import EnrolmentRef
from chalicelib.domain.enrolment.submissions import submit
from tests.support.answers import WHOLE
from tests.support.enrolment import ANSWERED, IN_JUNE
from tests.support.enrolment_pages import page_html
from tests.support.world import ROSSIGNOL, Visitor, World

PAGE: Final = "/extranet/compte/reinscription/rien-ne-change"
LAST_YEAR: Final = EnrolmentRef(ROSSIGNOL, "2026")
_TYPED: Final = {"payeur": "Mme Houx", "urgence_nom": "Mme Houx", "urgence_telephone": "0699001003", "par": "1"}


def sent_last_year(world: World) -> None:
    """Store last year's enrolment, all pupils sent."""
    author = SavedBy("Mme Aimée Rossignol", IN_JUNE - timedelta(days=365))
    draft = Enrolment(LAST_YEAR).with_household(WHOLE, author)
    for file in ANSWERED:
        answers = replace(file.draft or PupilAnswers(), stays=True, image_rights=False)
        draft = draft.with_pupil(replace(file, draft=answers), author.at)
    world.services.enrolments.change(Enrolment(LAST_YEAR), submit(draft, draft.pupils, "R26-AAAA-BBBB", author))


def hidden_fields(page: str) -> dict[str, str]:
    """List the hidden fields of a page's form."""
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page.partition("<main")[2]))


def answered(visitor: Visitor, path: str = PAGE) -> dict[str, str]:
    """Answer every question of the page, with « no » for choices."""
    page = page_html(visitor, path).partition("<main")[2]
    fields = hidden_fields(f"<main{page}")
    questions = set(re.findall(r'<input [^>]*type="(?:text|tel|radio|checkbox)"[^>]*>', page))
    names = {name for field in questions for name in re.findall(r'name="([^"]+)"', field)}
    return fields | {name: _TYPED.get(name, "oui" if name == "accord" else "non") for name in names}
