"""The trial of a notice: a fictitious family's, mailed to oneself and not counted."""

from dataclasses import replace

import pytest

from chalicelib.domain.enrolment.periods import Periods
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.wings.campaign.office.campaign import CampaignInput, CampaignPlan, plan_campaign, prepare_season
from chalicelib.wings.campaign.office.mail_run import mail_trial, sample
from tests.support.campaigns import PERIOD, announce, settle, states, work
from tests.support.letters import plain_letter
from tests.support.world import World


@pytest.fixture
def plan(world: World) -> CampaignPlan:
    announce(world)
    settle(world, 1)
    campaign = prepare_season(world.services, None, "Mme Lyre", world.now)
    return plan_campaign(world.services, CampaignInput(campaign, world.services.settings.network.sites), world.now)


def test_the_sample_is_of_nobody_and_says_the_real_dates_and_contacts(world: World, plan: CampaignPlan) -> None:
    letter = plain_letter(sample(world.services, plan, world.now))

    assert "Famille Exemple" in letter.text
    assert "Identifiant : EXEMPLE1" in letter.text
    assert "du 10 septembre 2026 au 30 septembre 2026 inclus" in letter.text
    assert "01 99 00 10 01" in letter.text


def test_a_trial_reaches_one_address_and_changes_nothing(world: World, plan: CampaignPlan) -> None:
    before = world.aws.everything(world.resources)

    mail_trial(world.services, plan, " Lyre@Example.org ", world.now)
    work(world)

    (mail,) = world.mails()
    assert mail.to == "lyre@example.org"
    assert mail.subject.startswith("[Essai] Réinscription 2026-2027, du 10 septembre")
    assert world.aws.everything(world.resources) == before


def test_a_trial_that_comes_back_marks_nobody(world: World, plan: CampaignPlan) -> None:
    mail_trial(world.services, plan, "rebond@example.org", world.now)
    work(world)

    assert [event["reason"] for event in world.events()] == ["unknown"]
    assert states(world, settle(world, 1)[0]) == []


@pytest.mark.parametrize(("text", "code"), [("lyre", "email_unreadable"), ("lyré@example.org", "trial_undeliverable")])
def test_an_address_that_is_none_is_refused(world: World, plan: CampaignPlan, text: str, code: str) -> None:
    with pytest.raises(OfficeRefusal, match=code):
        mail_trial(world.services, plan, text, world.now)


def test_without_a_period_there_is_nothing_to_show(world: World, plan: CampaignPlan) -> None:
    announce(world, Periods(None, (("elsewhere", PERIOD),)))

    with pytest.raises(OfficeRefusal):
        sample(world.services, plan, world.now)


@pytest.mark.parametrize(("step", "tells"), [
    ("logged_in", "À réinscrire : Alix Exemple"), ("started", "Reste à envoyer : Alix Exemple"),
    ("to_complete", "À compléter : Alix Exemple, « Quel jour préférez-vous ? »"),
])  # fmt: skip
def test_a_reminder_s_sample_tells_what_is_awaited(world: World, plan: CampaignPlan, step: str, tells: str) -> None:
    campaign = replace(plan.campaign_input.campaign, step=step)

    letter = plain_letter(
        sample(world.services, replace(plan, campaign_input=replace(plan.campaign_input, campaign=campaign)), world.now)
    )

    assert tells in letter.text
