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
from chalicelib.domain.teaching.course_returns import CourseOpinions
from chalicelib.domain.teaching.courses import TaughtPupil
from chalicelib.flows.teacher.entry import OwnCourse
from chalicelib.flows.teacher.pupil import courses_on_file
from chalicelib.infra.dynamo.database import Lookup
from chalicelib.services.teaching import TeachingServices as Services
from chalicelib.values import frozen


@frozen
class GivenOpinion:
    """A teacher's opinion of a pupil of a course, and its author. `seen`: the version that the page showed."""

    own: OwnCourse
    pupil: TaughtPupil
    said: OpinionText
    by: str
    seen: str


def opinion_window(services: Services) -> OpinionWindow:
    """Return the period in which opinions are given, from the network's settings."""
    teaching = services.settings.network.teaching
    return OpinionWindow(teaching.opinions_from, teaching.opinions_until)


def opinion_lookups(services: Services, own: OwnCourse, now: datetime) -> list[Lookup[Opinion]]:
    """Look up the opinion of each of a course's pupils, in their order, for a page's one round trip."""
    season = opinion_season(services.periods.recent(now).of(own.site.code), now)
    opinions = services.teaching.opinions
    refs = (OpinionRef(own.site.code, season, pupil.ref, own.key) for pupil in own.course.pupils)
    return [opinions.lookup(ref) for ref in refs]


def opinions_of_course(own: OwnCourse, opinions: Sequence[Opinion]) -> CourseOpinions:
    """Summarise the opinions of a course: the pupils without one, and the next pupil."""
    return CourseOpinions(own.course, {opinion.ref.pupil: opinion for opinion in opinions})


def give_opinion(services: Services, given: GivenOpinion, now: datetime) -> CourseOpinions:
    """Store an opinion. Return those of the whole course. Idempotent.

    Raises `OpinionsClosed`, `FieldsRefused`, `OpinionMoved` if a colleague changed the opinion since the page was
    shown, and `NotThere` if the family's file no longer has the pupil in this course.
    """
    own, store = given.own, services.teaching.opinions
    if not opinion_window(services).has(today(now)):
        raise OpinionsClosed
    if given.said.leaning is None:
        raise FieldsRefused({"avis": ("opinion_missing",)})
    lookups: list[Lookup[Any]] = opinion_lookups(services, own, now)
    account, *opinions = services.database.read_together(
        services.accounts.lookup(AccountRef(own.site.code, given.pupil.ref.identifier)), *lookups
    )
    courses_on_file(account, own, given.pupil)
    before = opinions_of_course(own, opinions)
    standing = before.by_pupil[given.pupil.ref]
    if standing.said == given.said:
        return before
    if standing.version != given.seen:
        raise OpinionMoved(standing)
    after = standing.give(given.said, (own.course.discipline, own.teacher), given.by, now)
    try:
        store.change(standing, after)
    except WriteConflict:
        raise OpinionMoved(store.find(standing.ref)) from None
    return opinions_of_course(own, [*opinions, after])
