"""The fields of a step's form, each described once, in the metadata of its attribute."""

from dataclasses import fields, replace
from typing import Any, Final, Literal

from chalicelib.domain.family import telephones
from chalicelib.values import frozen

Kind = Literal["line", "lines", "telephone", "tick", "yes_or_no"]
FORM: Final = "form"  # key of a field in an attribute's metadata
_OFFERED: Final = 300  # code points: of options to tick or choose
_YES_OR_NO: Final = {"oui": True, "non": False}


@frozen
class FormField:
    """A field: its name on the form, its kind, its maximal length in code points, and its attribute.

    Its words are found by the attribute (`presentation/sentences.py`). `shown_with`: the attribute on whose line its
    answer is shown. `is_listed`: false if a page has a sentence of its own for the answer. `is_asked`: false for a
    former question, whose answers are still shown. `of_who_stays`: asked only for a pupil that stays.
    """

    name: str
    kind: Kind
    longest: int = _OFFERED
    is_required: bool = True
    shown_with: str = ""
    is_listed: bool = True
    is_asked: bool = True
    of_who_stays: bool = False
    attribute: str = ""

    @property
    def missing(self) -> str:
        """The code of the sentence that asks for it."""
        return f"{self.attribute}_missing"

    @property
    def is_exported(self) -> bool:
        """Whether its answer matters to the school's software, unlike a mandatory tick."""
        return self.kind != "tick" or not self.is_required

    @property
    def is_typed(self) -> bool:
        """Whether it is typed, rather than ticked or chosen."""
        return self.kind in {"line", "lines", "telephone"}

    def read(self, typed: str) -> str | bool | None:
        """Parse the cleaned input. An invalid telephone stays as typed."""
        match self.kind:
            case "tick":
                return bool(typed)
            case "yes_or_no":
                return _YES_OR_NO.get(typed)
            case "telephone":
                return telephones.telephone_from(typed) or typed
            case _:
                return typed

    def error_in(self, typed: str) -> str | None:
        """Return the error code of the input, or None. A missing answer is not its concern."""
        return telephones.error_in(typed) if self.kind == "telephone" else None

    def is_answered(self, value: object) -> bool:
        """Whether a value is an answer. « no » answers a question, but not a tick."""
        return value is not None if self.kind == "yes_or_no" else bool(value)


def form_fields(answers: Any) -> tuple[FormField, ...]:  # noqa: ANN401 - any dataclass, or its class
    """List the fields described on the attributes of some answers, in the form's order."""
    own = (attribute for attribute in fields(answers) if FORM in attribute.metadata)
    return tuple(replace(attribute.metadata[FORM], attribute=attribute.name) for attribute in own)
