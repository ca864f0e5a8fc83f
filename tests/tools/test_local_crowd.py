"""`make run`, unless bare: a season that has begun, with three hundred families, applications, bills and absences."""

from collections import Counter
from datetime import timedelta

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.enrolment.enrolments import Enrolment
from chalicelib.office.today import today_at
from chalicelib.stores.summary_index import account_summaries
from chalicelib.wings.admission.office.draws import find_draw
from chalicelib.wings.billing.stores import Billing
from tests.support.world import World
from tools.local.__main__ import store_people
from tools.local.families import FAMILIES

OPEN = "evry-xenakis"


def sent(world: World, season: str) -> list[Enrolment]:
    return [one for one in world.services.enrolments.all(season, OPEN) if one.receipts]


def test_make_run_shows_a_season_that_looks_like_life(world: World) -> None:
    world.wait(timedelta(days=130))  # 9 January: the open period began on 31 December

    store_people(world.services, is_bare=False)

    sites = world.services.settings.network.sites
    today = {day.site.code: day for day in today_at(world.services, sites, world.now)}
    states = Counter(day.period.state(world.now) for day in today.values() if day.period)
    assert states == {"during": 1, "before": 1, "after": 1}
    counts = today[OPEN].counts
    assert all(counts[state] for state in ("none", "draft", "submitted", "accepted", "leaving", "to_complete"))
    assert today[OPEN].failing
    assert today[OPEN].to_check
    assert today[OPEN].parts["absences"][0] == 5
    assert len({one.receipts[0].at.date() for one in sent(world, today[OPEN].season)}) >= 5
    assert sent(world, str(int(today[OPEN].season) - 1))
    families = [family for site in sites for family in account_summaries(world.services.accounts, site.code)]
    assert len(families) == len(FAMILIES) + 300
    assert find_draw(world.services, "ris-orangis-messiaen", world.now).tickets
    applications = list(world.services.admission.applications.every())
    assert len({one.state(candidate.key) for one in applications for candidate in one.answers.candidates}) >= 4
    assert sum(bool(bills.balance) for site in sites for bills in world.services.store(Billing).under(site.code)) > 50
    assert not sent_by(world, AccountRef(OPEN, "xen3202"))  # the family of the first card


def sent_by(world: World, ref: AccountRef) -> bool:
    return bool(world.services.enrolments.of_account(ref, [str(world.now.year - 1), str(world.now.year)]))
