"""Open applications for `make run`: periods, two applications sent, and places to offer."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.domain.enrolment.submissions import new_number
from chalicelib.domain.text import fold
from chalicelib.office.enrolment.period import set_period
from chalicelib.services.office import OfficeServices
from chalicelib.wings.admission.domain.applications import (
    AdmissionDecision,
    Answers,
    Application,
    ApplicationRef,
    Candidate,
    CandidateRef,
    Standing,
    Verdict,
    Wish,
    new_key,
    submit,
)
from chalicelib.wings.admission.domain.pools import Offer, Pool, PoolRef
from chalicelib.wings.admission.office.draws import SeedPlan, prepare_draw
from tools.fixtures.families import Contents, Order, listing
from tools.fixtures.slips import DrawnFamily
from tools.local.crowd import SEED
from tools.local.staff import DECIDED_BY, PREPARED_BY

# Each kind of site takes applications, from one day to another. One opens soon.
PERIODS: Final = {
    "bondoufle-gounod": (-1, 20),
    "evry-magnard": (-1, 20),
    "evry-xenakis": (-1, 20),
    "villabe-yves-henry": (-1, 20),
    "ris-orangis-messiaen": (14, 28),
}
# By site: discipline, level, all places, places of returning pupils.
PLACES: Final = {
    "bondoufle-gounod": (("Piano", "Débutant", 6, 4), ("Violon", "", 5, 4)),
    "evry-magnard": (("Violon", "Débutant", 10, 8),),
    "evry-xenakis": (("Piano", "Débutant", 12, 11), ("Harpe", "", 6, 5)),
    "villabe-yves-henry": (("Guitare", "", 14, 12),),
}
# Applications already sent, for the desk to decide: by address, with the receipt's number without its year.
ASKED: Final = {
    "geai@example.org": (
        "K4TN-8WCB",
        Answers(
            "Mme Inès Geai",
            "06 99 00 20 01",
            ("4 allée des Tilleuls", "91000 Évry-Courcouronnes"),
            candidates=(
                Candidate("a1a1a1a1", "Alba", "Geai", date(2018, 3, 14), (Wish("Piano", "evry-xenakis", "Débutant"),)),
                Candidate("b2b2b2b2", "Nils", "Geai", date(2021, 1, 30), (Wish("Éveil musical", "evry-xenakis"),)),
            ),
        ),
    ),
    "pie@example.fr": (
        "BCDF-GHJK",
        Answers(
            "M. Noé Pie",
            "06 99 00 20 02",
            ("12 rue des Lilas", "91080 Évry-Courcouronnes"),
            candidates=(
                Candidate("c3c3c3c3", "Ugo", "Pie", date(2016, 2, 29), (Wish("Violon", "evry-magnard", "Débutant"),)),
            ),
        ),
    ),
}


DRAWN: Final = "ris-orangis-messiaen"
# With the crowd: one site has closed, so that its draw is prepared, and another one opens soon.
LIVELY_PERIODS: Final = dict.fromkeys(PERIODS, (-30, 20)) | {DRAWN: (-30, -2), "villabe-yves-henry": (14, 28)}
LIVELY_PLACES: Final = {DRAWN: (("Piano", "Débutant", 14, 10), ("Flûte traversière", "Débutant", 9, 6))}
_SOURCE: Final = "les six numéros du tirage du Loto de ce soir-là, dans l'ordre croissant"
# Of the crowd's applications, by site: their number, and the disciplines that they wish in turn.
_ASKED_BY_CROWD: Final = {
    DRAWN: (26, ("Piano", "Flûte traversière", "Piano")),
    "evry-magnard": (12, ("Guitare", "Clarinette", "Alto")),
    "bondoufle-gounod": (8, ("Piano", "Violon")),
}
# The decisions on them, in turn. None waits for one.
_DECIDED: Final[tuple[Verdict | None, ...]] = (None, "waiting", None, "to_complete", None, "declined")
_WORDS: Final = {
    "waiting": "",
    "to_complete": "Il manque un justificatif de domicile.",
    "declined": "L'âge ne convient pas.",
}


def open_admission(services: OfficeServices, *, is_bare: bool = True) -> None:
    """Set the periods of applications, relative to today, and store the places."""
    now = services.clock()
    today = now.astimezone(PARIS).date()
    periods = PERIODS if is_bare else LIVELY_PERIODS
    for site, (opens, closes) in periods.items():
        days = (today + timedelta(days=opens), today + timedelta(days=closes))
        set_period(services, site, *days, now, of="new_requests")
    places = PLACES if is_bare else PLACES | LIVELY_PLACES
    season, store = str((today + timedelta(days=periods["evry-magnard"][0])).year), services.admission.pools
    pools = [_pool(PoolRef(site, season, ""), *one) for site, some in places.items() for one in some]
    for pool in pools:
        store.change(None, pool)
    _send_applications(services, season, now - timedelta(hours=3))
    if not is_bare:
        _store_crowd(services, season, now)
        _offer(services, season, now)
        if services.settings.network.admission.order_of(DRAWN) == "draw":
            prepare_draw(services, DRAWN, SeedPlan(_SOURCE, today + timedelta(days=3)), PREPARED_BY, now)


def _store_crowd(services: OfficeServices, season: str, now: datetime) -> None:
    """Store the applications of new families, in several states. Those of the draw were sent before its site closed."""
    store, writes = services.admission.applications, []
    for site, (count, disciplines) in _ASKED_BY_CROWD.items():
        for place, family in enumerate(listing(Order(count, SEED + len(site), (site,)), Contents())):
            days = timedelta(days=3 + place % 20 if site == DRAWN else 1 + place % 9)
            at = (now - days).replace(hour=7 + place % 12, minute=7 * place % 60)
            answers = _answers(family, site, disciplines[place % len(disciplines)])
            email = family.cells["E-mail 1"]
            ref = ApplicationRef(services.record.pseudonyms.of_mailbox(email), season)
            number = new_number(season, "P")
            store.add_number(number, ref)
            application = submit(Application(ref, email, started_at=at, draft=answers), number, at)
            verdict = None if site == DRAWN else _DECIDED[place % len(_DECIDED)]
            if verdict:
                decision = AdmissionDecision(
                    verdict=verdict, by=DECIDED_BY, at=at + (now - at) / 2, words=_WORDS[verdict]
                )
                application = application.with_standing(Standing(answers.candidates[0].key, decision=decision))
            writes.append(store.put(application))
    services.database.write_all(writes)


def _answers(family: DrawnFamily, site: str, discipline: str) -> Answers:
    cells, pupil = family.cells, family.courses[0]
    first, _, last = pupil["Élève"].partition(" ")
    born_on = date(2012 + len(first) % 6, 1 + len(last) % 12, 14)
    groups = (("habitant", "fratrie"), ("habitant",), ())[len(cells["Adresse 1"]) % 3]
    return Answers(
        cells["Responsable 1"],
        "06 99 00 20 03",
        (cells["Adresse 1"], "91000 Évry-Courcouronnes"),
        groups,
        (Candidate(new_key(), first, last, born_on, (Wish(discipline, site, "Débutant"),)),),
    )


def _offer(services: OfficeServices, season: str, now: datetime) -> None:
    """Offer two places until this evening, or until tomorrow evening if it is late."""
    store, ref = services.admission.pools, PoolRef("bondoufle-gounod", season, "piano-debutant")
    evening = now.astimezone(PARIS).replace(hour=20, minute=0, second=0)
    until = evening if evening > now + timedelta(hours=1) else evening + timedelta(days=1)
    pools_wished = [
        CandidateRef(application.number, candidate.key)
        for application in services.admission.applications.all(season)
        for candidate in application.live
        if any(wish.site == ref.site and wish.discipline == "Piano" for wish in candidate.wishes)
    ]
    for holder in pools_wished[:2]:
        if pool := store.find(ref):
            pool_after = pool.offer(Offer(holder, until), now - timedelta(days=2))
            store.change(pool, replace(pool_after, started_at=pool_after.started_at or now - timedelta(days=2)))


def _send_applications(services: OfficeServices, season: str, at: datetime) -> None:
    store = services.admission.applications
    for email, (ending, answers) in ASKED.items():
        ref = ApplicationRef(services.record.pseudonyms.of_mailbox(email), season)
        number = f"P{season[-2:]}-{ending}"
        store.add_number(number, ref)
        fresh = store.find(ref)
        application = replace(fresh, email=email, started_at=at, draft=answers)
        store.change(fresh, submit(application, number, at))


def _pool(ref: PoolRef, discipline: str, level: str, total: int, returning: int) -> Pool:
    code = fold(f"{discipline} {level}").replace(" ", "-")
    return Pool(replace(ref, code=code), discipline, level, total=total, returning=returning)
