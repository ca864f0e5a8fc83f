"""Applications as rows for the school's software, one for each candidate and wish: see docs/requests-export.md."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Final

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.admission.applications import Wish
from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.domain.family.telephones import telephone_from
from chalicelib.office.admission import labels
from chalicelib.office.admission.applications import (
    ApplicationQuery,
    ListedCandidate,
    search_applications,
    wish_standings,
)
from chalicelib.office.admission.places import places_of
from chalicelib.services.family import Services

Cell = str | int | date | datetime | None
Row = tuple[Cell, ...]

# The first ones are those of the yearly file: what the software exports again comes back unchanged.
HEADINGS: Final = (
    *("Site", "Identifiant", "Famille", "Responsable", "E-mail", "Téléphone", "Adresse", "Code postal", "Ville"),
    *("Prénom de l'élève", "Nom de l'élève", "Date de naissance", "Discipline", "Niveau"),
    *("Saison", "Demande", "Rang du vœu", "Jours souhaités", "Âge", "Priorités", "Envoyée le", "Renvoyée le"),
    *("État", "Place", "Décision", "Décidé le", "Texte de l'administration", "Pièces qui manquent"),
)
_TOWN: Final = re.compile(r"(\d{5}) (.+)")


def rows(services: Services, query: ApplicationQuery, now: datetime) -> Iterator[Row]:
    """Build a row for each wish of each matching candidate. An accepted one has a row for the accepted wish only.

    Raises `OfficeRefusal`.
    """
    applications = search_applications(services, query, now, with_look_alikes=False)
    places = places_of(services, applications.season, now, with_rankings=True)
    accounts = _accounts(services, applications.pupils)
    for pupil in applications.pupils:
        standings = {one.wish: labels.wish_standing(one) for one in wish_standings(pupil, places)}
        for rank, wish in enumerate(pupil.candidate.wishes, 1):
            if wish in pupil.wishes_at(query.site, query.discipline) and _is_asked(pupil, wish):
                yield _row(pupil, wish, rank, standings.get(wish, ""), accounts)


def _is_asked(pupil: ListedCandidate, wish: Wish) -> bool:
    slot = pupil.application.standing(pupil.candidate.key).slot
    return pupil.state != "accepted" or slot is None or wish.slot == slot


def _accounts(services: Services, pupils: tuple[ListedCandidate, ...]) -> Mapping[tuple[str, str], Account]:
    keys = dict.fromkeys(pupil.application.standing(pupil.candidate.key).account for pupil in pupils)
    refs = [AccountRef(*one) for one in keys if one]
    accounts = filter(None, services.accounts.find_all(*refs)) if refs else ()
    return {(account.ref.site, account.ref.identifier): account for account in accounts}


def _row(pupil: ListedCandidate, wish: Wish, rank: int, place: str, accounts: Mapping[tuple[str, str], Account]) -> Row:
    standing = pupil.application.standing(pupil.candidate.key)
    account = accounts.get(standing.account) if standing.account else None
    return (
        wish.site,
        (account.display_identifier or account.ref.identifier) if account else "",
        account.name if account else f"Famille {pupil.candidate.last_name}",
        *_household(pupil),
        pupil.candidate.first_name,
        pupil.candidate.last_name,
        pupil.candidate.born_on,
        wish.discipline,
        wish.level,
        *_application_row(pupil, wish, rank),
        labels.STATES[pupil.state],
        place,
        *_decision(pupil),
        ", ".join(pupil.lacking),
    )


def _household(pupil: ListedCandidate) -> Row:
    sent = pupil.application.sent
    if sent is None:
        return ("",) * 6
    answers = sent.answers
    *lines, last = answers.address or ("",)
    town = _TOWN.fullmatch(last)
    street = lines if town else answers.address
    telephone = telephone_from(answers.telephone) or answers.telephone
    return (
        answers.guardian,
        pupil.application.email,
        telephone,
        "\n".join(street),
        *(town.groups() if town else ("", "")),
    )


def _application_row(pupil: ListedCandidate, wish: Wish, rank: int) -> Row:
    application, sent = pupil.application, pupil.application.sent
    first, last = (_paris(sent.first_at), _paris(sent.at)) if sent else (None, None)
    groups = ", ".join(sent.answers.groups) if sent else ""
    again = last if last != first else None
    return application.ref.season, application.number, rank, ", ".join(wish.days), pupil.age, groups, first, again


def _decision(pupil: ListedCandidate) -> Row:
    made = pupil.application.standing(pupil.candidate.key).decision
    return (labels.VERDICTS.get(made.verdict, made.verdict), _paris(made.at), made.words) if made else (None,) * 3


def _paris(when: datetime) -> datetime:
    return when.astimezone(PARIS)
