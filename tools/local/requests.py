"""New requests are open from the start, and there are places, so that a stranger can ask for one and be offered it."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from chalicelib.admission_services import admission_stores
from chalicelib.domain.admission.pools import Pool, PoolRef
from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.domain.text import fold
from chalicelib.office.enrolment.period import set_period
from chalicelib.services import Services

# A site of each order takes requests, from one day to another; one will soon.
PERIODS: Final = {
    "bondoufle-gounod": (-1, 20),
    "evry-magnard": (-1, 20),
    "evry-xenakis": (-1, 20),
    "villabe-yves-henry": (-1, 20),
    "ris-orangis-messiaen": (14, 28),
}
# Of a site: discipline, level, all places, those of pupils that stay.
PLACES: Final = {
    "bondoufle-gounod": (("Piano", "Débutant", 6, 4), ("Violon", "", 5, 4)),
    "evry-magnard": (("Violon", "Débutant", 10, 8),),
    "evry-xenakis": (("Piano", "Débutant", 12, 11), ("Harpe", "", 6, 5)),
    "villabe-yves-henry": (("Guitare", "", 14, 12),),
}


def open_requests(services: Services) -> None:
    """Announce the periods of new requests, told from today's day, and store the places."""
    now = services.clock()
    today = now.astimezone(PARIS).date()
    for site, (opens, closes) in PERIODS.items():
        days = (today + timedelta(days=opens), today + timedelta(days=closes))
        set_period(services, site, *days, now, of="new_requests")
    season, store = str((today + timedelta(days=-1)).year), admission_stores(services).pools
    pools = [_pool(PoolRef(site, season, ""), *one) for site, some in PLACES.items() for one in some]
    for pool in pools:
        store.change(None, pool)
    services.database.write_together(store.put_list(season, pools))


def _pool(ref: PoolRef, discipline: str, level: str, total: int, returning: int) -> Pool:
    code = fold(f"{discipline} {level}").replace(" ", "-")
    return Pool(replace(ref, code=code), discipline, level, total=total, returning=returning)
