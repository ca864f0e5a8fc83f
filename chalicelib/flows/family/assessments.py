"""Read the teachers' assessments of a pupil: of this school year and the last, each period from its publication day."""

from collections.abc import Iterator
from datetime import datetime

from chalicelib.domain.account.sessions import Token
from chalicelib.domain.family.households import Pupil
from chalicelib.domain.family.redaction import hide
from chalicelib.domain.refusals import NotThere
from chalicelib.domain.teaching.assessments import Assessment, Period, PupilAssessments, is_readable
from chalicelib.domain.teaching.courses import PupilRef
from chalicelib.domain.text import fold
from chalicelib.flows.family.visit import Visitor, authenticate_with
from chalicelib.services.family import Client, Services
from chalicelib.services.lessons import assessment_periods, lesson_stores
from chalicelib.settings.environment import Network
from chalicelib.values import frozen


@frozen
class PeriodView:
    """A period as a family reads it: the name of its school year, its title, and each teacher's assessment."""

    year: str
    title: str
    assessments: tuple[Assessment, ...]


@frozen
class AssessmentsView:
    """A pupil of the family, and its published periods, newest first."""

    pupil: Pupil
    periods: tuple[PeriodView, ...]


def enter(
    services: Services, token: Token | None, client: Client, now: datetime, key: str
) -> tuple[Visitor, AssessmentsView]:
    """Find the visitor of a token, and the published assessments of its pupil, in two reads.

    Raises `NotThere` for any other pupil, and as `authenticate` does.
    """
    assessments = lesson_stores(services).assessments
    visitor, (pupil_assessments,) = authenticate_with(
        services,
        token,
        client,
        now,
        lambda ref: (assessments.lookup(ref.site, PupilRef(ref.identifier, key)),),
    )
    pupil = visitor.account.household.pupils_by_key.get(key)
    if pupil is None:
        raise NotThere
    view = visitor.account.view
    periods = hide(tuple(_published(services.settings.network, pupil_assessments, now)), view.secrets if view else ())
    return visitor, AssessmentsView(pupil, periods)


def _published(network: Network, assessments: PupilAssessments, now: datetime) -> Iterator[PeriodView]:
    for year in sorted({ref.year for ref in assessments.texts}, reverse=True):
        periods = assessment_periods(network, year)
        known = {period.code: period for period in sorted(periods, key=lambda one: one.published_on, reverse=True)}
        written = {
            ref: one for ref, one in assessments.texts.items() if ref.year == year and is_readable(ref, periods, now)
        }
        codes = sorted({ref.period for ref in written}, key=lambda code: (*known, code).index(code))
        for code in codes:
            texts = [one for ref, one in written.items() if ref.period == code]
            yield _period_view(year, known.get(code), texts)


def _period_view(year: str, period: Period | None, texts: list[Assessment]) -> PeriodView:
    """Build a period with its current title, or the stored one if the network no longer has the period."""
    in_order = sorted(texts, key=lambda one: (fold(one.discipline), fold(one.teacher)))
    return PeriodView(year, period.title if period else in_order[0].title, tuple(in_order))
