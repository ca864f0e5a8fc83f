"""Give an opinion on a pupil's return, for the office: one conditional write, within the network's period."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.enrolment.opinions import (
    Opinion,
    OpinionMoved,
    OpinionRef,
    OpinionsClosed,
    OpinionText,
    OpinionWindow,
    opinion_season,
)
from chalicelib.domain.enrolment.periods import today
from chalicelib.domain.refusals import FieldsRefused, WriteConflict
from chalicelib.infra.dynamo.database import Lookup
from chalicelib.values import frozen
from chalicelib.wings.teaching.domain.course_returns import CourseOpinions
from chalicelib.wings.teaching.domain.courses import TaughtPupil
from chalicelib.wings.teaching.flows.teacher.entry import OwnCourse
from chalicelib.wings.teaching.flows.teacher.pupil import courses_on_file
from chalicelib.wings.teaching.services.teaching import TeachingServices as Services


@frozen
class GivenOpinion:
    """A teacher's opinion of a pupil of a course, and its author. `version`: the one that the page showed."""

    course: OwnCourse
    pupil: TaughtPupil
    text: OpinionText
    by: str
    version: str


def opinion_window(services: Services) -> OpinionWindow:
    """Return the period in which opinions are given, from the network's settings."""
    teaching = services.settings.network.teaching
    return OpinionWindow(teaching.opinions_from, teaching.opinions_until)


def opinion_lookups(services: Services, course: OwnCourse, now: datetime) -> list[Lookup[Opinion]]:
    """Look up the opinion of each of a course's pupils, in their order, for a page's one round trip."""
    season = opinion_season(services.periods.recent(now).of(course.site.code), now)
    opinions = services.teaching.opinions
    refs = (OpinionRef(course.site.code, season, pupil.ref, course.key) for pupil in course.course.pupils)
    return [opinions.lookup(ref) for ref in refs]


def opinions_of_course(course: OwnCourse, opinions: Sequence[Opinion]) -> CourseOpinions:
    """Summarise the opinions of a course: the pupils without one, and the next pupil."""
    return CourseOpinions(course.course, {opinion.ref.pupil: opinion for opinion in opinions})


def give_opinion(services: Services, opinion: GivenOpinion, now: datetime) -> CourseOpinions:
    """Store an opinion. Return those of the whole course. Idempotent.

    Raises `OpinionsClosed`, `FieldsRefused`, `OpinionMoved` if a colleague changed the opinion since the page was
    shown, and `NotThere` if the family's file no longer has the pupil in this course.
    """
    course, store = opinion.course, services.teaching.opinions
    if not opinion_window(services).has(today(now)):
        raise OpinionsClosed
    if opinion.text.leaning is None:
        raise FieldsRefused({"avis": ("opinion_missing",)})
    lookups: list[Lookup[Any]] = opinion_lookups(services, course, now)
    account, *opinions = services.database.read_together(
        services.accounts.lookup(AccountRef(course.site.code, opinion.pupil.ref.identifier)), *lookups
    )
    courses_on_file(account, course, opinion.pupil)
    before = opinions_of_course(course, opinions)
    standing = before.by_pupil[opinion.pupil.ref]
    if standing.said == opinion.text:
        return before
    if standing.version != opinion.version:
        raise OpinionMoved(standing)
    after = standing.give(opinion.text, (course.course.discipline, course.teacher), opinion.by, now)
    try:
        store.change(standing, after)
    except WriteConflict:
        raise OpinionMoved(store.find(standing.ref)) from None
    return opinions_of_course(course, [*opinions, after])
