"""`clef campaign send`: the commands and their output. No mail is sent without --apply or --test-to."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from agency.campaign import send as campaigning
from chalicelib.domain.enrolment.periods import Periods
from chalicelib.wings.campaign.domain import campaigns
from chalicelib.wings.campaign.office import mail_run as sending
from tests.support.campaigns import (
    SEASON,
    announce,
    begin,
    choose_guardians,
    counts,
    job,
    settle,
    states,
    work,
    written_to,
)
from tests.support.clef import OPERATOR, Clef
from tests.support.passing_time import Meanwhile
from tests.support.world import World
from tools.local.ses import MAILS_A_DAY

CANARY = 5


@pytest.fixture(autouse=True)
def time(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Meanwhile]:
    """Let the post work while the command waits. The canary is small, so that tests are quick."""
    meanwhile = Meanwhile(world)
    monkeypatch.setattr(campaigning, "MailRun", meanwhile.run)
    monkeypatch.setattr(campaigns, "CANARY", CANARY)
    monkeypatch.setattr(sending, "CANARY", CANARY)
    world.aws.ses.today = 0
    yield meanwhile
    world.aws.ses.today = 0


@pytest.fixture(autouse=True)
def period(world: World) -> None:
    announce(world)


def numbers(lines: list[str], name: str) -> list[int]:
    """Read one row of the table."""
    (row,) = (line.removeprefix(name) for line in lines if line.startswith(name))
    return [int(cell) for cell in row.split()]


def test_without_apply_it_tells_whom_it_would_write_to_and_nothing_leaves(clef: Clef, world: World) -> None:
    settle(world, 2, email="nid@example.org")
    settle(world, 1, site="evry-magnard")
    before = world.aws.everything(world.resources)

    result = clef("campaign send")

    assert (result.code, result.err) == (0, "")
    lines = result.out.splitlines()
    assert lines[0].strip() == "Campagne « reinscription-2026 »"
    assert [line.split()[-7:] for line in lines if line.startswith("Evry - Xénakis")] == [
        ["2", "0", "0", "0", "0", "1", "1"]
    ]
    assert [line.split()[-7:] for line in lines if line.startswith("Ensemble")] == [["3", "0", "0", "0", "0", "2", "1"]]
    assert "  │ Bonjour Famille Exemple," in lines
    assert lines[-1].startswith("Rien n'est parti. Pour envoyer, ajoutez --apply")
    assert world.aws.everything(world.resources) == before
    assert world.mails() == []
    assert world.aws.queue_bodies() == ""


def test_with_apply_each_family_is_told_once(clef: Clef, world: World) -> None:
    settle(world, 8)

    result = clef("campaign send --apply")
    again = clef("campaign send --apply")

    assert (result.code, again.code) == (0, 0)
    assert "8 mails partis, 8 remis à ce jour, 0 revenu." in result.out
    assert len(written_to(world)) == 8
    assert set(written_to(world).values()) == {1}


def test_who_began_it_is_kept(clef: Clef, world: World) -> None:
    settle(world, 1)

    clef("campaign send --apply")

    campaign = world.services.campaigns.find(SEASON)
    assert campaign
    assert campaign.started_by == OPERATOR


def test_a_trial_comes_to_oneself_and_nobody_else(clef: Clef, world: World) -> None:
    settle(world, 2)

    result = clef("campaign send --test-to lyre@example.org")

    assert result.code == 0
    assert "essai part vers lyre@example.org" in result.err
    assert [(mail.to, mail.subject[:7]) for mail in world.mails()] == [("lyre@example.org", "[Essai]")]


def test_another_program_reads_it(clef: Clef, world: World) -> None:
    settle(world, 3)

    plan = clef("campaign send --json").json
    report = clef("campaign send --apply --json").json

    assert (plan["campaign"], plan["mails"]) == (SEASON, 3)
    assert plan["sites"]["evry-xenakis"]["due"] == 3
    assert plan["sample"]["subject"].startswith("Réinscription")
    assert (report["ended"], report["state"], report["counts"]["delivered"]) == ("done", "running", 3)
    assert report["sites"]["evry-xenakis"]["told"] == 3


def test_one_site_only(clef: Clef, world: World) -> None:
    settle(world, 1)
    settle(world, 1, site="evry-magnard", email="la{}@example.org")

    clef("campaign send --site evry-magnard --apply")

    assert [mail.to for mail in world.mails()] == ["la0@example.org"]


def test_too_many_that_come_back_stop_it_and_it_says_how_to_go_on(clef: Clef, world: World) -> None:
    settle(world, 8, email="rebond{}@example.org")

    result = clef("campaign send --apply")
    looked_at = clef("campaign send")
    asked_again = clef("campaign send --apply")
    gone_on = clef("campaign send --apply --go-on")

    assert (result.code, asked_again.code) == (4, 4)
    assert "Campagne arrêtée d'elle-même : 5 mails sur 5 sont revenus (100 %), pour 2 % admis" in result.out
    assert "clef progress --list revenue" in result.out
    assert "--go-on" in result.out
    assert "arrêtée d'elle-même" in asked_again.out
    assert "La campagne est arrêtée : pour la reprendre, --apply --go-on." in looked_at.out
    assert gone_on.code == 0
    assert "3 familles" not in gone_on.out
    assert len(world.mails()) == 8
    assert set(written_to(world).values()) == {1}


def test_what_nobody_can_say_is_told_and_written_again_only_when_confirmed(clef: Clef, world: World) -> None:
    (family,) = settle(world, 1)
    begin(world)
    with world.aws.failing("SendEmail", "before"):
        world.services.post_box.post(job(world, family))
        work(world)
    world.wait(timedelta(minutes=6))

    result = clef("campaign send --apply")
    retry = clef("campaign send --apply --uncertain", answers="non\n")
    nobody_there = clef("campaign send --apply --uncertain")
    assert world.mails() == []
    run = clef("campaign send --apply --uncertain", answers="oui\n")

    assert result.code == 3
    assert "Pour 1 famille, personne ne sait si le mail est parti" in result.out
    assert (retry.code, nobody_there.code) == (1, 1)
    assert run.code == 0
    assert states(world, family) == ["delivered"]
    assert written_to(world) == {("Evry - Xénakis", "FAM 0"): 1}


def test_a_quota_that_is_used_up_ends_it_until_tomorrow(clef: Clef, world: World) -> None:
    settle(world, 8)
    world.aws.ses.today = MAILS_A_DAY - 9

    result = clef("campaign send --apply")

    assert result.code == 3
    assert "2 familles restent à prévenir : relancez la même commande demain" in result.out
    assert len(world.mails()) == 6


def test_a_paused_account_is_told(clef: Clef, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(world, 1)
    quota = world.services.mailer.quota()
    monkeypatch.setattr(world.services.mailer, "quota", lambda: type(quota)(14, 100, is_sending=False))

    result = clef("campaign send --apply")

    assert (result.code, result.out) == (1, "")
    assert "AWS a suspendu l'envoi des mails" in result.err
    assert world.services.campaigns.find(SEASON) is None


def test_a_post_that_does_not_work_is_told(clef: Clef, world: World, time: Meanwhile) -> None:
    settle(world, 8)
    time.act = lambda _: None

    result = clef("campaign send --apply --canary-wait 1")

    assert result.code == 4
    assert "aucun ne part" in result.out


def test_interrupted_it_says_what_is_done_and_how_to_go_on(clef: Clef, world: World, time: Meanwhile) -> None:
    settle(world, 8)

    def interrupt(there: World) -> None:
        work(there)
        if counts(there)[0] >= CANARY:
            raise KeyboardInterrupt

    time.act = interrupt
    result = clef("campaign send --apply")
    time.act = work
    again = clef("campaign send --apply")

    assert result.code == 130
    assert "5 mails partis jusqu'ici" in result.err
    assert "Relancez la même commande : elle reprend." in result.err
    assert again.code == 0
    assert set(written_to(world).values()) == {1}
    assert len(written_to(world)) == 8


def test_families_whose_first_address_failed_are_left_for_the_next_run(clef: Clef, world: World) -> None:
    choose_guardians(world, "first")
    (family,) = settle(world, 1)
    world.settle(
        family.ref, emails=("rebond@example.org", "autre@example.fr"), password=None, display_identifier="FAM 0"
    )

    first, second = clef("campaign send --apply"), clef("campaign send --apply")

    assert (first.code, second.code) == (3, 0)
    assert "1 famille reste à prévenir : relancez la même commande." in first.out
    assert states(world, family) == ["bounced", "delivered"]


def test_whom_no_mail_reaches_is_for_the_post(clef: Clef, world: World) -> None:
    (family,) = settle(world, 1)
    world.settle(family.ref, emails=())

    result = clef("campaign send --apply")

    assert result.code == 0
    assert "1 famille sans adresse qui marche : écrivez par courrier, « clef campaign letters »." in result.out


def test_without_a_period_it_says_what_to_type(clef: Clef, world: World) -> None:
    announce(world, Periods())

    result = clef("campaign send")

    assert (result.code, result.out) == (1, "")
    assert "clef period set" in result.err


def test_a_name_that_cannot_be_is_refused(clef: Clef) -> None:
    result = clef("campaign send --campaign 'Rentrée !'")

    assert result.code == 1
    assert "« Rentrée ! » ne peut pas nommer une campagne" in result.err


def test_no_address_of_a_family_is_shown(clef: Clef, world: World) -> None:
    settle(world, 6)

    for command in ("campaign send", "campaign send --apply", "campaign send --json"):
        result = clef(command)
        assert "famille0@" not in result.out + result.err
        assert "Rossignol" not in result.out + result.err
    assert counts(world)[0] == 6
