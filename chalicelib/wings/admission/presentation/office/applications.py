"""An application in plain French for the office: a candidate's state, wishes and look-alikes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, Literal

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.presentation.office.sites import site_name
from chalicelib.presentation.texts import Words, day_and_hour
from chalicelib.wings.admission.domain.applications import AdmissionDecision, Verdict, Wish
from chalicelib.wings.admission.domain.look_alikes import LookAlike, Sign
from chalicelib.wings.admission.domain.pools import Pool, PoolRef
from chalicelib.wings.admission.presentation.office.places import place_name

if TYPE_CHECKING:
    from chalicelib.settings.environment import Network
    from chalicelib.wings.admission.office.applications import ListedCandidate, ListedState, Order
    from chalicelib.wings.admission.office.places import WishStanding

# The values of --state.
StateToken = Literal[
    "envoyee", "en-attente", "a-completer", "place-proposee", "place-acceptee", "acceptee", "refusee", "retiree"
]  # fmt: skip
STATE_TOKENS: Final[dict[str, ListedState]] = {
    "envoyee": "sent",
    "en-attente": "waiting",
    "a-completer": "to_complete",
    "place-proposee": "offered",
    "place-acceptee": "taken",
    "acceptee": "accepted",
    "refusee": "declined",
    "retiree": "withdrawn",
}
ORDER_TOKENS: Final[dict[str, Order]] = {"recentes": "newest", "famille": "name"}  # else the oldest first
STATES: Final[dict[ListedState, str]] = Words(
    sent="envoyée",
    waiting="en liste d'attente",
    to_complete="à compléter",
    offered="place proposée",
    taken="place acceptée",
    accepted="acceptée",
    declined="refusée",
    withdrawn="retirée",
    draft="brouillon",
)
VERDICTS: Final[dict[Verdict, str]] = Words(
    waiting="mise en liste d'attente", to_complete="à compléter", declined="refusée", accepted="acceptée"
)
# The titles of those that a common decision leaves out, by the code of the refusal.
LEFT_OUT: Final[dict[str, str]] = {
    "request_holds_nothing": "N'ont pas de place",
    "request_place_offered": "Une place leur est proposée",
    "request_place_elsewhere": "Ont accepté une autre place",
    "request_holds_place": "Ont une place, ou une proposition",
    "request_wish_open": "Le vœu à accepter est à choisir",
    "request_wish_away": "Ont leur place à un autre site",
    "request_has_account": "Leur adresse est celle d'un compte",
    "request_accepted_before": "Déjà acceptés",
    "request_declined_before": "Déjà refusés",
    "request_withdrawn": "Retirés par la famille",
    "request_resent": "Renvoyés par la famille depuis le résumé",
    "decide_meanwhile": "Décidés autrement depuis le résumé",
}
_WISH_STATES: Final = Words(
    taken="place acceptée par la famille",
    declined="place refusée par la famille",
    expired="place proposée, sans réponse",
)
_SIGNS: Final[dict[Sign, str]] = {
    "email": "même adresse e-mail",
    "child": "même élève",
    "telephone": "même téléphone",
    "address": "même adresse postale",
}


def state(pupil: ListedCandidate) -> str:
    """Describe a candidate's state, and until when a place is offered."""
    name, hold = STATES[pupil.state], pupil.hold
    if pupil.lacks_account:
        return f"{name}, sans compte : acceptez-le à nouveau, son compte sera fait"
    if pupil.state == "offered" and hold and hold.until:
        return f"{name} jusqu'au {day_and_hour(hold.until)}"
    return name


def name_and_age(pupil: ListedCandidate) -> str:
    """Name a candidate, with their age if known: « Alba Geai, 9 ans »."""
    return pupil.candidate.name if pupil.age is None else f"{pupil.candidate.name}, {pupil.age} ans"


def counts_sentence(counts: Counter[ListedState]) -> str:
    """Count the candidates in each state."""
    parts = (f"{name} : {counts[state]}" for state, name in STATES.items() if counts[state])
    return " ; ".join((f"Élèves : {counts.total()}", *parts)) + "."


def wish(place: Wish, network: Network | None) -> str:
    """Describe a wish: « Piano, Débutant, Evry - Xénakis (mercredi, samedi) »."""
    days = f" ({', '.join(place.days)})" if place.days else ""
    return f"{', '.join(filter(None, (place.discipline, place.level, site_name(place.site, network))))}{days}"


def pool(places: Pool, network: Network) -> str:
    """Describe a pool and its free places: « Harpe, 7 ans et plus, Evry - Xénakis : 1 place libre »."""
    free = f"{places.free} places libres" if places.free > 1 else f"{places.free or 'aucune'} place libre"
    return f"{place_name(places, network)} : {free}"


def decision(act: AdmissionDecision) -> str:
    """Describe a decision: its author, moment and words."""
    words = f" : « {act.words} »" if act.words else ""
    return f"{VERDICTS.get(act.verdict, act.verdict)} le {day_and_hour(act.at)}, par {act.by}{words}"


# The text of a fact of a refusal, by its type.
FACT_TEXTS: Final[Mapping[type, Callable[[Any, Network | None], str]]] = {
    Pool: place_name,
    PoolRef: lambda ref, network: site_name(ref.site, network) if network else f"{ref.code}, {ref.site}",
    Wish: wish,
    AdmissionDecision: lambda decision_taken, _: decision(decision_taken),
}


def look_alike(match: LookAlike, network: Network | None) -> str:
    """Describe the traits that an application shares with another one, or with an account."""
    return f"{_SIGNS[match.sign]} que {owner(match, network)}"


def owner(match: LookAlike, network: Network | None) -> str:
    """Name a look-alike's application or account."""
    if isinstance(match.owner, AccountRef):
        return f"le compte {match.owner.identifier}, {site_name(match.owner.site, network)} ({match.name})"
    return f"la demande {match.owner} ({match.name})"


def _ordinal(standing: WishStanding) -> str:
    return f"{standing.position}{'er' if standing.position == 1 else 'ᵉ'} sur {standing.waiting}"


def rank(standing: WishStanding) -> str:
    """Write the rank of a wish in line, after its discipline. Empty if it does not wait, or has none yet."""
    return f"{standing.wish.discipline} : {_ordinal(standing)}" if standing.position else ""


def wish_standing(standing: WishStanding, network: Network | None) -> str:
    """Describe the state of a wish, after the wish. Empty if its places are not counted."""
    if standing.pool is None:
        return ""
    wish = standing.wish
    facts = (wish.discipline, wish.level, site_name(wish.site, network)) if network else ()
    name = place_name(standing.pool, network, facts)
    pool = f" ({name})" if name else ""
    match standing.state:
        case "uncounted":
            return ""
        case "in_line":
            line = f"dans la file{pool}" if network else f"dans la file de {name}"
            return f"{line}, {_ordinal(standing)}" if standing.position else line
        case "offered":
            until = f" jusqu'au {day_and_hour(standing.at)}" if standing.at else ""
            return f"place proposée{until}{pool}"
    when = f" le {day_and_hour(standing.at)}" if standing.at else ""
    return f"{_WISH_STATES[standing.state]}{when}{pool}"
