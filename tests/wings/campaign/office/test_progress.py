"""Progress: every family of a site is counted once, and each step's list is exactly those counted there."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.account.accounts import Account, AccountRef, MailedLetter, Password
from chalicelib.domain.account.notices import Notice
from chalicelib.domain.enrolment.enrolments import Enrolment, PupilFile
from chalicelib.domain.enrolment.funnel import STEPS, Step
from chalicelib.domain.enrolment.periods import EnrolmentRef
from chalicelib.domain.refusals import Unavailable
from chalicelib.wings.campaign.domain.campaigns import Campaign
from chalicelib.wings.campaign.office.progress import (
    AT_LEAST,
    FamilyAtStep,
    ProgressReport,
    families_at,
    progress_report,
)
from tests.support.answers import NOW, SAVED, STAYS, sent_answers
from tests.support.world import World

BEGAN = datetime.fromisoformat("2026-08-24T08:00:00+00:00")
DAY = timedelta(days=1)
SEASON = Campaign("rentree-2026", BEGAN, "Mme Tilleul")
SITES = ("evry-magnard", "evry-xenakis")
OLD = Password("hash", BEGAN - 300 * DAY, "chosen")
STATES = ("sending", "sent", "delivered", "bounced", "complained")


def store(world: World, *accounts: Account) -> None:
    world.database.write_together(*map(world.services.accounts.put, accounts))


def family(identifier: str, site: str = SITES[0]) -> Account:
    return Account(AccountRef(site, identifier), f"Famille {identifier}", (f"{identifier}@example.org",), "stamp")


def with_notice(account: Account, state: str, campaign: str = SEASON.name) -> Account:
    return account.with_notice(Notice(campaign, f"mailbox of {campaign}", state, BEGAN + DAY))  # type: ignore[arg-type]  # as stored


def nothing() -> None:
    """Show no progress."""


def report_of(world: World, season: Campaign | None = SEASON, *codes: str) -> ProgressReport:
    sites = [site for site in world.services.settings.network.sites if site.code in (codes or SITES)]
    return progress_report(world.services, season, sites, world.now, nothing)


def at(world: World, step: Step, season: Campaign | None = SEASON) -> list[FamilyAtStep]:
    sites = [site for site in world.services.settings.network.sites if site.code in SITES]
    return list(families_at(world.services, season, sites, step, world.now))


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[Account, Enrolment | None]]:
    """Draw families with any possible history, and the re-enrolments of some, this year's or last."""
    pairs: list[tuple[Account, Enrolment | None]] = []
    for number in range(draw(st.integers(0, 12))):
        account = family(f"f{number:02}", draw(st.sampled_from(SITES)))
        if draw(st.booleans()):
            account = replace(account, emails=draw(st.sampled_from([(), ("a@example.org", "b@example.org")])))
        for campaign in (SEASON.name, "rappel", "rentree-2025"):
            if state := draw(st.sampled_from((None, *STATES))):
                account = with_notice(account, state, campaign)
        account = replace(
            account,
            password=draw(st.sampled_from([None, OLD])),
            letters=draw(st.sampled_from([(), (MailedLetter("1", BEGAN + DAY),)])),
            last_login=draw(st.sampled_from([None, BEGAN - DAY, BEGAN + DAY])),
            disabled=draw(st.booleans()),
            gone_at=draw(st.sampled_from([None, BEGAN])),
        )
        season, files = draw(st.sampled_from(("2026", "2025"))), draw(st.sampled_from((None, *FILES)))
        pairs.append((account, None if files is None else enrolment(account, *files, season=season)))
    return pairs


SENT, ASKED, ACCEPTED = (
    PupilFile("", "", None, SAVED, sent_answers(STAYS, verdict)) for verdict in (None, "to_complete", "accepted")
)
DRAFT = PupilFile("", "", STAYS, SAVED)
FILES: tuple[tuple[PupilFile, ...], ...] = (
    (), (DRAFT,), (SENT,), (SENT, DRAFT), (SENT, ASKED), (ACCEPTED,), (ACCEPTED, SENT),
)  # fmt: skip


def enrolment(account: Account, *files: PupilFile, season: str = "2026") -> Enrolment:
    pupils = tuple(replace(file, key=f"key{number}") for number, file in enumerate(files))
    return Enrolment(EnrolmentRef(account.ref, season), started_at=BEGAN, pupils=pupils)


def keep(world: World, file: Enrolment) -> None:
    world.services.enrolments.change(Enrolment(file.ref), file)


def _is_told(account: Account, season: Campaign | None) -> bool:
    return season is not None and any(
        notice.state != "sending" and (notice.campaign == season.name or notice.at >= season.started_at)
        for notice in account.notices
    )


@settings(max_examples=15)
@given(histories(), st.sampled_from([SEASON, None]))
def test_the_funnel_adds_up_whatever_happened(
    world: World, histories_drawn: list[tuple[Account, Enrolment | None]], season: Campaign | None
) -> None:
    world.aws.wipe(world.resources)
    families = [account for account, _ in histories_drawn]
    if families:
        store(world, *families)
    for enrolment in filter(None, (sums for _, sums in histories_drawn)):
        keep(world, enrolment)

    sums = report_of(world, season)

    for code in SITES:
        tally, accounts = sums.sites[code], [family for family in families if family.ref.site == code]
        assert tally.families == sum(tally.standing[step] for step in STEPS) == tally.count_reached("imported")
        assert tally.families + tally.apart.total() == len(accounts)
        assert tally.unreachable <= tally.standing["imported"]
        assert tally.gone_submitted == sum(
            account.gone_at is not None and any(file.sent for file in sums.pupils)
            for account, sums in histories_drawn
            if account.ref.site == code and sums and sums.ref.season == "2026"
        )
        every, notices, mails, *rest = [tally.count_reached(step) for step in AT_LEAST]
        assert [every, *rest] == sorted([every, *rest], reverse=True)
        assert mails <= notices <= sum(_is_told(account, season) for account in accounts if account.exclusion is None)
    assert sums.total.families == sum(sums.sites[code].families for code in SITES)
    assert sums.total.apart.total() + sums.total.families == len(families)
    lists = {step: at(world, step, season) for step in STEPS}
    assert {step: len(lists[step]) for step in STEPS} == {step: sums.total.standing[step] for step in STEPS}
    everybody = [row for step in STEPS for row in lists[step]]
    assert len({row.account.ref for row in everybody}) == len(everybody) == sums.total.families


@pytest.fixture
def families(world: World) -> World:
    """One family at each step, and those counted apart."""
    account = with_notice(family("password"), "delivered")
    store(
        world,
        family("imported"),
        replace(family("nowhere"), emails=()),
        with_notice(family("uncertain"), "sending"),
        with_notice(family("notified"), "sent"),
        with_notice(family("bounced"), "bounced"),
        with_notice(family("delivered"), "delivered"),
        replace(account, password=OLD),
        replace(family("logged_in", SITES[1]), last_login=BEGAN + 2 * DAY, password=OLD),
        *(family(f"b{number}", SITES[1]) for number in range(4)),
        replace(family("disabled"), disabled=True),
        replace(family("gone"), gone_at=BEGAN),
    )
    for number, files in enumerate(((DRAFT,), (SENT,), (ASKED,), (ACCEPTED,))):
        keep(world, enrolment(family(f"b{number}", SITES[1]), *files))
    return world


def test_each_stands_at_its_step_at_its_site(families: World) -> None:
    report = report_of(families)

    assert {step: report.sites[SITES[0]].standing[step] for step in STEPS} == {
        "imported": 2, "uncertain": 1, "notified": 1, "bounced": 1, "delivered": 1, "password": 1, "logged_in": 0,
        "started": 0, "submitted": 0, "to_complete": 0, "validated": 0,
    }  # fmt: skip
    assert report.sites[SITES[0]].unreachable == 1
    assert report.sites[SITES[0]].apart == {"disabled": 1, "gone": 1}
    assert report.sites[SITES[1]].standing == dict.fromkeys(STEPS[STEPS.index("logged_in") :], 1)
    assert {step: report.total.count_reached(step) for step in AT_LEAST} == {
        "imported": 12, "notified": 4, "delivered": 2, "password": 6, "logged_in": 5,
        "started": 4, "submitted": 3, "validated": 1,
    }  # fmt: skip


def test_a_site_that_the_network_has_no_more_is_counted_and_not_forgotten(families: World) -> None:
    store(families, family("old", "site-ferme"))

    report = report_of(families)

    assert report.sites["site-ferme"].families == 1
    assert report.total.families == 13


def test_the_picture_reads_page_by_page_and_says_how_far_it_is(families: World) -> None:
    counts: list[int] = []
    sites = families.services.settings.network.sites

    progress_report(families.services, SEASON, sites, families.now, lambda: counts.append(1))

    assert len(counts) == 14


@pytest.mark.parametrize(
    ("step", "since"),
    [
        ("imported", None),
        ("uncertain", BEGAN + DAY),
        ("bounced", BEGAN + DAY),
        ("password", BEGAN + DAY),
        ("logged_in", BEGAN + 2 * DAY),
        ("started", BEGAN),
        *((step, NOW) for step in ("submitted", "to_complete", "validated")),
    ],
)
def test_a_list_says_since_when(families: World, step: Step, since: datetime | None) -> None:
    assert {row.since for row in at(families, step)} == {since}


def test_a_password_of_this_season_says_since_when_itself(world: World) -> None:
    account = with_notice(family("new"), "delivered")
    store(world, replace(account, password=replace(OLD, changed_at=BEGAN + 5 * DAY)))

    assert [row.since for row in at(world, "password")] == [BEGAN + 5 * DAY]


def test_before_any_campaign_nobody_stands_anywhere_since_a_day(families: World) -> None:
    assert {row.since for row in at(families, "imported", None)} == {None}


def test_a_list_says_whom_mail_would_reach(families: World) -> None:
    assert {row.account.ref.identifier: row.is_reachable for row in at(families, "imported")} == {
        "imported": True,
        "nowhere": False,
    }


def test_what_the_table_answers_late_or_not_at_all_is_no_picture(families: World) -> None:
    with families.aws.failing("Scan", "before"), pytest.raises(Unavailable):
        report_of(families)


def test_a_site_s_re_enrolments_answered_late_or_not_at_all_are_no_picture(families: World) -> None:
    with families.aws.failing("Query", "after", skips=3), pytest.raises(Unavailable):
        report_of(families)
