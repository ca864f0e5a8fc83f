"""The school years of the network's settings."""

from datetime import date

from chalicelib.settings.environment import Network
from chalicelib.wings.teaching.domain.assessments import Period
from chalicelib.wings.teaching.domain.school_years import Closure, SchoolYear, SchoolYears


def school_year(network: Network, day: date) -> SchoolYear:
    """Return the school year of a day, from the network's settings."""
    return school_years(network).of(day)


def school_years(network: Network) -> SchoolYears:
    """Return the school years of the network's settings."""
    years = (
        SchoolYear(
            year.starts_on,
            year.ends_on,
            tuple(Closure(closure.name, closure.first_on, closure.last_on) for closure in year.closures),
        )
        for year in network.teaching.years
    )
    return SchoolYears(tuple(years))


def assessment_periods(network: Network, year: str) -> tuple[Period, ...]:
    """List the periods of a school year, by its name, for which pupils are assessed."""
    return tuple(Period.of(year, one.code, one.title, one.published_on) for one in network.teaching.assessments)
