"""`clef desk find|show|unlock|disable|enable`: what the secretary types and reads, or another program does."""

import re
from dataclasses import replace
from typing import get_args

import pytest

from agency.console.exit_codes import ExitCode
from chalicelib.domain.account.audit import AuditAction
from chalicelib.domain.account.coordinates import record_freeze
from chalicelib.domain.account.rate_limits import LOGIN_OF_ACCOUNT
from chalicelib.domain.family.corrections import Actor
from chalicelib.office.helpdesk.account_text import ACTS
from chalicelib.stores.attempts import Tries
from tests.support.clef import Clef
from tests.support.households import MERLE, settle_whole
from tests.support.world import EMAIL, ROSSIGNOL, World

SIGNED = '--as "Mme Houx" --why "la famille a appelé"'
NEW = "nouvelle@example.org"


def kinds(world: World) -> list[AuditAction]:
    pseudonym = world.services.record.pseudonyms.of(ROSSIGNOL.site, ROSSIGNOL.identifier)
    return [act.kind for act in world.services.audit_trail.on(ROSSIGNOL.site, pseudonym)]


def test_a_family_is_found_in_a_table(clef: Clef, world: World) -> None:
    settle_whole(world)

    said = clef("desk find zelie rossignol")

    assert said.code == ExitCode.DONE
    assert "XEN 1" in said.out
    assert "Evry - Xénakis" in said.out
    assert "come@example.org" in said.out
    assert "Merle" not in said.out


def test_a_family_is_found_as_json(clef: Clef, world: World) -> None:
    world.settle()

    found = clef("desk find rossi --site evry-xenakis --json").json

    assert found == {
        "families": [
            {
                "site": "evry-xenakis",
                "identifier": "xen1",
                "written": "",
                "name": "Famille Rossignol",
                "emails": [EMAIL],
                "pupils": [],
                "disabled": False,
                "frozen_at": None,
                "close": False,
                "found": ["Famille Rossignol"],
            }
        ],
        "more": False,
    }


def test_an_account_that_its_family_froze_is_shown_so_until_a_password_is_used(clef: Clef, world: World) -> None:
    account = world.settle()
    after = replace(account, password=None, stamp="after")
    frozen = record_freeze(account, after, Actor("family", "Aimée Rossignol"), world.now, "decision")
    world.services.accounts.change(account, frozen)

    shown, found, changed = clef("desk show xen1"), clef("desk find xen1"), clef("families changes")

    assert "Gelé par la famille le 1er septembre 2026 à 9 h 00 : « Ce n'est pas moi »" in shown.out
    assert re.search("État +gelé par la famille le 1er septembre 2026 à 9 h 00", shown.out)
    assert "accès au compte : ouvert → gelé par la famille" in shown.out
    assert "par la famille (Aimée Rossignol)" in shown.out
    assert "gelé par la famille le 1er septembre 2026 à 9 h 00" in found.out
    assert re.search("accès au compte +ouvert +gelé par la famille", changed.out)
    card = clef("desk show xen1 --json").json
    assert card["frozen_at"] == "2026-09-01 07:00:00+00:00"
    assert [each["field"] for each in card["corrections"]] == ["password", "access"]
    world.services.accounts.change(frozen, frozen.with_password("hash", "mailed", world.now))
    assert re.search("État +actif", clef("desk show xen1").out)


def test_a_family_whose_name_is_typed_amiss_is_shown_apart_with_what_it_is_close_to(clef: Clef, world: World) -> None:
    world.settle()

    said = clef("desk find rosignoll").out

    assert "Ce qui s'écrit presque pareil" in said
    assert "Proche de" in said
    assert said.count("Famille Rossignol") == 2


def test_nobody_found_says_what_to_try(clef: Clef, world: World) -> None:
    world.settle()

    assert "Aucune famille trouvée." in clef("desk find merle").out


def test_more_than_fifty_say_so(clef: Clef, world: World) -> None:
    account = world.settle()
    others = [replace(account, ref=replace(ROSSIGNOL, identifier=f"nid{number}")) for number in range(50)]
    for start in (0, 25):
        world.database.write_together(*map(world.services.accounts.put, others[start : start + 25]))

    said = clef("desk find rossignol")

    assert "Il y en a d'autres : seules 50 sont montrées." in said.out


def test_why_a_family_cannot_log_in_comes_first(clef: Clef, world: World) -> None:
    settle_whole(world)

    said = clef("desk show 'xen 1'")

    assert said.code == ExitCode.DONE
    lines = said.out.splitlines()
    assert lines[0] == "Famille Rossignol (XEN 1), Evry - Xénakis"
    assert lines[2] == "Pourquoi cette famille ne peut pas se connecter"
    assert lines[3].startswith("  • La famille n'est plus dans le fichier annuel depuis le 13 février 2026")
    assert "valable jusqu'au 2 septembre 2026 à 9 h 00" in said.out
    assert "come@example.org : revenue le 1er septembre 2026" in said.out
    assert "rossignol@example.org : arrive (mail remis le 1er septembre 2026)" in said.out
    assert "Aimée Rossignol <rossignol@example.org> (01 99 00 12 34), Côme Rossignol <come@example.org>" in said.out
    courses = "hautbois, cycle 1, Mme Sorbier, mercredi 14 h 30 - 15 h 15, salle Anche + formation musicale, cycle 1"
    assert f"Zélie Rossignol (naissance le 14 mars 2015, {courses})" in said.out
    assert re.search(r"Payeur +Côme Rossignol\n", said.out)
    assert "Communiqué rentree-2026" in said.out
    assert "attente levée, par Mme Houx (« la famille a appelé »)" in said.out
    assert "le 31 août 2026 à 9 h 00, par Aimée Rossignol ; changées depuis" in said.out
    assert "prouver@example.org, demandée par Côme Rossignol" in said.out
    assert "1er septembre 2026 à 9 h 00 : payeur : rien → Côme Rossignol, par la famille (Aimée Rossignol)" in said.out
    assert "e-mails : ancienne@example.org → rien, par l'administration (Mme Houx)" in said.out


@pytest.mark.parametrize("form", ["", "--json"])
def test_nothing_secret_is_shown(clef: Clef, world: World, form: str) -> None:
    account = settle_whole(world)
    assert account.password

    said = clef(f"desk show xen1 {form}").out

    for secret in (account.password.hash, account.mailed_passwords[0].digest, account.stamp, "Mh4kWqzR7tXc9bPd"):
        assert secret not in said


def test_an_account_is_shown_as_json(clef: Clef, world: World) -> None:
    settle_whole(world)

    shown = clef("desk show xen1 --json").json

    assert (shown["site"], shown["written"]) == ("evry-xenakis", "XEN 1")
    assert [finding["cause"] for finding in shown["findings"]] == ["gone", "mailed_unused"]
    assert all(finding["what"] and finding["to_do"] for finding in shown["findings"])
    assert [address["failing"] for address in shown["emails"]] == [None, "bounced"]
    assert shown["household"]["pupils"][0]["name"] == "Zélie Rossignol"
    assert [act["kind"] for act in shown["acts"]] == ["unlocked"]
    assert [(correction["field"], correction["who"]) for correction in shown["corrections"]] == [
        ("emails", "Mme Houx"),
        ("payer", "Aimée Rossignol"),
        ("emails", "Aimée Rossignol"),
        ("password", None),
    ]
    assert shown["confirmed"]["by"] == "Aimée Rossignol"


def test_an_account_with_little_on_file_is_shown_too(clef: Clef, world: World) -> None:
    world.settle(emails=(), password=None)

    said = clef("desk show xen1").out

    assert "aucun : jamais activé, ou à redemander" in said
    assert re.search(r"Adresse e-mail +aucune", said)


@pytest.mark.parametrize("typed", ["desk show xen2", "desk unlock xen2 --why appel", "desk find '@'"])
def test_a_refusal_is_a_sentence_and_a_code(clef: Clef, typed: str) -> None:
    said = clef(typed)

    assert said.code == ExitCode.FAILED
    assert said.out == ""
    assert said.err.endswith(".\n")


def test_a_wait_is_lifted(clef: Clef, world: World) -> None:
    world.settle()
    world.services.attempts.reserve(Tries.on_account(ROSSIGNOL), LOGIN_OF_ACCOUNT, world.now)

    assert clef(f"desk unlock xen1 {SIGNED}").out == "Famille Rossignol (xen1) : elle peut essayer tout de suite.\n"
    assert "rien à lever" in clef(f"desk unlock xen1 {SIGNED}").out
    assert kinds(world) == ["unlocked"]


def test_an_account_is_disabled_and_enabled(clef: Clef, world: World) -> None:
    world.settle()

    assert "compte désactivé" in clef(f"desk disable xen1 {SIGNED}").out
    assert clef(f"desk disable xen1 {SIGNED} --json").json == {
        "site": "evry-xenakis",
        "identifier": "xen1",
        "changed": False,
    }
    assert "compte réactivé" in clef(f"desk enable xen1 {SIGNED}").out
    assert not world.account().disabled


@pytest.mark.parametrize("word", ["unlock", "disable", "enable", "resend", f"email xen1 {NEW}"])
def test_no_act_without_a_reason(clef: Clef, world: World, word: str) -> None:
    world.settle()

    typed = f"desk {word}" if "xen1" in word else f"desk {word} xen1"

    assert clef(typed).code == ExitCode.MISUSED
    assert clef(f"{typed} --why ' '").code == ExitCode.FAILED
    assert kinds(world) == []


def test_an_outage_says_to_begin_again(clef: Clef, world: World) -> None:
    world.settle()

    with world.aws.failing("UpdateItem", "before"):
        said = clef(f"desk disable xen1 {SIGNED}")

    assert said.code == ExitCode.FAILED
    assert said.out == ""
    assert said.err.count("\n") == 1


def test_every_act_has_its_words() -> None:
    assert set(ACTS) == set(get_args(AuditAction))


def test_a_name_with_brackets_is_no_markup(clef: Clef, world: World) -> None:
    world.settle(MERLE, name="Famille [bold]Merle[/bold]")

    assert "Famille [bold]Merle[/bold]" in clef("desk show mer7").out
    assert "Famille [bold]Merle[/bold]" in clef("desk find merle").out
