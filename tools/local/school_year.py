"""The school year of `make run`: of the settings, stretched and opened so that its day has lessons around it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from chalicelib.domain.enrolment.periods import name_of_year
from chalicelib.settings.environment import Network
from chalicelib.wings.teaching.services.lessons import school_year

_BEFORE: Final = timedelta(days=13)  # a roll may be taken for seven days: the week before has one to take, on a Monday
_AFTER: Final = timedelta(days=28)  # a family sees the lessons of four weeks
_AROUND: Final = timedelta(days=6)


def with_lessons_around(network: Network, day: date) -> Network:
    """Return a network whose school year has lessons in the weeks around a day, also in summer and in holidays."""
    school_years, year = network.teaching.years, school_year(network, day)
    if not school_years:
        return network
    end = date(int(name_of_year(day)) + 1, 8, 31)
    closures = (closure for one in school_years for closure in one.closures if year.has(closure.first_on))
    open_year = replace(
        school_years[0],
        starts_on=min(year.starts_on, day - _BEFORE),
        ends_on=max(year.ends_on, min(day + _AFTER, end)),
        closures=tuple(
            closure for closure in closures if closure.last_on < day - _BEFORE or day + _AROUND < closure.first_on
        ),
    )
    years = tuple(one for one in school_years if one.starts_on != year.starts_on)
    return replace(network, teaching=replace(network.teaching, years=(*years, open_year)))
