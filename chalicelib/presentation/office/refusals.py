"""The sentence of a refusal of the office: its code's, with its facts in French."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain.enrolment.enrolments import EnrolmentDecision
from chalicelib.domain.family.corrections import Correction
from chalicelib.domain.family.extensions import Extension
from chalicelib.domain.text import visible
from chalicelib.presentation.office import corrections, enrolments, staff
from chalicelib.presentation.office.sentences import SENTENCES
from chalicelib.presentation.office.sites import site_name
from chalicelib.presentation.texts import ROLES, day, day_and_hour, retry_at
from chalicelib.settings.wings import WINGS
from chalicelib.wings.wing import load

if TYPE_CHECKING:
    from chalicelib.office.refusals import OfficeRefusal
    from chalicelib.settings.environment import Network

# The text of a fact by its type, and of a code by its name in a sentence.
_TEXTS: Final[Mapping[type, Callable[[Any, Network | None], str]]] = {
    datetime: lambda moment, _: day_and_hour(moment),
    date: lambda on, _: day(on),
    **{kind: text for wing in WINGS for place in wing.texts for kind, text in load(place).items()},
    EnrolmentDecision: lambda decision, _: enrolments.decision(decision),
    Correction: lambda last, _: f" ({day_and_hour(last.at)}, par {corrections.author(last)})",
    Extension: lambda extension, _: f" : jusqu'au {day(extension.until)}, par {extension.by.partition(' <')[0]}",
    type(None): lambda _none, _: "",
}
_LABELS: Final[Mapping[str, Mapping[Any, str]]] = {"role": ROLES, "what": staff.ACTS}
_OUTSIDE: Final = frozenset({"file", "folder", "names", "name"})  # names of files that others made
_LATER: Final = "C'est refusé, pour une raison que seule une version plus récente explique ({})."  # of a stored job
_EVERY_SITE: Final = "tous les sites"


def sentence_of(refusal: OfficeRefusal, network: Network) -> str:
    """Write a refusal for a page, where sites and places go by their names."""
    return fill(SENTENCES.get(refusal.code, _LATER.format(refusal.code)), refusal.facts, network)


def fill(sentence: str, facts: Mapping[str, object], network: Network | None = None) -> str:
    """Fill in the facts of a sentence. Without a network, sites and places go by their codes, as an operator types."""
    texts = {name: _text(name, fact, network) for name, fact in facts.items()}
    if isinstance(facts.get("now"), datetime):
        texts["until"] = retry_at(facts["until"], facts["now"])  # type: ignore[arg-type]  # both are moments
    return sentence.format(**texts)


def _text(name: str, fact: object, network: Network | None) -> str:
    if isinstance(fact, tuple | list):
        texts = [_text(name.removesuffix("s"), part, network) for part in fact]
        return (" ; " if any(", " in text for text in texts) else ", ").join(texts) or "aucune"
    if name == "site":
        return site_name(str(fact), network) if fact else _EVERY_SITE
    if write := _TEXTS.get(type(fact)):
        return write(fact, network)
    return _LABELS.get(name, {}).get(fact, visible(str(fact)) if name in _OUTSIDE else str(fact))
