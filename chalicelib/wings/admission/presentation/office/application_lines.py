"""An application as titled lines for the office."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chalicelib.presentation.office import enrolment_lines
from chalicelib.presentation.office.accounts import join_words
from chalicelib.presentation.office.sites import site_name
from chalicelib.presentation.office.timeline import Event, of_acts, of_sendings
from chalicelib.presentation.texts import day, day_and_hour
from chalicelib.wings.admission.presentation.office import applications

if TYPE_CHECKING:
    from chalicelib.settings.environment import Network
    from chalicelib.wings.admission.office.applications import ListedCandidate
    from chalicelib.wings.admission.office.places import WishStanding
    from chalicelib.wings.admission.office.show import ApplicationOverview

Lines = Iterator[tuple[str, str]]
document_text = enrolment_lines.document_text


def household(overview: ApplicationOverview, network: Network) -> Lines:
    """Describe the guardian who applies, and when."""
    application, request = overview.application, overview.application.sent
    if request is None:
        return
    groups = {group.code: group.title for group in network.admission.groups}
    yield "Responsable", request.answers.guardian
    yield "E-mail", application.email
    yield "Téléphone", request.answers.telephone
    yield "Adresse", join_words(request.answers.address, "non renseignée")
    if request.answers.groups:
        yield "Priorités", " ; ".join(groups.get(code, code) for code in request.answers.groups)
    yield "Envoyée", f"le {day_and_hour(request.first_at)}"
    if request.at != request.first_at:
        yield "Renvoyée", f"le {day_and_hour(request.at)} : c'est ce qui est montré ici"
    if application.draft:
        yield "Pas renvoyé", f"des corrections sont commencées, le {day_and_hour(application.saved_at or request.at)}"


def pupil_title(pupil: ListedCandidate) -> str:
    """Name a candidate, their age and state."""
    born = f" (naissance le {day(pupil.candidate.born_on)}, {pupil.age} ans)" if pupil.candidate.born_on else ""
    return f"{pupil.candidate.name}{born} : {applications.state(pupil)}"


def pupil(pupil: ListedCandidate, standings: tuple[WishStanding, ...], network: Network) -> Lines:
    """Describe a candidate: wishes with their states, the decision, the account and missing documents."""
    for rank, wish in enumerate(standings, 1):
        texts = (applications.wish(wish.wish, network), applications.wish_standing(wish, network))
        yield f"Vœu {rank}", " : ".join(filter(None, texts))
    standing = pupil.application.standing(pupil.candidate.key)
    if standing.decision:
        yield "Décision", applications.decision(standing.decision)
    if standing.decision and standing.decision.until:
        yield "À compléter", f"jusqu'au {day(standing.decision.until)}"
    if standing.account:
        site, identifier = standing.account
        yield "Compte", f"{identifier} ({site_name(site, network)})"
    if standing.withdrawn_at:
        yield "Retirée", f"par la famille le {day_and_hour(standing.withdrawn_at)}"
    if pupil.lacking:
        yield "Manque", ", ".join(pupil.lacking)


def events(overview: ApplicationOverview) -> Iterator[Event]:
    """List the events of an application."""
    yield from of_sendings(overview.application)
    yield from of_acts(overview.acts)
    for standing in overview.application.standings:
        if standing.withdrawn_at:
            candidate = overview.application.sent and overview.application.sent.answers.candidate(standing.key)
            name = candidate.name if candidate else "élève"
            yield Event(standing.withdrawn_at, "sent", f"{name} : {applications.STATES['withdrawn']}", "la famille")
