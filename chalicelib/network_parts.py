"""Parts of `network.toml` that the family area goes by: what a family may correct, the re-enrolment, online payment."""

import unicodedata
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from chalicelib.domain.paperwork import DocumentRule

Correctable = Literal["telephones", "address", "payer", "emails"]


class Checked(BaseModel):
    """What all parts share: frozen, nothing unknown, no empty text, one line each."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", str_strip_whitespace=True, str_min_length=1, hide_input_in_errors=True
    )

    @field_validator("*")
    @classmethod
    def _one_line(cls, value: Any) -> Any:  # noqa: ANN401 - any field's
        """Refuse control characters: settings stand in subjects and headers."""
        if isinstance(value, str) and any(unicodedata.category(character) == "Cc" for character in value):
            raise ValueError("a line break or another control character")
        return value


class FamilySettings(Checked):
    """What a family may correct by itself on « Famille »; the rest, it asks the office for."""

    may_correct: frozenset[Correctable] = frozenset({"telephones", "address", "payer", "emails"})


class DocumentAsked(Checked):
    """A document asked for, of the household or of each pupil that fulfils all the conditions given.

    `disciplines`: of one of the courses that the pupil goes on with or wishes for, by a part of its name.
    """

    code: str = Field(pattern=r"^[a-z0-9-]{1,40}$")
    title: str
    hint: str = Field(default="", min_length=0)
    of: Literal["household", "pupil"] = "pupil"
    disciplines: tuple[str, ...] = ()
    adults: bool | None = None
    sites: tuple[str, ...] = ()

    @property
    def rule(self) -> DocumentRule:
        """The rule as the domain applies it."""
        return DocumentRule(**dict(self))


class EnrolmentSettings(Checked):
    """What the re-enrolment asks, and the choices that it offers."""

    rules: tuple[str, ...] = ("le règlement intérieur du conservatoire",)  # « J'accepte … »
    rules_url: str | None = Field(default=None, pattern=r"^https?://\S+$|^/\S+$")
    image_rights: str = (
        "photographier et filmer les élèves pendant les cours et les concerts, pour les publications du réseau"
    )
    days: tuple[str, ...] = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi")
    disciplines: tuple[str, ...] = ()  # that a pupil may ask for instead
    reasons: tuple[str, ...] = ("Déménagement", "Manque de temps", "Changement d'activité", "Fin du parcours", "Coût")
    documents: tuple[DocumentAsked, ...] = ()

    @property
    def document_rules(self) -> tuple[DocumentRule, ...]:
        """The documents asked for, as the domain asks."""
        return tuple(each.rule for each in self.documents)

    @model_validator(mode="after")
    def _one_document_per_code(self) -> "EnrolmentSettings":
        if len({each.code for each in self.documents}) != len(self.documents):
            raise ValueError("two documents have the same code")
        return self


class BillingSettings(Checked):
    """Where a family pays online, where there is such a service; and how the list of invoices names its columns."""

    payment_url: str | None = Field(default=None, pattern=r"^https://\S+$")
    columns: dict[str, tuple[str, ...]] = Field(default_factory=dict)  # a column of ours to the headings it may have
