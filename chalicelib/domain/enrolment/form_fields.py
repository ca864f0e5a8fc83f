"""The fields of a step's form, each described once: on the attribute of the answers that it fills in."""

from dataclasses import fields, replace
from typing import Any, Final, Literal

from chalicelib.domain.family import telephones
from chalicelib.values import frozen

Kind = Literal["line", "lines", "telephone", "tick", "yes_or_no"]
FORM: Final = "form"  # under which an attribute's metadata has its field
_OFFERED: Final = 300  # code points: of what a page offers to tick or choose
_YES_OR_NO: Final = {"oui": True, "non": False}


@frozen
class FormField:
    """A field: its name on the form, how it is read, how long it may be, in code points; and the attribute it fills in.

    Its words are found by the attribute (`chalicelib/sentences.py`). `shown_with`: the attribute on whose line its
    answer is shown. `is_listed`: not where a page says the answer in a sentence of its own. `is_asked`: not what was
    asked once; where it was answered, that is still told. `of_who_stays`: asked of a pupil that goes on, and no other.
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
        """Whether its answer tells the school's software anything: a box that everybody must tick does not."""
        return self.kind != "tick" or not self.is_required

    @property
    def is_typed(self) -> bool:
        """Whether words are typed in it, and not something ticked or chosen."""
        return self.kind in {"line", "lines", "telephone"}

    def read(self, typed: str) -> str | bool | None:
        """Read what was typed, once cleaned; a telephone that is none stays as it was typed."""
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
        """Check what was typed: a refusal's code, or None; what lacks is for the answers to judge."""
        return telephones.error_in(typed) if self.kind == "telephone" else None

    def is_answered(self, value: object) -> bool:
        """Whether a value is an answer; « no » is one to a question, and none where a box is to be ticked."""
        return value is not None if self.kind == "yes_or_no" else bool(value)


def form_fields(answers: Any) -> tuple[FormField, ...]:  # noqa: ANN401 - any dataclass, or its class
    """List the fields described on the attributes of some answers, in the order of the form."""
    own = (attribute for attribute in fields(answers) if FORM in attribute.metadata)
    return tuple(replace(attribute.metadata[FORM], attribute=attribute.name) for attribute in own)
