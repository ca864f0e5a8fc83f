"""The sentence of a refusal of the office: its code's, with its facts in French."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from chalicelib.presentation.office.sentences import SENTENCES
from chalicelib.presentation.texts import day, day_and_hour

if TYPE_CHECKING:
    from chalicelib.office.refusals import OfficeRefusal


def sentence_of(refusal: "OfficeRefusal") -> str:
    """Write a refusal for a page."""
    return fill(SENTENCES[refusal.code], refusal.facts)


def fill(sentence: str, facts: Mapping[str, object]) -> str:
    """Fill in the facts of a sentence. Raises KeyError for one that is missing."""
    return sentence.format(**{name: _text(fact) for name, fact in facts.items()})


def _text(fact: object) -> str:
    match fact:
        case datetime():
            return day_and_hour(fact)
        case date():
            return day(fact)
        case tuple() | list():
            return ", ".join(map(str, fact)) or "aucune"
    return str(fact)
