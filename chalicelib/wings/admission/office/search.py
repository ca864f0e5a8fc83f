"""The applications in « Recherche »: those of the current season by their words, or any by its number."""

from collections.abc import Collection, Iterator
from datetime import datetime

from chalicelib.domain.enrolment.submissions import number_from
from chalicelib.domain.search.summaries import AccountSummary, PupilSummary
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.wings.admission.office.applications import is_number
from chalicelib.wings.admission.office.places import admission_season
from chalicelib.wings.admission.services.applicants import ApplicantServices as Services
from chalicelib.wings.admission.stores.application_summaries import application_summaries


def search_summaries(services: Services, sites: Collection[str], now: datetime) -> Iterator[AccountSummary]:
    """Read the current season's applications at some sites (a Query, and another of their periods)."""
    everywhere = [site.code for site in services.settings.network.sites]
    season = admission_season(services, services.admission.periods.recent(now), everywhere, now)
    for application in application_summaries(services.admission.applications, season):
        if application.is_at(sites):
            yield AccountSummary(
                *("", application.number),
                name=application.guardian,
                telephones=(application.telephone,),
                emails=(application.email,),
                address=application.address,
                pupils=tuple(PupilSummary(one.key, one.name, "", ()) for one in application.candidates),
            )


def find_number_at(services: Services, text: str, sites: Collection[str]) -> str | None:
    """Find the number of an application with a wish at one of some sites (Query). None for a text that is no number.

    One of other sites takes the same calls as one that does not exist. Raises `OfficeRefusal`.
    """
    if not is_number(text):
        return None
    number = number_from(text)
    summaries = application_summaries(services.admission.applications, f"20{number[1:3]}")
    if not any(application.number == number and application.is_at(sites) for application in summaries):
        raise OfficeRefusal("request_unknown", number=number)
    return number
