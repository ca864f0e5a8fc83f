"""Assessments (« appréciations ») of pupils by teachers, for a period. Families read them from a set day."""

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from datetime import date, datetime, timedelta
from typing import Final

from chalicelib.domain.enrolment.periods import name_of_year, today, year_ends_at
from chalicelib.domain.family.households import PupilRef
from chalicelib.values import Stored, frozen

_YEARS_MORE: Final = 1  # of retention after its own school year
_FIRST_MONTH: Final = 9


@frozen
class AssessmentRef:
    """The key of an assessment of a pupil: the school year, the period's code, the course's key."""

    year: str
    period: str
    course: str

    @property
    def name(self) -> str:
        """Its serialised form. No part contains this separator."""
        return f"{self.year}#{self.period}#{self.course}"

    @classmethod
    def parse(cls, name: str) -> "AssessmentRef":
        """Parse the serialised form."""
        return cls(*name.split("#"))

    @property
    def expires_at(self) -> datetime:
        """When it is deleted: a year after the end of its school year."""
        return year_ends_at(str(int(self.year) + _YEARS_MORE))


@frozen
class Assessment:
    """An assessment. `teacher`: their name for families. `by`: its last author, as proven."""

    text: str = field(repr=False)
    by: str = field(repr=False)
    at: datetime
    title: str  # the period's title at that time
    discipline: str
    teacher: str = field(repr=False)


@frozen
class PupilAssessments(Stored):
    """The assessments of a pupil at a site, in all their courses."""

    site: str
    pupil: PupilRef
    texts: Mapping[AssessmentRef, Assessment] = field(default_factory=dict, repr=False)
    version: str = ""

    @property
    def expires_at(self) -> datetime | None:
        """When they are deleted: with the last text. None without texts."""
        return max((ref.expires_at for ref in self.texts), default=None)

    def with_text(self, ref: AssessmentRef, assessment: Assessment) -> "PupilAssessments":
        """Return the assessments with another text, without expired ones. The same ones if the text is equal."""
        text = self.texts.get(ref)
        if text and text.text == assessment.text:
            return self
        return self._next({**self.unexpired(assessment.at), ref: assessment})

    def without(self, ref: AssessmentRef, now: datetime) -> "PupilAssessments":
        """Return the assessments without this one, and without expired ones."""
        if ref not in self.texts:
            return self
        return self._next({other: one for other, one in self.unexpired(now).items() if other != ref})

    def unexpired(self, now: datetime) -> Mapping[AssessmentRef, Assessment]:
        """List the unexpired assessments, as the table deletes late."""
        return {ref: one for ref, one in self.texts.items() if now < ref.expires_at}

    def _next(self, texts: Mapping[AssessmentRef, Assessment]) -> "PupilAssessments":
        return replace(self, texts=texts, version=secrets.token_hex(8))


def shown_as(assessment: Assessment | None) -> str:
    """Hash an assessment for its form, to detect a later change. Empty for none."""
    return hashlib.blake2b(assessment.text.encode(), digest_size=8).hexdigest() if assessment else ""


@frozen
class Period:
    """A period of a school year, for which pupils are assessed."""

    year: str
    code: str
    title: str
    published_on: date

    @classmethod
    def of(cls, year: str, code: str, title: str, published_on: str) -> "Period":
        """Make it from the network's setting, « MM-DD »: before September, of the year when the school year ends."""
        month, day = map(int, published_on.split("-"))
        first = date(int(year) + (month < _FIRST_MONTH), month, 1)
        return cls(year, code, title, first + timedelta(days=day - 1))

    def is_published(self, now: datetime) -> bool:
        """Whether families can read it: from its day, in Paris."""
        return self.published_on <= today(now)


def periods_open(periods: Iterable[Period], now: datetime) -> tuple[Period, ...]:
    """List the periods open to teachers: those published, to be corrected, and the next one."""
    periods_in_order = sorted(periods, key=lambda period: period.published_on)
    coming = [period for period in periods_in_order if not period.is_published(now)]
    return tuple(period for period in periods_in_order if period not in coming[1:])


def is_readable(ref: AssessmentRef, periods: Iterable[Period], now: datetime) -> bool:
    """Whether a family can read an assessment: once its period is published, at the latest in the next school year."""
    if now >= ref.expires_at:
        return False
    is_over = ref.year < name_of_year(today(now))
    return is_over or any((one.year, one.code) == (ref.year, ref.period) and one.is_published(now) for one in periods)
