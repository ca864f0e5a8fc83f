"""The returning pupils of each pool, counted from the re-enrolments of the same season."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from chalicelib.domain.admission.pools import Pool, PoolRef
from chalicelib.domain.enrolment.answers import course_outcomes
from chalicelib.domain.family.birth_dates import age_at
from chalicelib.domain.family.households import Pupil
from chalicelib.domain.text import fold
from chalicelib.office.enrolment.reenrolments import EnrolledPupil, families
from chalicelib.services.family import Services


@dataclass
class ReturningPupils:
    """Returning pupils by pool, and those of a discipline with pools but in none by level or age.

    `sites`: those with any returning pupil. Pupils without an answer are not counted.
    """

    pools: Counter[PoolRef] = field(default_factory=Counter)
    elsewhere: Counter[tuple[str, str]] = field(default_factory=Counter)  # code of the site, discipline
    sites: set[str] = field(default_factory=set)


def count_returning(services: Services, pools: Iterable[Pool], season: str) -> ReturningPupils:
    """Count the returning pupils at the sites of some pools: sent, and not declined by the office."""
    known, returning = tuple(pools), ReturningPupils()
    age_day = services.settings.network.admission.age_day(season)
    for site in sorted({pool.ref.site for pool in known}):
        own = [pool for pool in known if pool.ref.site == site]
        for family in families(services, site, season):
            for pupil in family.pupils:
                for discipline, level in _staying(pupil):
                    _count(returning, own, pupil.pupil, (discipline, level), age_day)
                    returning.sites.add(site)
    return returning


def _staying(pupil: EnrolledPupil) -> Iterator[tuple[str, str]]:
    """List the disciplines of the next year, each with this year's level if it is kept."""
    sent = pupil.file.sent
    if sent is None or pupil.file.verdict == "declined":
        return
    levels = {course.discipline: course.level for course in pupil.pupil.courses}
    for outcome in course_outcomes(pupil.pupil.courses, sent.answers):
        if outcome.after:
            is_same = fold(outcome.before) == fold(outcome.after)
            yield outcome.after, levels.get(outcome.before, "") if is_same else ""


def _count(returning: ReturningPupils, pools: list[Pool], pupil: Pupil, course: tuple[str, str], age_day: date) -> None:
    discipline, level = course
    alike = [pool for pool in pools if fold(pool.discipline) == fold(discipline)]
    fitting = [pool for pool in alike if _fits(pool, level, pupil, age_day)]
    if fitting:
        returning.pools[fitting[0].ref] += 1
    elif alike:
        returning.elsewhere[alike[0].ref.site, alike[0].discipline] += 1


def _fits(pool: Pool, level: str, pupil: Pupil, age_day: date) -> bool:
    if pool.level and fold(pool.level) != fold(level):
        return False
    if pool.youngest is None and pool.oldest is None:
        return True
    if pupil.born_on is None:
        return False
    age = age_at(pupil.born_on, age_day)
    return (pool.youngest is None or age >= pool.youngest) and (pool.oldest is None or age <= pool.oldest)
