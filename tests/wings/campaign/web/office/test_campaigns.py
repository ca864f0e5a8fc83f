"""GET and POST /extranet/bureau/saison/envois: the families to write to, then the form that sends the campaign."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.account.notices import Notice
from chalicelib.domain.staff.desk_jobs import DeskJob
from chalicelib.wings.campaign.office.campaign_job import POLL, CampaignOptions, find_campaign_job, start_campaign_job
from tests.support.campaigns import SEASON, announce, begin, settle, work, written_to
from tests.support.desk_work import deliver, read_job
from tests.support.staff import DESK, MANAGER, PASSWORD, READER, enter
from tests.support.world import Visitor, World


@pytest.fixture
def job(world: World, visitor: Visitor) -> DeskJob:
    """Start an announcement to two families."""
    announce(world)
    settle(world, 2)
    enter(world, visitor, MANAGER)
    return start_campaign_job(world.services, CampaignOptions(None), "Odile Fauvette <fauvette@example.org>", world.now)


CAMPAIGN_JOB_PAGE = f"{DESK}/saison/envois/suivi/{SEASON}-1"


@pytest.mark.usefixtures("job")
def test_it_is_followed_until_all_have_left(world: World, visitor: Visitor) -> None:
    assert "L'envoi va commencer" in visitor.get(CAMPAIGN_JOB_PAGE).text
    for _ in range(8):
        deliver(world)
        work(world)
        world.wait(POLL)

    page = visitor.get(CAMPAIGN_JOB_PAGE).text

    assert "L'envoi est terminé" in page
    assert "<dd>2 sur 2</dd>" in page
    assert "Arrêter l'envoi" not in page
    assert len(written_to(world)) == 2


def test_it_is_stopped_by_a_button(world: World, visitor: Visitor, job: DeskJob) -> None:
    answer = visitor.post(f"{CAMPAIGN_JOB_PAGE}/arreter")

    assert answer.headers["Location"] == CAMPAIGN_JOB_PAGE
    assert read_job(world, job).state == "cancelled"
    assert "L'envoi a été arrêté" in visitor.get(CAMPAIGN_JOB_PAGE).text
    assert visitor.post(f"{CAMPAIGN_JOB_PAGE}/arreter").status_code == 422
    deliver(world)
    work(world)
    assert len(written_to(world)) == 0


@pytest.mark.usefixtures("job")
def test_any_other_job_is_not_there(visitor: Visitor) -> None:
    assert visitor.get(f"{DESK}/saison/envois/suivi/autre-1").status_code == 404


PAGE = f"{DESK}/saison/envois"
ANNOUNCE = f"{PAGE}/annonce"
FIRST_JOB = f"{SEASON}-1"


@pytest.fixture
def manager(world: World, visitor: Visitor) -> Visitor:
    """Announce a period, settle three families, and log in a manager whose password proof has expired."""
    announce(world)
    settle(world, 3)
    enter(world, visitor, MANAGER)
    world.wait(timedelta(minutes=6))
    return visitor


def form(visitor: Visitor, path: str = ANNOUNCE, **fields: str) -> dict[str, str]:
    return dict(re.findall(r'name="(jeton|site|incertains)" value="([^"]*)"', visitor.get(path).text)) | fields


def told(world: World) -> None:
    """Mark the announcement as delivered to every family."""
    begin(world)
    for account in world.services.accounts.all("evry-xenakis"):
        notice = Notice(SEASON, "a mailbox", "delivered", world.now)
        world.services.accounts.change(account, account.with_notice(notice))


def test_a_plan_is_shown_with_its_mail_and_writes_nothing(world: World, manager: Visitor) -> None:
    manager.get(DESK)  # this request stores the session's latest use
    before = world.aws.everything(world.resources)

    page = manager.get(ANNOUNCE).text

    assert "Mails à envoyer : <strong>3</strong>" in page
    assert "Famille Exemple" in page
    assert '<td class="num">3</td>' in page
    assert world.aws.everything(world.resources) == before


def test_a_reminder_is_for_who_stands_at_its_step(world: World, manager: Visitor) -> None:
    told(world)

    overview, plan = manager.get(PAGE).text, manager.get(f"{PAGE}/remise").text

    assert 'href="/extranet/bureau/saison/envois/remise"' in overview
    assert 'href="/extranet/bureau/saison/envois/connectee"' not in overview
    assert "Rappel : mail remis" in plan
    assert "Mails à envoyer : <strong>3</strong>" in plan
    assert manager.post(f"{PAGE}/remise", form(manager, f"{PAGE}/remise", mot_de_passe=PASSWORD)).status_code == 303


def test_one_site_may_be_written_to_alone(world: World, manager: Visitor) -> None:
    settle(world, 2, "evry-magnard", "autre{}@example.org")

    page = manager.get(f"{ANNOUNCE}?site=evry-magnard").text
    manager.post(ANNOUNCE, form(manager, f"{ANNOUNCE}?site=evry-magnard", mot_de_passe=PASSWORD))

    assert "Mails à envoyer : <strong>2</strong>" in page
    job = find_campaign_job(world.services, FIRST_JOB)
    assert job is not None
    assert job.subject["site"] == "evry-magnard"


@pytest.mark.parametrize("step", ["validee", "envoyee", "ailleurs", "submitted"])
def test_a_step_where_there_is_nothing_to_do_is_not_there(manager: Visitor, step: str) -> None:
    assert manager.get(f"{PAGE}/{step}").status_code == 404


def test_what_the_office_refuses_is_said_without_a_command(world: World, manager: Visitor) -> None:
    announce(world, replace(world.services.periods.read(), of_all=None))

    nothing_announced, no_season = manager.get(ANNOUNCE), manager.get(f"{PAGE}/remise")

    assert (nothing_announced.status_code, no_season.status_code) == (422, 422)
    assert "annoncez-la d'abord, page « Saison »" in nothing_announced.text
    assert "Aucune annonce n'est encore partie" in no_season.text
    assert "clef " not in nothing_announced.text + no_season.text


def test_a_stopped_campaign_goes_on_once_that_is_ticked(world: World, manager: Visitor) -> None:
    begin(world)
    world.services.campaigns.stop(SEASON)
    fields = form(manager, mot_de_passe=PASSWORD)

    refusal = manager.post(ANNOUNCE, fields)
    assert (refusal.status_code, "cochez « Reprendre l'envoi »" in refusal.text) == (422, True)

    assert manager.post(ANNOUNCE, fields | {"reprise": "oui"}).status_code == 303


def test_a_campaign_is_in_progress_until_its_job_ends(world: World, manager: Visitor) -> None:
    def states() -> list[str]:
        return re.findall(r"<td>(en cours|terminée|interrompue|arrêtée)</td>", manager.get(PAGE).text)

    manager.post(ANNOUNCE, form(manager, mot_de_passe=PASSWORD))
    deliver(world)
    assert states() == ["en cours"]

    for _ in range(8):
        work(world)
        world.wait(POLL)
        deliver(world)
    assert states() == ["terminée"]


def test_a_reader_is_shown_no_way_there(world: World, visitor: Visitor) -> None:
    enter(world, visitor, READER)

    assert "saison/envois" not in visitor.get(f"{DESK}/saison").text
