"""Open applications for `make run`: periods, two applications sent, and places to offer."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from chalicelib.domain.admission.applications import Answers, ApplicationRef, Candidate, Wish, submit
from chalicelib.domain.admission.pools import Pool, PoolRef
from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.domain.text import fold
from chalicelib.office.enrolment.period import set_period
from chalicelib.services.staff import StaffServices

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


def open_admission(services: StaffServices) -> None:
    """Set the periods of applications, relative to today, and store the places."""
    now = services.clock()
    today = now.astimezone(PARIS).date()
    for site, (opens, closes) in PERIODS.items():
        days = (today + timedelta(days=opens), today + timedelta(days=closes))
        set_period(services, site, *days, now, of="new_requests")
    season, store = str((today + timedelta(days=-1)).year), services.admission.pools
    pools = [_pool(PoolRef(site, season, ""), *one) for site, some in PLACES.items() for one in some]
    for pool in pools:
        store.change(None, pool)
    services.database.write_together(store.put_list(season, pools))
    _send_applications(services, season, now - timedelta(hours=3))


def _send_applications(services: StaffServices, season: str, at: datetime) -> None:
    store = services.admission.applications
    for email, (ending, answers) in ASKED.items():
        ref = ApplicationRef(services.record.pseudonyms.of_mailbox(email), season)
        number = f"P{season[-2:]}-{ending}"
        store.add_number(number, ref)
        fresh = store.find(ref)
        begun = replace(fresh, email=email, started_at=at, draft=answers)
        store.change(fresh, submit(begun, number, at))


def _pool(ref: PoolRef, discipline: str, level: str, total: int, returning: int) -> Pool:
    code = fold(f"{discipline} {level}").replace(" ", "-")
    return Pool(replace(ref, code=code), discipline, level, total=total, returning=returning)
