"""Applications as rows for the school's software, one for each candidate and wish: see docs/requests-export.md."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.domain.family.telephones import telephone_from
from chalicelib.wings.admission.domain.applications import Wish
from chalicelib.wings.admission.presentation.office import applications

if TYPE_CHECKING:
    from chalicelib.wings.admission.office.applications import ListedCandidate
    from chalicelib.wings.admission.office.export import ExportedWish

Cell = str | int | date | datetime | None
Row = tuple[Cell, ...]

# The first of them are those of the yearly file, so that the school's software returns them unchanged.
HEADINGS: Final = (
    *("Site", "Identifiant", "Famille", "Responsable", "E-mail", "Téléphone", "Adresse", "Code postal", "Ville"),
    *("Prénom de l'élève", "Nom de l'élève", "Date de naissance", "Discipline", "Niveau"),
    *("Saison", "Demande", "Rang du vœu", "Jours souhaités", "Âge", "Priorités", "Envoyée le", "Renvoyée le"),
    *("État", "Place", "Décision", "Décidé le", "Texte de l'administration", "Pièces qui manquent"),
)
_TOWN: Final = re.compile(r"(\d{5}) (.+)")


def row_of(row: ExportedWish) -> Row:
    """Build the row of a wish."""
    pupil, wish, account = row.pupil, row.wish, row.account
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
        *_request(pupil, wish, row.rank),
        applications.STATES[pupil.state],
        applications.wish_standing(row.standing, None) if row.standing else "",
        *_decision(pupil),
        ", ".join(pupil.lacking),
    )


def _household(pupil: ListedCandidate) -> Row:
    request = pupil.application.sent
    if request is None:
        return ("",) * 6
    answers = request.answers
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


def _request(pupil: ListedCandidate, wish: Wish, rank: int) -> Row:
    application, request = pupil.application, pupil.application.sent
    first, last = (_paris(request.first_at), _paris(request.at)) if request else (None, None)
    groups = ", ".join(request.answers.groups) if request else ""
    again = last if last != first else None
    return application.ref.season, application.number, rank, ", ".join(wish.days), pupil.age, groups, first, again


def _decision(pupil: ListedCandidate) -> Row:
    act = pupil.application.standing(pupil.candidate.key).decision
    return (applications.VERDICTS.get(act.verdict, act.verdict), _paris(act.at), act.words) if act else (None,) * 3


def _paris(when: datetime) -> datetime:
    return when.astimezone(PARIS)
