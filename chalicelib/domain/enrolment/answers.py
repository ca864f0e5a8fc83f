"""A family's answers in its re-enrolment, for each pupil and for the household, and their missing fields."""

from collections.abc import Sequence
from dataclasses import field, fields, replace
from typing import Any, Final, Literal, get_args

from chalicelib.domain.family import telephones
from chalicelib.domain.family.households import Course
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
        """The code of the sentence that asks for the field when it is empty."""
        return f"{self.attribute}_missing"

    @property
    def is_exported(self) -> bool:
        """Whether its answer matters to the school's software, unlike a mandatory tick."""
        return self.kind != "tick" or not self.is_required

    @property
    def is_typed(self) -> bool:
        """Whether it is typed, rather than ticked or chosen."""
        return self.kind in {"line", "lines", "telephone"}

    def read(self, text: str) -> str | bool | None:
        """Parse the cleaned input. An invalid telephone stays as typed."""
        match self.kind:
            case "tick":
                return bool(text)
            case "yes_or_no":
                return _YES_OR_NO.get(text)
            case "telephone":
                return telephones.telephone_from(text) or text
            case _:
                return text

    def error_in(self, text: str) -> str | None:
        """Return the error code of the input, or None. A missing answer is not its concern."""
        return telephones.error_in(text) if self.kind == "telephone" else None

    def is_answered(self, value: object) -> bool:
        """Whether a value is an answer. « no » answers a question, but not a tick."""
        return value is not None if self.kind == "yes_or_no" else bool(value)


def form_fields(answers: Any) -> tuple[FormField, ...]:  # noqa: ANN401 - any dataclass, or its class
    """List the fields described on the attributes of some answers, in the form's order."""
    form_attributes = (attribute for attribute in fields(answers) if FORM in attribute.metadata)
    return tuple(replace(attribute.metadata[FORM], attribute=attribute.name) for attribute in form_attributes)


CourseChoice = Literal["keep", "change", "stop", "add"]
DAYS_AT_MOST: Final = 3
ADDED: Final = "plus"  # on the form, for the additional discipline, in the place of a course's number
_NAME: Final = 100  # code points: of a person's or payer's name


@frozen
class CourseWish:
    """The wish for one of this year's courses, named by its discipline. `days`: the preferred ones, best first.

    To change within its own discipline is to ask for another day. « add »: an additional discipline, not a course of
    this year. A version that does not know a choice asks the family to clarify.
    """

    discipline: str
    choice: CourseChoice
    wanted: str = ""
    days: tuple[str, ...] = ()

    @property
    def contradicts_itself(self) -> bool:
        """Whether it names a discipline or day for a course that does not change, or has an unknown choice."""
        is_known = self.choice in get_args(CourseChoice)
        says_more = bool(self.wanted or (self.days and self.choice != "add"))
        return not is_known or (self.choice != "change" and says_more)

    @property
    def is_vague(self) -> bool:
        """Whether it changes or adds a course without naming a discipline."""
        return (self.choice == "change" and not self.wanted) or (self.is_added and not self.discipline)

    @property
    def is_added(self) -> bool:
        """Whether it is additional to this year's courses."""
        return self.choice == "add"

    @property
    def next_discipline(self) -> str:
        """The discipline of next year. Empty for a course that stops."""
        if self.choice == "stop":
            return ""
        return (self.choice == "change" and self.wanted) or self.discipline


@frozen
class PupilAnswers:
    """A family's answers for a pupil. `stays`: None until answered. A remark and a reason are optional.

    Wishes have their own table in the form. A reason may also be chosen from a list. `image_rights`: a consent that
    stands until it is changed (docs/decisions/0051).
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
        """Copy the standing consent to images, unless these answers have one."""
        return replace(self, image_rights=standing) if self.image_rights is None else self

    @property
    def lacking(self) -> tuple[str, ...]:
        """The fields still to answer before it can be sent."""
        if self.stays is None:
            return ("choix",)
        if not self.stays:
            return ()
        if self.wishes and all(wish.choice == "stop" and not wish.contradicts_itself for wish in self.wishes):
            return ("choix",)  # the pupil leaves, and the form should say so
        unclear = tuple(
            f"{'cours' if wish.contradicts_itself else 'discipline'}-{ADDED if wish.is_added else number}"
            for number, wish in enumerate(self.wishes, 1)
            if wish.contradicts_itself or wish.is_vague
        )
        return unclear if self.image_rights is not None else (*unclear, "image")


@frozen
class HouseholdAnswers:
    """A family's answers for all its pupils.

    `image_rights` was asked here before it was asked for each pupil: it applies to pupils without an answer of their
    own.
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
        """The fields still to answer before it can be sent."""
        return tuple(
            field.name
            for field in HOUSEHOLD_FIELDS
            if field.is_required and not field.is_answered(getattr(self, field.attribute))
        )


PUPIL_FIELDS: Final = form_fields(PupilAnswers)
HOUSEHOLD_FIELDS: Final = tuple(field for field in form_fields(HouseholdAnswers) if field.is_asked)


@frozen
class CourseOutcome:
    """A discipline of this year, and its replacement next year.

    `after` is empty for a course that stops. `before` is empty for an additional discipline.
    """

    before: str
    after: str = ""


def pair_with_wishes(
    courses: Sequence[Course], wishes: Sequence[CourseWish]
) -> tuple[tuple[Course, CourseWish | None], ...]:
    """Pair each course with its wish.

    Additional disciplines, and wishes for courses no longer on file, come last.
    """
    wishes_left = list(wishes)
    pairs: list[tuple[Course, CourseWish | None]] = []
    for course in courses:
        wish = next((wish for wish in wishes_left if wish.discipline == course.discipline and not wish.is_added), None)
        if wish:
            wishes_left.remove(wish)
        pairs.append((course, wish))
    return (*pairs, *((Course("" if wish.is_added else wish.discipline), wish) for wish in wishes_left))


def course_outcomes(courses: Sequence[Course], answers: PupilAnswers) -> tuple[CourseOutcome, ...]:
    """List the outcome of each course, without those that have no answer."""
    if answers.stays is None:
        return ()
    if not answers.stays:
        return tuple(CourseOutcome(course.discipline) for course in courses)
    return tuple(
        CourseOutcome(course.discipline, wish.next_discipline)
        for course, wish in pair_with_wishes(courses, answers.wishes)
        if wish
    )
