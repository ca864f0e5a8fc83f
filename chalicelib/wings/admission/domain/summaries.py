"""The stored summaries of applications: names for a search, and the states of their candidates."""

from collections.abc import Collection, Sequence
from typing import Any, Final, NamedTuple

from chalicelib.wings.admission.domain.applications import Application, State

VERSION: Final = 1  # a summary of another version is ignored: the whole application is read instead


class CandidateSummary(NamedTuple):
    """A sent candidate: their state in the application, since when (seconds), and the sites of their wishes."""

    key: str
    name: str
    state: State
    since: int
    sites: Sequence[str]


class ApplicationSummary(NamedTuple):
    """A sent application, by its number."""

    number: str
    guardian: str
    telephone: str
    email: str
    address: str
    candidates: Sequence[CandidateSummary]

    def is_at(self, sites: Collection[str]) -> bool:
        """Whether it has a wish at one of some sites."""
        return any(site in sites for candidate in self.candidates for site in candidate.sites)


def summarise_application(application: Application) -> list[Any]:
    """Make the summary of an application. An unsent one gets only a version."""
    request = application.sent
    if request is None:
        return [VERSION]
    answers = request.answers
    candidates = []
    for candidate in answers.candidates:
        standing = application.standing(candidate.key)
        decided_at = standing.decision.at if standing.decision else request.at
        since = int((standing.withdrawn_at or decided_at).timestamp())
        sites = list(dict.fromkeys(wish.site for wish in candidate.wishes))
        candidates.append([candidate.key, candidate.name, application.state(candidate.key), since, sites])
    address = " ".join(answers.address)
    return [VERSION, request.number, answers.guardian, answers.telephone, application.email, address, candidates]


def application_summary(words: Sequence[Any]) -> ApplicationSummary | None:
    """Parse a summary. None for an unsent application. Raises `ValueError` for another version."""
    if words[:1] != [VERSION]:
        raise ValueError("a summary of another version")
    if len(words) == 1:
        return None
    *facts, candidates = words[1:]
    return ApplicationSummary._make((*facts, tuple(CandidateSummary(*candidate) for candidate in candidates)))
