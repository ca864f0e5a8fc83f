"""`clef remind`: exactly the families at one step, once, without those who log in during the sending."""

from datetime import timedelta

import pytest

from agency.campaign import send as campaigning
from chalicelib.domain.account.accounts import Account
from tests.support.campaigns import announce, settle, states, written_to
from tests.support.clef import Clef
from tests.support.passing_time import Meanwhile
from tests.support.world import World

ARRIVED, LOGGED_IN = ("Evry - Xénakis", "FAM 0"), ("Evry - Xénakis", "FAM 1")


@pytest.fixture(autouse=True)
def time(world: World, monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    """Let the post work while the command waits."""
    meanwhile = Meanwhile(world)
    monkeypatch.setattr(campaigning, "MailRun", meanwhile.run)
    return meanwhile


@pytest.fixture
def families(clef: Clef, world: World) -> list[Account]:
    """Settle two families reached by the notice, of which one has logged in since, and one that it did not reach."""
    announce(world)
    families = settle(world, 2) + settle(world, 1, site="evry-magnard", email="rebond{}@example.org")
    assert clef("campaign send --apply").code == 0
    world.wait(timedelta(days=7))
    account = world.account(families[1].ref)
    world.services.accounts.change(account, account.with_login(world.now))
    return families


@pytest.mark.usefixtures("families")
def test_without_apply_it_tells_whom_and_nothing_leaves(clef: Clef, world: World) -> None:
    data = clef("remind --step remise --json").json

    assert (data["campaign"], data["step"], data["mails"]) == ("rappel-remise-2026-09-08", "delivered", 1)
    assert (data["sites"]["evry-xenakis"]["due"], data["sites"]["evry-xenakis"]["elsewhere"]) == (1, 1)
    assert len(world.mails()) == 3


def test_those_at_the_step_are_reminded_once(clef: Clef, world: World, families: list[Account]) -> None:
    first, second = clef("remind --step remise --apply"), clef("remind --step remise --apply")

    assert (first.code, second.code) == (0, 0)
    assert "1 mail parti, 1 remis à ce jour, 0 revenu." in first.out
    assert written_to(world) == {ARRIVED: 2, LOGGED_IN: 1, ("Evry - Magnard", "FAM 0"): 1}
    assert world.mails()[-1].subject.startswith("Rappel : réinscription")
    assert states(world, families[0], "rappel-remise-2026-09-08") == ["delivered"]


@pytest.mark.usefixtures("families")
def test_under_one_name_it_is_one_reminder_whatever_the_day(clef: Clef, world: World) -> None:
    clef("remind --step remise --name dernier-rappel --apply")
    world.wait(timedelta(days=1))

    clef("remind --step remise --name dernier-rappel --apply")

    assert written_to(world)[ARRIVED] == 2


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("remind --step validee", 1, "n'ont rien à faire"),
        ("remind --step envoyee", 1, "n'ont rien à faire"),
        ("remind --step connectee", 1, "n'est pas encore ouverte"),
        ("remind --step remise --campaign nulle", 1, "Aucune campagne ne s'appelle « nulle »"),
        ("remind --step remise --name reinscription-2026", 1, "Une autre campagne s'appelle déjà"),
        ("remind --step demain", 2, "demain"),
        ("remind", 2, "--step"),
    ],
)
@pytest.mark.usefixtures("families")
def test_what_makes_no_sense_is_refused(clef: Clef, world: World, text: str, code: int, says: str) -> None:
    result = clef(text)

    assert (result.code, result.out) == (code, "")
    assert says in result.err
    assert len(world.mails()) == 3


def test_before_any_campaign_there_is_nothing_to_remind(clef: Clef) -> None:
    result = clef("remind --step remise")

    assert result.code == 1
    assert "clef campaign send" in result.err
