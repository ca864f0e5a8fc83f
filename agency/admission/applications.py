"""`clef requests list`: candidate by candidate, as rows of a table or as JSON, with look-alikes for staff only."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from typing import Annotated, Any, Final

import typer

from agency.console import output
from agency.console.connection import connect
from agency.console.options import LOCAL, AsJson, Site, Stage
from chalicelib.domain.account.accounts import AccountRef
from chalicelib.presentation.texts import day_and_hour
from chalicelib.settings.environment import Network
from chalicelib.wings.admission.domain.applications import Application
from chalicelib.wings.admission.domain.look_alikes import LookAlike
from chalicelib.wings.admission.office.applications import (
    ApplicationList,
    ApplicationQuery,
    ListedCandidate,
    search_applications,
)
from chalicelib.wings.admission.presentation.office import applications
from chalicelib.wings.admission.presentation.office.applications import StateToken
from chalicelib.wings.admission.presentation.office.places import place_name

Season = Annotated[
    str | None, typer.Option(metavar="ANNÉE", help="L'année de la période ; sans elle, la dernière ouverte.")
]
AtState = Annotated[StateToken | None, typer.Option(help="Seulement les élèves qui en sont là.")]
Discipline = Annotated[str | None, typer.Option(help="Seulement les vœux de cette discipline ; un mot suffit.")]


HEADINGS: Final = ("Demande", "Élève", "Âge", "Vœux", "État", "Depuis", "Pièces qui manquent", "Ressemblances")


def list_applications(
    *,
    site: Site = None,
    state: AtState = None,
    discipline: Discipline = None,
    awaiting: Annotated[bool, typer.Option("--awaiting", help="Seulement ce qui attend l'administration.")] = False,
    season: Season = None,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Montrer les demandes élève par élève, dans l'ordre où elles sont venues ; et ce qui se ressemble.

    Exemple : clef requests list --site evry-xenakis
    """
    services = connect(stage).services
    query = ApplicationQuery(site, season, applications.STATE_TOKENS[state] if state else None, discipline, awaiting)
    applications_found = search_applications(services, query, services.clock())
    network = services.settings.network
    if as_json:
        pupils = [pupil_json(pupil) for pupil in applications_found.pupils]
        output.print_json({"season": applications_found.season, "drafts": applications_found.drafts, "pupils": pupils})
        return
    if applications_found.pupils:
        output.table("", HEADINGS, [pupil_row(pupil, network) for pupil in applications_found.pupils])
    for line in counts_sentences(applications_found):
        output.say(line)


def pupil_row(pupil: ListedCandidate, network: Network) -> list[object]:
    """Write a candidate as a row."""
    return [
        pupil.application.number,
        pupil.candidate.name,
        "" if pupil.age is None else pupil.age,
        " ; ".join(applications.wish(wish, network) for wish in pupil.candidate.wishes),
        applications.state(pupil),
        day_and_hour(pupil.since),
        ", ".join(pupil.lacking),
        look_alikes_text(pupil.look_alikes),
    ]


def look_alikes_text(look_alikes: Iterable[LookAlike]) -> str:
    """Describe the look-alikes of an application, those of a family once."""
    return " ; ".join(dict.fromkeys(applications.look_alike(one, None) for one in look_alikes))


def counts_sentences(result: ApplicationList) -> list[str]:
    """Count the candidates in each state, and the applications begun and not sent."""
    sentence = applications.counts_sentence(Counter(pupil.state for pupil in result.pupils))
    lines = [f"Pré-inscription {result.season}. {sentence}"]
    if result.drafts:
        lines.append(f"Demandes commencées et pas envoyées, tous sites ensemble : {result.drafts}.")
    return lines


def pupil_json(pupil: ListedCandidate) -> dict[str, Any]:
    """Describe a candidate of a list."""
    standing = pupil.application.standing(pupil.candidate.key)
    return {
        "number": pupil.application.number,
        "version": _version_of(pupil.application),
        "rank": pupil.rank,
        "candidate": pupil.candidate.name,
        "key": pupil.candidate.key,
        "born_on": pupil.candidate.born_on,
        "age": pupil.age,
        "wishes": [
            {
                "discipline": wish.discipline,
                "site": wish.site,
                "level": wish.level,
                "days": wish.days,
                "since": wish.since,
            }
            for wish in pupil.candidate.wishes
        ],
        "state": pupil.state,
        "since": pupil.since,
        "until": pupil.hold and pupil.hold.until,
        "pool": pupil.hold and place_name(pupil.hold.pool, None),
        "lacking": pupil.lacking,
        "lacks_account": pupil.lacks_account,
        "account": standing.account and {"site": standing.account[0], "identifier": standing.account[1]},
        "look_alikes": [look_alike_json(found) for found in pupil.look_alikes],
    }


def look_alike_json(look_alike: LookAlike) -> dict[str, Any]:
    """Describe a look-alike: an application by its number, an account by site and identifier."""
    if isinstance(look_alike.owner, AccountRef):
        owner: dict[str, Any] = {"site": look_alike.owner.site, "identifier": look_alike.owner.identifier}
    else:
        owner = {"number": look_alike.owner}
    return {"sign": look_alike.sign, "name": look_alike.name} | owner


def _version_of(application: Application) -> str:
    """Digest the last sending in four typeable characters: a decision holds for that version alone."""
    moment = application.sent.at.isoformat() if application.sent else ""
    return hashlib.blake2b(moment.encode(), digest_size=2).hexdigest()
