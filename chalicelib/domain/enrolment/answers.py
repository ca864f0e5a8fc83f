"""What a family answers in its re-enrolment: for each pupil, and once for the household; and what lacks in it."""

from dataclasses import field, replace
from typing import Final, Literal, get_args

from chalicelib.domain.enrolment.form_fields import FORM, FormField, form_fields
from chalicelib.values import frozen

CourseChoice = Literal["keep", "change", "stop", "add"]
DAYS_AT_MOST: Final = 3
ADDED: Final = "plus"  # in the form, in the place of a course's number: the discipline that comes besides
_NAME: Final = 100  # code points: of a person, or of whoever pays


@frozen
class CourseWish:
    """What becomes of one of this year's courses, named by its discipline; `days`: those wished for, best first.

    To change within its own discipline is to ask for another day. « add »: no course of this year, but one discipline
    more; a version that does not know it asks to make it clear.
    """

    discipline: str
    choice: CourseChoice
    wanted: str = ""
    days: tuple[str, ...] = ()

    @property
    def contradicts_itself(self) -> bool:
        """Whether a discipline or a day is wished for of a course that shall not change; or nobody knows what shall."""
        is_known = self.choice in get_args(CourseChoice)
        says_more = bool(self.wanted or (self.days and self.choice != "add"))
        return not is_known or (self.choice != "change" and says_more)

    @property
    def is_vague(self) -> bool:
        """Whether it shall change, or come besides, without a word on what."""
        return (self.choice == "change" and not self.wanted) or (self.is_added and not self.discipline)

    @property
    def is_added(self) -> bool:
        """Whether it comes besides this year's courses."""
        return self.choice == "add"

    @property
    def next_discipline(self) -> str:
        """The discipline of next year; empty of a course that stops."""
        if self.choice == "stop":
            return ""
        return (self.choice == "change" and self.wanted) or self.discipline


@frozen
class PupilAnswers:
    """What a family answers for a pupil; `stays` is None until it is said. A remark and a reason may be left out.

    What is wished of its courses is a table of its own in the form. A reason may also be chosen from a list.
    `image_rights` is a consent, and stands until it is changed (docs/decisions/0051).
    """

    stays: bool | None = field(default=None, metadata={FORM: FormField("choix", "yes_or_no", is_listed=False)})
    wishes: tuple[CourseWish, ...] = ()
    reason: str = field(
        default="",
        repr=False,
        metadata={FORM: FormField("motif_autre", "line", 2 * _NAME, is_required=False, is_listed=False)},
    )
    image_rights: bool | None = field(default=None, metadata={FORM: FormField("image", "yes_or_no", of_who_stays=True)})
    remark: str = field(
        default="", repr=False, metadata={FORM: FormField("remarque", "lines", 5 * _NAME, is_required=False)}
    )

    def with_image_rights(self, *, standing: bool | None) -> "PupilAnswers":
        """Add the answer that stands to the question about images, where these have none of their own."""
        return replace(self, image_rights=standing) if self.image_rights is None else self

    @property
    def lacking(self) -> tuple[str, ...]:
        """Name the fields that must be answered before this can be sent."""
        if self.stays is None:
            return ("choix",)
        if not self.stays:
            return ()
        if self.wishes and all(wish.choice == "stop" and not wish.contradicts_itself for wish in self.wishes):
            return ("choix",)  # then it leaves, and should say so
        unclear = tuple(
            f"{'cours' if wish.contradicts_itself else 'discipline'}-{ADDED if wish.is_added else number}"
            for number, wish in enumerate(self.wishes, 1)
            if wish.contradicts_itself or wish.is_vague
        )
        return unclear if self.image_rights is not None else (*unclear, "image")


@frozen
class HouseholdAnswers:
    """What a family answers once for all its pupils.

    `image_rights` was asked here until it was asked of each pupil: it holds for those that have no answer of their own.
    """

    coordinates_exact: bool = field(default=False, metadata={FORM: FormField("coordonnees", "tick")})
    payer: str = field(default="", repr=False, metadata={FORM: FormField("payeur", "line", _NAME)})
    image_rights: bool | None = field(
        default=None, metadata={FORM: FormField("image", "yes_or_no", is_required=False, is_asked=False)}
    )
    emergency_name: str = field(default="", repr=False, metadata={FORM: FormField("urgence_nom", "line", _NAME)})
    emergency_telephone: str = field(
        default="",
        repr=False,
        metadata={FORM: FormField("urgence_telephone", "telephone", 60, shown_with="emergency_name")},
    )
    pickup_persons: str = field(
        default="", repr=False, metadata={FORM: FormField("personnes_autorisees", "line", 120, is_required=False)}
    )
    rules_accepted: bool = field(default=False, metadata={FORM: FormField("reglement", "tick")})

    @property
    def lacking(self) -> tuple[str, ...]:
        """Name the fields that must be answered before this can be sent."""
        return tuple(
            described.name
            for described in HOUSEHOLD_FIELDS
            if described.is_required and not described.is_answered(getattr(self, described.attribute))
        )


PUPIL_FIELDS: Final = form_fields(PupilAnswers)
HOUSEHOLD_FIELDS: Final = tuple(field for field in form_fields(HouseholdAnswers) if field.is_asked)
