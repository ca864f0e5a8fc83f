"""A season of applications as its families and its office live it: forms, mails, decisions. Then it is counted.

A small one here. `CLEF_REQUESTS=300 make test ARGS=tests/agency/admission/test_season.py` plays 300 requests for 120
places. No table is read until all is over: families, and the count, read mails and pages.
"""

import hmac
import os
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

import pytest

from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.wings.admission.domain.pools import Pool, PoolRef
from chalicelib.wings.admission.office.decide import AdmissionDecisionInput
from chalicelib.wings.admission.office.draws import SeedPlan, prepare_draw, run_draw
from chalicelib.wings.admission.office.offers import advance
from operations.journeys.journey import JourneyAnswer
from operations.pages.publish import PagesBucket
from tests.support.admission import stores
from tests.support.clef import Clef
from tests.support.desk_work import MANAGER
from tests.support.forms import forms_of
from tests.support.french import plain
from tests.support.stored_applications import accept, decide
from tests.support.world import Visitor, World
from tools.application import APPLICATION, NewFamily, ask_for_place, look_again
from tools.local.post import Mail, mails

APPLICATIONS: Final = int(os.environ.get("CLEF_REQUESTS", "24"))
SEASON: Final = "2026"
DRAWN, PRIORITY, ARRIVAL = "evry-xenakis", "evry-magnard", "villabe-yves-henry"
WISHES: Final = ((DRAWN, "Piano"), (PRIORITY, "Violon"), (ARRIVAL, "Guitare"))
PLACES: Final = APPLICATIONS * 2 // 5  # 120 for 300
SEED: Final = "04-11-23-38-42"
NAMES: Final = "abcdefghij"
NO_PLACE: Final = AdmissionDecisionInput("declined", "Mme Houx", "Il n’y a plus de place.")
# Part of the subject of each mail that ends an application.
OUTCOMES: Final = {
    "est acceptée": "accepted",
    "n'a pas pu être acceptée": "declined by the office",
    "Vous avez refusé": "declined by the family",
    "délai pour répondre est passé": "expired",
    "en liste d'attente": "waiting",
}
_WEEK: Final = 7


@dataclass
class Applicant:
    """A family: its names, its wishes, best first, and its habit with an offer."""

    rank: int
    family: NewFamily
    wishes: tuple[tuple[str, str], ...]
    visitor: Visitor
    number: str = ""
    answers: list[str] = field(default_factory=list)  # its answer to each offer

    @property
    def address(self) -> dict[str, str]:
        return {"REMOTE_ADDR": f"127.0.{self.rank // 200}.{self.rank % 200 + 1}"}

    @property
    def habit(self) -> str:
        """Accept, decline, or let the term pass: some families each."""
        return ("accepter", "refuser-vraiment", "accepter", "", "accepter")[self.rank % 5]

    def send(self, _name: str, path: str, form: Mapping[str, str] | None = None) -> JourneyAnswer:
        more: Any = {"environ_overrides": self.address}
        answer = self.visitor.get(path, **more) if form is None else self.visitor.post(path, dict(form), **more)
        return JourneyAnswer(
            answer.status_code, answer.headers.get("Location", ""), plain(answer.get_data(as_text=True))
        )


class Season:
    """The world, the office's keyboard, and everybody's mailboxes."""

    def __init__(self, world: World, clef: Clef, door: Visitor) -> None:
        self.world = world
        self.clef = clef
        self.mailboxes: dict[str, list[Mail]] = defaultdict(list)
        self._count = 0
        self.applicants = [_applicant(rank, door) for rank in range(APPLICATIONS)]

    def post(self) -> None:
        """Let the post work until its queues are empty, with the mails it holds back, and read the new ones."""
        self.world.deliver()
        while self.world.services.post_box.waiting():
            self.world.deliver()
        letters = mails(self.world.aws, self._count)
        self._count += len(letters)
        for mail in letters:
            self.mailboxes[mail.to].append(mail)

    def mails(self, applicant: Applicant, says: str = "") -> list[Mail]:
        """List the mails of a family whose subject says something, newest last."""
        return [mail for mail in self.mailboxes[applicant.family.email] if says in plain(mail.subject)]

    def office(self, text: str) -> str:
        """Type a command that must succeed."""
        result = self.clef(text)
        assert result.code == 0, result.err
        return result.out

    def code(self, to: str) -> str:
        self.post()
        matches = [re.search(r"^Code : (\d{3} \d{3})$", plain(mail.text), re.MULTILINE) for mail in self.mailboxes[to]]
        return [match[1] for match in matches if match][-1]

    def ask(self) -> None:
        """Let each family apply, in a fixed order. Every third claims a priority group."""
        for applicant in self.applicants:
            applicant.number = ask_for_place(applicant.send, applicant.family, self.code, self._wait)

    def hour(self) -> None:
        """Run the hourly job, twice as it may, then let each family with an offer answer by its habit."""
        advance(self.world.services, self.world.now)
        advance(self.world.services, self.world.now)
        self.post()
        for applicant in self.applicants:
            if len(self.mails(applicant, "une place vous est proposée")) > len(applicant.answers):
                applicant.answers.append(applicant.habit)
                if applicant.habit:
                    self._answer(applicant)

    def days(self, limit: int) -> None:
        """Let days pass, until a week has brought no mail to anyone."""
        quiet = 0
        for _ in range(limit):
            before = self._count
            self.hour()
            quiet = 0 if self._count > before else quiet + 1
            if quiet == _WEEK:
                return
            self._wait(24 * 3600)

    def _answer(self, applicant: Applicant) -> None:
        page = look_again(applicant.send, applicant.number, applicant.family.email, self.code)
        (path,) = sorted(set(re.findall(rf'href="({APPLICATION}/proposition/\w+)"', page)))
        form = next(form for form in forms_of(applicant.send("", path).text) if form.path == path)
        fields = {name: form.fields[name] for name in ("jeton", "proposition")}
        assert applicant.send("", path, fields | {"action": applicant.habit}).status == 303

    def _wait(self, seconds: float) -> None:
        self.world.wait(timedelta(seconds=seconds))


def _applicant(rank: int, door: Visitor) -> Applicant:
    first = WISHES[rank % 3]
    wishes = (first, WISHES[(rank + 1) % 3]) if rank % 2 else (first,)
    entries = {
        f"{name}-{place}": value
        for place, (site, discipline) in enumerate(wishes, 1)
        for name, value in (("site", site), ("discipline", discipline))
    }
    name = "".join(NAMES[int(digit)] for digit in str(rank))
    pupil = {"prenom": f"Alba{name}", "nom": "Geai", "naissance": "14/03/2016", **entries}
    groups = ("habitant",) if rank % 3 == 0 else ()
    family = NewFamily(f"famille{rank}@example.org", (pupil,), groups=groups)
    return Applicant(rank, family, wishes, Visitor(door._client.application))  # noqa: SLF001 - the same service


@pytest.fixture
def season(world: World, clef: Clef, visitor: Visitor, pages: PagesBucket) -> Season:
    assert pages
    return Season(world, clef, visitor)


def test_every_place_has_one_holder_every_application_an_outcome_and_nobody_is_skipped(season: Season) -> None:
    world = season.world
    season.office("period set 2026-08-25 2026-09-15 --new --apply")
    put_places(world)
    season.ask()
    world.now = datetime(2026, 9, 16, 10, tzinfo=PARIS)
    number = SeedPlan("Les numéros du Loto du 19 septembre 2026", date(2026, 9, 19))
    prepare_draw(world.services, DRAWN, number, MANAGER, world.now)
    season.days(4)
    run_draw(world.services, DRAWN, SEED, MANAGER, world.now)
    season.days(40)

    pools = {(pool.ref.site): pool for pool in stores(world).pools.of_season(SEASON, [site for site, _ in WISHES])}
    check_places(pools)
    check_order(season, pools)
    decide_all(season, pools)
    check_outcomes(season, pools)
    check_login(season)


def put_places(world: World) -> None:
    pools = [
        Pool(PoolRef(site, SEASON, discipline.lower()), discipline, total=PLACES // 3) for site, discipline in WISHES
    ]
    for pool in pools:
        stores(world).pools.change(None, pool)


def check_places(pools: Mapping[str, Pool]) -> None:
    """Check that no place has two holders, no family two places, and no place is free while a family waits."""
    holders = [holder.candidate for pool in pools.values() for holder in pool.holders]
    assert len(holders) == len(set(holders)) <= PLACES
    assert all(len(pool.holders) <= pool.capacity for pool in pools.values())
    assert {holder.state for pool in pools.values() for holder in pool.holders} == {"taken"}


def check_order(season: Season, pools: Mapping[str, Pool]) -> None:
    """Check that a family without an offer for its wish is behind every family with one, in the place's order."""
    orders = {DRAWN: _drawn(season), PRIORITY: _grouped(season), ARRIVAL: [one.number for one in season.applicants]}
    numbers = {holder.candidate.number for pool in pools.values() for holder in pool.holders}
    for site, pool in pools.items():
        order = orders[site]
        offers = {one.candidate.number for one in pool.holders} | {one.candidate.number for one in pool.passed}
        waiting = {one.number for one in season.applicants if site in dict(one.wishes)} - offers - numbers
        first_waiting = min((order.index(number) for number in waiting), default=len(order))
        assert max(order.index(number) for number in offers) < first_waiting, site


def _drawn(season: Season) -> list[str]:
    """Compute the published order again, from the numbers and the seed alone: groups first."""

    def rank(applicant: Applicant) -> tuple[int, str]:
        message = f"{SEASON} {DRAWN} {applicant.number}"
        group = 1 if applicant.family.groups else 3
        return group, hmac.new(SEED.encode(), message.encode(), "sha256").hexdigest()

    return [one.number for one in sorted(season.applicants, key=rank)]


def _grouped(season: Season) -> list[str]:
    return [one.number for one in sorted(season.applicants, key=lambda one: (not one.family.groups, one.rank))]


def decide_all(season: Season, pools: Mapping[str, Pool]) -> None:
    """Let the office accept the families with a place, and refuse every second other. The rest wait, and know it."""
    sites = {holder.candidate.number: site for site, pool in pools.items() for holder in pool.holders}
    for applicant in season.applicants:
        name = applicant.family.pupils[0]["prenom"]
        if site := sites.get(applicant.number):
            accept(
                season.world,
                name,
                wish=list(dict(applicant.wishes)).index(site),
                number=applicant.number,
                by="Mme Houx",
            )
        elif applicant.rank % 2:
            decide(season.world, NO_PLACE, name, applicant.number)


def check_outcomes(season: Season, pools: Mapping[str, Pool]) -> None:
    """Count the outcome of each application from the mailbox alone, and compare it with the places."""
    season.post()
    last: Counter[str] = Counter()
    for applicant in season.applicants:
        assert len(season.mails(applicant, applicant.number)) == 1  # its receipt
        subjects = [plain(mail.subject) for mail in season.mails(applicant)]
        outcomes = [outcome for subject in subjects for words, outcome in OUTCOMES.items() if words in subject]
        last[outcomes[-1]] += 1
    assert last["accepted"] == sum(len(pool.holders) for pool in pools.values()) > 0
    assert last.total() == APPLICATIONS
    counts = Counter(counts.how for pool in pools.values() for counts in pool.passed)
    assert min(counts["declined"], counts["expired"]) > 0


def check_login(season: Season) -> None:
    """Let the first accepted family get its password, and log in."""
    applicant = next(applicant for applicant in season.applicants if season.mails(applicant, "est acceptée"))
    welcome = plain(season.mails(applicant, "est acceptée")[-1].text)
    identifier = re.search(r"^Identifiant : (.+)$", welcome, re.MULTILINE)
    place = re.search(r"^Site : (.+)$", welcome, re.MULTILINE)
    assert identifier
    assert place
    site = next(site.code for site in season.world.services.settings.network.sites if plain(site.name) == place[1])
    applicant.send(
        "", "/extranet/compte/mot-de-passe-perdu", {"identifiant": identifier[1], "email": applicant.family.email}
    )
    season.post()
    password = re.search(
        r"^Mot de passe : (\S+)$", season.mails(applicant)[-1].text.replace("\u00a0", " "), re.MULTILINE
    )
    assert password
    entries = {"site": site, "identifiant": identifier[1], "mot_de_passe": password[1]}
    assert applicant.send("", "/extranet/compte/connexion", entries).location.endswith("/extranet/compte")
    assert "Alba" in applicant.send("", "/extranet/compte/eleves").text
