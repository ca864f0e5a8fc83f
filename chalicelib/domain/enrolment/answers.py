"""What a family answers in its re-enrolment: for each pupil, and once for the household; and what lacks in it."""

from dataclasses import dataclass, field
from typing import Final, Literal, get_args

CourseChoice = Literal["keep", "change", "stop"]
DAYS_AT_MOST: Final = 3


@dataclass(frozen=True)
class CourseWish:
    """What becomes of one of this year's courses, named by its discipline; `days`: those wished for, best first.

    To change within its own discipline is to ask for another day.
    """

    discipline: str
    choice: CourseChoice
    wanted: str = ""
    days: tuple[str, ...] = ()

    @property
    def contradicts_itself(self) -> bool:
        """Whether a discipline or a day is wished for of a course that shall not change; or nobody knows what shall."""
        is_known = self.choice in get_args(CourseChoice)
        return not is_known or (self.choice != "change" and bool(self.wanted or self.days))

    @property
    def is_vague(self) -> bool:
        """Whether it shall change, without a word on into what."""
        return self.choice == "change" and not self.wanted


@dataclass(frozen=True)
class PupilAnswers:
    """What a family answers for a pupil; `stays` is None until it is said. A remark and a reason may be left out."""

    stays: bool | None = None
    wishes: tuple[CourseWish, ...] = ()
    reason: str = field(default="", repr=False)
    remark: str = field(default="", repr=False)

    @property
    def lacking(self) -> tuple[str, ...]:
        """Name the fields that must be answered before this can be sent."""
        if self.stays is None:
            return ("choix",)
        if not self.stays:
            return ()
        if self.wishes and all(wish.choice == "stop" and not wish.contradicts_itself for wish in self.wishes):
            return ("choix",)  # then it leaves, and should say so
        return tuple(
            f"{'cours' if wish.contradicts_itself else 'discipline'}-{number}"
            for number, wish in enumerate(self.wishes, 1)
            if wish.contradicts_itself or wish.is_vague
        )


@dataclass(frozen=True)
class HouseholdAnswers:
    """What a family answers once for all its pupils; `image_rights` is None until it is said."""

    coordinates_exact: bool = False
    payer: str = field(default="", repr=False)
    image_rights: bool | None = None
    emergency_name: str = field(default="", repr=False)
    emergency_telephone: str = field(default="", repr=False)
    rules_accepted: bool = False

    @property
    def lacking(self) -> tuple[str, ...]:
        """Name the fields that must be answered before this can be sent."""
        answered = {
            "coordonnees": self.coordinates_exact,
            "payeur": bool(self.payer),
            "image": self.image_rights is not None,
            "urgence_nom": bool(self.emergency_name),
            "urgence_telephone": bool(self.emergency_telephone),
            "reglement": self.rules_accepted,
        }
        return tuple(name for name, is_there in answered.items() if not is_there)
