"""What was typed in the forms of the family area: tidy words, those that are too long, and the mark that came back."""

from collections.abc import Mapping

from chalicelib.domain.refusals import FieldsRefused, FormRefusal, StepMoved
from chalicelib.domain.yearly_file import tidy
from chalicelib.routes.edge import Visit


def words(visit: Visit, name: str) -> str:
    """Give what was typed in a field, its blanks tidied; what invisible characters hid is gone."""
    return tidy(visit.typed(name))


def line(visit: Visit, name: str) -> str:
    """Give what was typed in a field of one line."""
    return " ".join(words(visit, name).split())


def too_long(visit: Visit, longest: Mapping[str, int]) -> dict[str, tuple[str, ...]]:
    """Name the fields whose words are longer than they may be, in code points."""
    return {name: ("words_too_long",) for name, most in longest.items() if len(words(visit, name)) > most}


def mark(refusal: FormRefusal, visit: Visit) -> str:
    """Give the mark that a form shown again carries: of what stands now, as far as the refusal knows."""
    known = refusal.mark if isinstance(refusal, FieldsRefused | StepMoved) else ""
    return known or visit.typed("vu")
