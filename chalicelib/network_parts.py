"""Parts of `network.toml`: what a family may correct, the re-enrolment, online payment, accessibility."""

import unicodedata
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, StringConstraints, field_validator, model_validator

from chalicelib.domain.enrolment.paperwork import DocumentRule
from chalicelib.domain.enrolment.periods import PARIS

Correctable = Literal["telephones", "address", "payer", "emails"]
Conformity = Literal["totalement conforme", "partiellement conforme", "non conforme"]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]

# A statement is renewed every three years (decree 2019-768, article 4).
_AUDIT_COUNTS: Final = timedelta(days=3 * 365 + 1)


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


def _today() -> date:
    """Give the day on which the file is read: at start, so no request's."""
    return datetime.now(PARIS).date()


class Accessibility(Checked):
    """What the accessibility statement says (law of 11 February 2005, article 47; decree 2019-768; RGAA 4.1.2).

    Its state is worked out of an audit, told whole or not at all; nobody writes it.
    """

    declared_on: date
    rate: float | None = Field(default=None, ge=0, le=100, allow_inf_nan=False, strict=True)  # % of the criteria met
    auditor: str | None = None
    audited_on: date | None = None
    sample: tuple[Text, ...] = ()  # the pages that were audited
    non_conformities: tuple[Text, ...] = ()
    disproportionate_burden: tuple[Text, ...] = ()
    exemptions: tuple[Text, ...] = ()  # what the law does not ask to be accessible
    environments: tuple[Text, ...] = ()  # browsers with assistive technologies
    tools: tuple[Text, ...] = ()
    technologies: tuple[Text, ...] = ("HTML", "CSS", "SVG", "JavaScript (facultatif)")
    plan_url: str | None = Field(default=None, pattern=r"^https?://\S+$")  # of the multi-year plan
    _read_on: date = PrivateAttr(default_factory=_today)

    @model_validator(mode="before")
    @classmethod
    def _says_no_state(cls, told: Any) -> Any:  # noqa: ANN401 - not validated yet
        if isinstance(told, dict) and "state" in told:
            raise ValueError("accessibility.state: the state is worked out of the audit: take the line out")
        return told

    @model_validator(mode="after")
    def _claims_no_more_than_its_audit(self) -> "Accessibility":
        audit = {
            "rate": self.rate,
            "auditor": self.auditor,
            "audited_on": self.audited_on,
            "sample": self.sample or None,
        }
        missing = [name for name, told in audit.items() if told is None]
        if missing and len(missing) < len(audit):
            raise ValueError(f"an audit is told whole: {', '.join(missing)} is missing")
        if self.audited_on and self.audited_on > self._read_on:
            raise ValueError("the audit is still to come: take it out until it is done")
        if self.declared_on > self._read_on:
            raise ValueError("the statement is dated later than today")
        if self.rate is not None and round(self.rate, 2) != self.rate:
            raise ValueError("a rate has two decimals at most")
        if self.rate == 100 and self.non_conformities:  # noqa: PLR2004 - per cent
            raise ValueError("a rate of 100 leaves no non-conformity")
        return self

    @property
    def is_audited(self) -> bool:
        """Whether there is an audit, of less than three years when this was read."""
        return self.audited_on is not None and self._read_on - self.audited_on <= _AUDIT_COUNTS

    @property
    def state(self) -> Conformity:
        """The state that the law makes of the rate; without an audit that counts, nothing is claimed."""
        if not self.is_audited or self.rate is None or self.rate < 50:  # noqa: PLR2004 - per cent, the RGAA's own
            return "non conforme"
        return "partiellement conforme" if self.rate < 100 else "totalement conforme"  # noqa: PLR2004 - the same
