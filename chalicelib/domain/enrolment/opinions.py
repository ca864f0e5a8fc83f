"""Opinions of teachers on a pupil's return, for the office only: a leaning and its reason, per course."""

import secrets
from dataclasses import field, replace
from datetime import date, datetime, timedelta
from typing import Final, Literal, get_args

from chalicelib.domain.enrolment.periods import EnrolmentPeriod, name_of_year, seasons_kept, today, year_ends_at
from chalicelib.domain.family.households import PupilRef
from chalicelib.domain.refusals import FormRefusal
from chalicelib.values import Stored, frozen

Leaning = Literal["favourable", "reserved", "unfavourable"]
LEANINGS: Final[tuple[Leaning, ...]] = get_args(Leaning)
_DELETED_WITHIN: Final = timedelta(days=60)


@frozen
class OpinionRef:
    """The key of an opinion: a pupil, a season (« 2027 »), and a course by its key."""

    site: str
    season: str
    pupil: PupilRef
    course: str

    @property
    def expires_at(self) -> datetime:
        """When it is deleted: at the end of the school year that the season prepares."""
        return year_ends_at(self.season)


def seasons_of_opinions(now: datetime) -> tuple[str, ...]:
    """List the seasons that may have opinions, as TTL deletes some days late."""
    return tuple(season for season in seasons_kept(now) if year_ends_at(season) + _DELETED_WITHIN > now)


@frozen
class OpinionText:
    """The content of an opinion: its leaning, None if not given, and its reason for the office."""

    leaning: Leaning | None = None
    words: str = field(default="", repr=False)


@frozen
class Opinion(Stored):
    """A teacher's opinion. `discipline`, `teacher`: the course's at that time. `by`: its author, as proven."""

    ref: OpinionRef
    said: OpinionText = OpinionText()
    discipline: str = ""
    teacher: str = field(default="", repr=False)
    by: str = field(default="", repr=False)
    at: datetime | None = None
    version: str = ""

    def give(self, text: OpinionText, course: tuple[str, str], by: str, now: datetime) -> "Opinion":
        """Give an opinion on a course, by its discipline and teacher."""
        discipline, teacher = course
        opinion = replace(self, said=text, by=by, at=now, version=secrets.token_hex(8))
        return replace(opinion, discipline=discipline, teacher=teacher)


@frozen
class OpinionWindow:
    """When opinions are given, each year: « MM-DD », inclusive. It may span the new year."""

    opens_on: str
    closes_on: str

    def has(self, day: date) -> bool:
        """Whether opinions are given on a day."""
        month_and_day = f"{day:%m-%d}"
        if self.opens_on <= self.closes_on:
            return self.opens_on <= month_and_day <= self.closes_on
        return month_and_day >= self.opens_on or month_and_day <= self.closes_on


def opinion_season(period: EnrolmentPeriod | None, now: datetime) -> str:
    """Return the season of an opinion: that of the site's period until it is over, then the next one.

    In March the last announced period is still last year's.
    """
    if period and period.state(now) != "after":
        return period.season
    return str(int(name_of_year(today(now))) + 1)


def is_kept(season: str, now: datetime) -> bool:
    """Whether the opinions of a season are still shown, as TTL deletes late."""
    return now < year_ends_at(season)


class OpinionsClosed(FormRefusal):
    """Opinions are not open on this day."""

    code = "opinions_closed"


class OpinionMoved(FormRefusal):
    """Another teacher of the course changed the opinion concurrently. Nothing was overwritten. `standing`: theirs."""

    code = "opinion_moved"

    def __init__(self, standing: Opinion) -> None:
        super().__init__(self.code)
        self.standing = standing
