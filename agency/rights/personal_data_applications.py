"""The data held on applications, for the family that asks: as data, and as text."""

from collections.abc import Iterator
from typing import Any, Final

from agency.rights.given_data import DataGiver
from agency.rights.personal_data_enrolments import document_line, upload_line
from agency.rights.titles import Titles
from chalicelib.domain.admission.applications import Answers, Application, Candidate, Standing, Wish
from chalicelib.domain.staff.consultations import KEPT_FOR, Consultation
from chalicelib.office.rights.applications import ApplicationData
from chalicelib.presentation.office.accounts import ACTS, CONSULTATIONS, WITHHELD, join_words
from chalicelib.presentation.texts import Words, day, day_and_hour, school_year
from chalicelib.settings.environment import Network

_NOBODY: Final = "un élève qui n'est plus dans la demande"
_VERDICTS: Final = Words(
    waiting="mise en liste d'attente",
    to_complete="à compléter",
    declined="refusée",
    accepted="acceptée",
)
NOTES: Final = (
    f"« {WITHHELD} » : elle protège quelqu'un d'autre, ou la demande.",
    "L'ordre des places et les tirages publiés ne contiennent que le numéro du reçu.",
    "Les codes envoyés sont comptés un jour, sous pseudonyme ; un code et une session sont effacés dans la journée.",
    f"Les consultations d'une demande par l'administration sont notées {KEPT_FOR.days} jours.",
    "Une demande refusée ou retirée est effacée après la période, une demande sans place à la fin de l'année scolaire.",
)


def application_data_json(data: ApplicationData) -> dict[str, Any]:
    """List all data held on an application without an account."""
    return {**DataGiver().give(data), "notes": NOTES}


def application_data_text(data: ApplicationData, network: Network) -> str:
    """Write the data as a text to read."""
    titles = Titles(network)
    acts = [f"{day_and_hour(entry.at)} : {ACTS[entry.kind]} (« {entry.author.why} »)" for entry in data.acts]
    sections = (
        ("La demande", list(application_lines(data.application, titles))),
        (
            "Pièces déposées",
            [upload_line(stored, candidate_names(data.application), titles) for stored in data.uploads],
        ),
        ("Demandes de l'administration", acts),
        ("Consultations par l'administration", list(map(consultation_line, data.consultations))),
        ("À savoir", list(NOTES)),
    )
    lines = [f"Données détenues sur la pré-inscription {data.application.number}"]
    for title, content in sections:
        lines += ["", title, *(f"  - {line}" for line in content or ["rien"])]
    return "\n".join(lines) + "\n"


def consultation_line(consultation: Consultation) -> str:
    """Write a consultation as a line to read."""
    at, last_at, times = consultation.at, consultation.last_at, consultation.times
    again = f", {times} fois jusqu'au {day_and_hour(last_at)}" if times > 1 else ""
    return f"{day_and_hour(at)} : {CONSULTATIONS[consultation.kind]}{again}"


def candidate_names(application: Application) -> dict[str, str]:
    """Name the candidates of an application by their keys."""
    all_answers = [application.sent.answers] if application.sent else []
    all_answers += [application.draft] if application.draft else []
    return {candidate.key: candidate.name for answers in all_answers for candidate in answers.candidates}


def application_lines(application: Application, titles: Titles) -> Iterator[str]:
    """Write an application as lines to read."""
    season, request = school_year(application.ref.season), application.sent
    names = candidate_names(application)
    if application.started_at:
        yield f"{season} : pré-inscription commencée le {day_and_hour(application.started_at)}"
    yield f"{season}, adresse e-mail : {application.email}"
    if request:
        last = f" ; la dernière fois le {day_and_hour(request.at)}" if request.at != request.first_at else ""
        yield f"{season}, envoyée le {day_and_hour(request.first_at)} (reçu {request.number}){last}"
        yield from (f"{season}, {line}" for line in _answers(request.answers, titles))
        yield from (f"{season}, {document_line(document, names, titles)}" for document in request.provided)
    if application.draft:
        yield from (f"{season}, pas encore envoyé : {line}" for line in _answers(application.draft, titles))
    if application.saved_at:
        yield f"{season}, enregistrée pour la dernière fois le {day_and_hour(application.saved_at)}"
    for standing in application.standings:
        yield f"{season}, {names.get(standing.key, _NOBODY)} : {_standing(standing, titles)}"
    unsent = [document for document in application.provided if not request or document not in request.provided]
    yield from (f"{season}, pas encore envoyé : {document_line(document, names, titles)}" for document in unsent)


def _answers(answers: Answers, titles: Titles) -> Iterator[str]:
    yield f"qui demande : {join_words((answers.guardian, answers.telephone, *answers.address), 'rien')}"
    if answers.groups:
        yield f"priorités : {' '.join(map(titles.group, answers.groups))}"
    yield from (_candidate(candidate, titles) for candidate in answers.candidates)


def _candidate(candidate: Candidate, titles: Titles) -> str:
    born = f", naissance le {day(candidate.born_on)}" if candidate.born_on else ""
    wishes = " ; ".join(_wish(rank, wish, titles) for rank, wish in enumerate(candidate.wishes, 1))
    return f"{candidate.name}{born} : {wishes or 'aucun vœu'}"


def _wish(rank: int, wish: Wish, titles: Titles) -> str:
    since = f", depuis le {day_and_hour(wish.since)}" if wish.since else ""
    site = titles.site(wish.site) if wish.site else ""
    return f"vœu {rank}, {join_words(filter(None, (wish.discipline, site, wish.level, *wish.days)))}{since}"


def _standing(standing: Standing, titles: Titles) -> str:
    parts = []
    if act := standing.decision:
        words = f" : « {act.words} »" if act.words else ""
        until = f", à compléter jusqu'au {day(act.until)}" if act.until else ""
        parts.append(f"{_VERDICTS[act.verdict]} le {day_and_hour(act.at)}{words}{until}")
    if standing.slot:
        site, discipline, level = standing.slot
        parts.append(f"pour {join_words(filter(None, (discipline, titles.site(site), level)))}")
    if standing.account:
        site, identifier = standing.account
        account_kind = "compte que la famille avait déjà" if standing.joined else "compte"
        parts.append(f"{account_kind} : {identifier.upper()} ({titles.site(site)})")
    if standing.withdrawn_at:
        parts.append(f"retirée le {day_and_hour(standing.withdrawn_at)}")
    return " ; ".join(parts) or "demandée"
