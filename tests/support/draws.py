"""A season whose applications are closed at a site that draws, and its draw prepared and run by the office's acts."""

from datetime import date, datetime, timedelta
from typing import Any, Final

from chalicelib.domain.enrolment.periods import EnrolmentPeriod
from chalicelib.wings.admission.domain.applications import Answers, Application, ApplicationRef, Candidate, Wish, submit
from chalicelib.wings.admission.office.draws import SeedPlan
from tests.support.admission import announce, stores
from tests.support.world import World

SITE: Final = "evry-xenakis"  # network.toml: « draw »
SEASON: Final = "2026"
CLOSED: Final = EnrolmentPeriod(date(2026, 8, 17), date(2026, 8, 31))  # the day before the world's morning
SOURCE: Final = "les cinq numéros du Loto du samedi 5 septembre 2026, en ordre croissant, séparés par un tiret"
SEED_ON: Final = date(2026, 9, 5)
SEED: Final = "04-11-23-38-42"
NUMBERS: Final = ("P26-AAAA-2222", "P26-BBBB-3333", "P26-CCCC-4444", "P26-DDDD-5555")
PLAN: Final = SeedPlan(SOURCE, SEED_ON)
AFTER: Final = timedelta(days=5)  # the seed is known


def ask_for(
    world: World, number: str, *candidates: Candidate, groups: tuple[str, ...] = (), at: datetime | None = None
) -> Application:
    """Send an application, by default for one pupil, of « Piano » at the site that draws."""
    applications = stores(world).applications
    now = at or world.now - timedelta(days=3)
    ref = ApplicationRef(f"mailbox-of-{number}", SEASON)
    whole = candidates or (candidate_of(),)
    applications.add_number(number, ref)
    draft = Application(ref, "geai@example.org", now, now, Answers("Mme Geai", groups=groups, candidates=whole))
    return applications.change(applications.find(ref), submit(draft, number, now))


def candidate_of(key: str = "a1a1a1a1", site: str = SITE) -> Candidate:
    """Make a pupil with one wish."""
    return Candidate(key, "Alba", "Geai", date(2018, 3, 14), (Wish("Piano", site, "Débutant"),))


def close_admission(world: World, **values: Any) -> None:
    """Close the period of applications, with a few stored, the second in a priority group."""
    announce(world, CLOSED, **values)
    for place, number in enumerate(NUMBERS):
        ask_for(world, number, groups=("habitant",) if place == 1 else ())
