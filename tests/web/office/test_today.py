"""« Aujourd'hui »: the pending work of each of the member's sites, each line linked to its page."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.rate_limits import LOGIN_OF_ACCOUNT
from chalicelib.domain.enrolment.enrolments import Enrolment
from chalicelib.domain.enrolment.periods import EnrolmentRef
from chalicelib.presentation import texts
from chalicelib.stores.attempts import AttemptTimes
from chalicelib.web.office.edge import WEEK_PAGE
from tests.support.answers import FULL
from tests.support.enrolled_families import NUMBERS, open_for_rossignol, submitted_alone
from tests.support.enrolment import JUNE
from tests.support.staff import DESK, MANAGER, READER, SECRETARY, TEACHER, enter
from tests.support.stored_applications import IN_JULY, application_of, open_admission
from tests.support.world import ROSSIGNOL, VERSION, Visitor, World


@pytest.fixture
def season(world: World) -> World:
    """Store one family that sent one pupil of three, and one that sent all."""
    open_for_rossignol(world)
    submitted_alone(world, AccountRef("evry-xenakis", "xen9"), "Famille Alouette", "Ana Alouette", NUMBERS[1])
    return world


def test_the_foot_of_the_desk_alone_has_the_version(world: World, visitor: Visitor) -> None:
    pages = [visitor.get(path).text for path in ("/extranet/usager", f"{DESK}/connexion", "/extranet/enseignant")]
    enter(world, visitor, TEACHER)
    pages.append(visitor.get(WEEK_PAGE).text)
    enter(world, visitor, READER)

    assert f"<p>Clef {VERSION}</p>" in visitor.get(DESK).text
    assert [page for page in pages if "1.2.3" in page or "abc1234" in page] == []


def test_what_awaits_is_counted_and_leads_to_its_list(season: World, visitor: Visitor) -> None:
    enter(season, visitor)

    page = visitor.get(DESK).text

    path = f"{DESK}/reinscriptions?site=evry-xenakis"
    assert f'<a href="{path}&amp;etat=envoyee"><strong>2</strong> réinscriptions envoyées, à décider</a>' in page
    assert f'<a href="{path}&amp;etat=brouillon"><strong>1</strong> brouillon, pas encore envoyé</a>' in page
    assert texts.period(JUNE, season.now) in page
    assert "Bonjour Basile Troglodyte" in page
    assert 'action="/extranet/bureau/recherche"' in page


@pytest.mark.wing("campaign")
def test_each_line_leads_to_a_page_that_lists_as_many(season: World, visitor: Visitor) -> None:
    season.wait(timedelta(days=8))
    season.settle(AccountRef("evry-xenakis", "xen8"), password=None)
    enter(season, visitor)

    links = re.findall(r'<a (?:class="more" )?href="(/extranet/bureau/[a-z/]+\?[^"]+)"', visitor.get(DESK).text)

    assert len(links) == 3
    assert {link: visitor.get(link.replace("&amp;", "&")).status_code for link in links} == dict.fromkeys(links, 200)


def test_families_whose_mails_came_back_or_who_are_stuck_are_named(season: World, visitor: Visitor) -> None:
    family = season.account()
    pseudonyms = season.services.record.pseudonyms
    mailbox = pseudonyms.of_mailbox(family.emails[0])
    season.services.accounts.change(family, family.with_failing_mailbox(mailbox, "bounced", pseudonyms, season.now))
    fail_to_log_in(season)
    enter(season, visitor, READER)

    page = visitor.get(DESK).text

    link = f'<a href="{DESK}/familles/evry-xenakis/xen1">Famille Rossignol</a>'
    assert f"{link} : rossignol@example.org" in page
    assert f"{link} : trop d'essais ratés : le prochain à partir de" in page


@pytest.mark.wing("teaching")
def test_each_member_sees_its_own_sites_and_a_teacher_is_led_to_the_own_week(season: World, visitor: Visitor) -> None:
    enter(season, visitor, SECRETARY)
    assert "Magnard" not in visitor.get(DESK).text

    enter(season, visitor, MANAGER)
    page = visitor.get(DESK).text
    assert "réinscriptions envoyées, à décider</a>, Evry - Xénakis" in page
    assert page.count("<h3") == len(season.services.settings.network.sites)

    enter(season, visitor, TEACHER)
    assert visitor.get(DESK).headers["Location"] == WEEK_PAGE


@pytest.mark.wing("teaching")
def test_a_manager_reads_from_april_that_the_next_year_is_not_configured(world: World, visitor: Visitor) -> None:
    warnings = []
    for day, email in (("2027-03-31", MANAGER), ("2027-04-01", MANAGER), ("2027-04-01", SECRETARY)):
        world.now = datetime.fromisoformat(f"{day}T09:00+02:00")
        enter(world, visitor, email)
        page = visitor.get(DESK).text
        warnings.append(("L'année scolaire 2027-2028 n'est pas réglée" in page, "Rien ne vous attend" in page))

    assert warnings == [(False, True), (True, False), (False, True)]


def fail_to_log_in(world: World) -> None:
    for _ in range(6):
        world.services.attempts.reserve(
            AttemptTimes.on_account(ROSSIGNOL), replace(LOGIN_OF_ACCOUNT, waits=()), world.now
        )


@pytest.mark.wing("admission")
def test_applications_wait_with_their_oldest_day_and_a_link_to_their_list(world: World, visitor: Visitor) -> None:
    open_admission(world)
    application_of(world, at=IN_JULY - timedelta(days=2))
    enter(world, visitor, READER)

    page = visitor.get(DESK).text

    link = f'<a href="{DESK}/demandes?etat=envoyee"><strong>1</strong> demande à lire</a>'
    assert f'{link}, <span class="hint">la plus ancienne depuis le 3 juillet 2027</span>' in page


def test_a_manager_sees_the_season_against_the_last_one_and_others_do_not(season: World, visitor: Visitor) -> None:
    before = replace(FULL, ref=EnrolmentRef(season.account().ref, "2026"))
    season.services.enrolments.change(Enrolment(before.ref), before)
    enter(season, visitor, SECRETARY)
    assert "La saison" not in visitor.get(DESK).text

    enter(season, visitor, MANAGER)

    page = visitor.get(DESK).text
    assert "2 réinscriptions envoyées, contre" in page
    assert page.count('<svg class="curve"') == 2 + len(season.services.settings.network.sites)


def test_a_day_without_work_has_one_kind_sentence(world: World, visitor: Visitor) -> None:
    enter(world, visitor)

    page = visitor.get(DESK).text

    assert "Rien ne vous attend : tout est à jour." in page
    assert page.count("<h2") == 1
