"""`clef campaign list` and `stop`: campaigns with their counts, and the end of one."""

import pytest

from chalicelib.domain.staff.desk_jobs import DeskJob
from chalicelib.wings.campaign.office import campaign_job as office
from chalicelib.wings.campaign.office.campaign_job import CampaignOptions, find_campaign_job, start_campaign_job
from tests.support.campaigns import SEASON, announce, begin, settle, work, written_to
from tests.support.clef import OPERATOR, Clef
from tests.support.desk_work import MANAGER, deliver
from tests.support.world import World

ANNOUNCE = CampaignOptions(None)
CANARY = 2


def state_of(world: World, job: DeskJob) -> str:
    sending = find_campaign_job(world.services, job.id)
    return sending.state if sending else ""


def test_what_the_desk_sends_is_listed_and_stopped(clef: Clef, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "CANARY", CANARY)
    announce(world)
    settle(world, CANARY + 1)
    job = start_campaign_job(world.services, ANNOUNCE, MANAGER, world.now)
    deliver(world)
    work(world)

    result = clef(f"campaign stop {SEASON}")

    assert result.code == 0, result.err
    assert "clef campaign send --apply --go-on" in result.out
    assert state_of(world, job) == "cancelled"
    deliver(world)
    work(world)
    assert len(written_to(world)) == CANARY
    (campaign,) = clef("campaign list --json").json["campaigns"]
    assert (campaign["name"], campaign["state"], campaign["counts"]["sent"]) == (SEASON, "stopped", CANARY)
    assert (campaign["started_by"], campaign["step"]) == (MANAGER, None)
    assert f"arrêtée       {CANARY}" in clef("campaign list").out


def test_one_that_the_desk_has_not_begun_is_stopped_too(clef: Clef, world: World) -> None:
    announce(world)
    settle(world, 1)
    job = start_campaign_job(world.services, ANNOUNCE, MANAGER, world.now)

    assert clef(f"campaign stop {SEASON}").code == 0

    assert state_of(world, job) == "cancelled"
    deliver(world)
    assert written_to(world) == {}


def test_one_of_clef_is_stopped_once_and_noted_so(clef: Clef, world: World) -> None:
    announce(world)
    settle(world, 1)
    begin(world)

    results = [clef(f"campaign stop {SEASON}") for _ in range(2)]

    assert [answer.code for answer in results] == [0, 0]
    acts = world.services.audit_trail.on("*", "season")
    assert [(act.kind, act.author.who) for act in acts] == [("campaign_stopped", OPERATOR)]
    assert clef("campaign send --apply").code == 4


def test_a_name_that_no_campaign_has_is_refused(clef: Clef) -> None:
    result = clef("campaign stop reinscription-2025")

    assert result.code == 1
    assert "Aucune campagne ne s'appelle « reinscription-2025 »" in result.err
    assert clef("campaign list").out == "Aucune campagne n'a commencé.\n"
