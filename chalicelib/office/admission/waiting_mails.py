"""Who waits once the places were given is told so, once: a decision of its own, with its mail."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final

from chalicelib.domain.admission.allocation import Entry, Plan
from chalicelib.domain.admission.applications import Application, CandidateRef, Decision
from chalicelib.mail.outbox import PostedFirst
from chalicelib.office.admission.allocation import Giving, Lines
from chalicelib.office.admission.mails import decision_mail
from chalicelib.office.admission.offer_mails import Telling
from chalicelib.services.admission import admission_stores
from chalicelib.services.family import Services

BY_LIST: Final = "Liste d'attente"  # who decides: nobody, but the order of the line
BY_DRAW: Final = "Tirage au sort"


def tell_who_waits(services: Services, run: Telling, giving: Giving, lines: Lines, planned: Plan) -> None:
    """Tell each candidate of which nothing was decided, and for which no place is left; one write for each request."""
    found: dict[str, list[str]] = defaultdict(list)
    applications: dict[str, Application] = {}
    for ref in _waiting(lines, planned):
        found[ref.number].append(ref.key)
        applications[ref.number] = lines.applications[ref]
    for number, keys in found.items():
        _tell(services, run, giving, applications[number], keys)


def _waiting(lines: Lines, planned: Plan) -> Iterator[CandidateRef]:
    """List whom no place was or is offered, and who waits, where all that it wished for is given."""
    touched = {candidate for some in planned.offers.values() for candidate in some}
    for pool in planned.pools.values():
        touched |= {holder.candidate for holder in pool.holders} | {passed.candidate for passed in pool.passed}
    for entry in lines.entries:
        is_new = lines.applications[entry.candidate].state(entry.candidate.key) == "sent"
        if is_new and entry.candidate not in touched and _waits_everywhere(entry, planned):
            yield entry.candidate


def _waits_everywhere(entry: Entry, planned: Plan) -> bool:
    """Whether it waits for each of its wishes: where no places are counted for one, the office decides."""
    waits = (entry.candidate in planned.waiting.get(wanted.pool, ()) for wanted in entry.wanted)
    return entry.is_counted and all(waits)


def _tell(services: Services, run: Telling, giving: Giving, known: Application, keys: Collection[str]) -> None:
    mails = PostedFirst(services.post_box)

    def post(before: Application, after: Application) -> None:
        new = [key for key in keys if after.standing(key) != before.standing(key)]
        mails.post(*(decision_mail(services, after, key, run.request) for key in new))

    decide = partial(_decide, keys=keys, giving=giving, now=run.now)
    admission_stores(services).applications.revise(known, decide, post)


def _decide(found: Application, *, keys: Collection[str], giving: Giving, now: datetime) -> Application:
    """Put on the waiting list those of which still nothing is decided."""
    for key in keys:
        candidate = found.sent.answers.candidate(key) if found.sent else None
        if candidate and found.state(key) == "sent":
            drawn = any(giving.season.orders[wish.site].order == "draw" for wish in candidate.wishes)
            decision = Decision("waiting", BY_DRAW if drawn else BY_LIST, now)
            found = found.with_standing(replace(found.standing(key), decision=decision))
    return found
