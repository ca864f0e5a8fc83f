"""`clef progress`: the funnel on a terminal, in a spreadsheet, as JSON and on a page, and the lists behind it."""

import html
import re
import stat
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.account.accounts import Account, AccountRef, Password
from chalicelib.domain.account.notices import Notice
from chalicelib.domain.enrolment.enrolments import Enrolment, EnrolmentDecision, PupilFile, Verdict
from chalicelib.domain.enrolment.funnel import STEPS
from chalicelib.domain.enrolment.periods import EnrolmentRef
from chalicelib.domain.enrolment.submissions import submit
from chalicelib.wings.campaign.domain.campaigns import Campaign
from chalicelib.wings.campaign.office.progress import AT_LEAST
from tests.support.answers import SAVED, STAYS
from tests.support.clef import Clef
from tests.support.command_output import cells, tidy
from tests.support.french import loose_in_page, slips
from tests.support.seen_pages import assert_standing_alone
from tests.support.world import World

MAGNARD, XENAKIS = "evry-magnard", "evry-xenakis"


def settle(world: World, site: str, identifier: str, state: str | None = None, **values: Any) -> Account:
    account = Account(
        AccountRef(site, identifier.lower()),
        "Famille Bruyère",
        (f"{identifier}@example.org",),
        "s",
        display_identifier=identifier,
    )
    if state:
        account = account.with_notice(Notice("rentree-2026", "mailbox", state, world.now))  # type: ignore[arg-type]  # as stored
    account = replace(account, **values)
    world.database.write_together(world.services.accounts.put(account))
    return account


@pytest.fixture
def families(world: World) -> World:
    """Store two sites' families, at several steps."""
    world.services.campaigns.begin(Campaign("rentree-2026", world.now - timedelta(days=7), "Mme Tilleul"))
    old = Password("hash", world.now - timedelta(days=300), "chosen")
    settle(world, MAGNARD, "MAG1", emails=())
    settle(world, MAGNARD, "MAG2", "bounced", name="=Famille; « Œillet »")
    settle(world, MAGNARD, "MAG3", "delivered")
    settle(world, MAGNARD, "MAG4", "delivered", password=old)
    settle(world, MAGNARD, "MAG5", disabled=True)
    settle(world, XENAKIS, "XEN1", "sent", password=old, last_login=world.now)
    return world


# On a terminal.


@pytest.mark.usefixtures("families")
def test_it_shows_each_site_and_the_total(clef: Clef) -> None:
    result = clef("progress")

    lines = tidy(result.out)
    assert result.code == 0
    assert lines[0] == "Campagne « rentree-2026 », commencée le 25 août 2026. Situation le 1er septembre 2026 à 9 h 00."
    assert "Site Familles Prévenues Mail remis Mot de passe Connectées Commencées Envoyées Validées" in lines
    assert "Evry - Magnard 4 3 2 1 0 0 0 0" in lines
    assert "Evry - Xénakis 1 1 1 1 1 0 0 0" in lines
    assert "Total 5 4 3 2 1 0 0 0" in lines


@pytest.mark.usefixtures("families")
def test_each_family_is_counted_once_and_its_list_is_told(clef: Clef) -> None:
    lines = tidy(clef("progress").out)

    start = lines.index("Étape Familles Leur liste")
    assert lines[start + 1 : start + 14] == [
        "Sans adresse qui marche 1 clef progress --list importee",
        "À prévenir 0 clef progress --list importee",
        "Envoi incertain 0 clef progress --list incertaine",
        "Mail parti 0 clef progress --list notifiee",
        "Mail revenu 1 clef progress --list revenue",
        "Mail remis 1 clef progress --list remise",
        "Mot de passe reçu 1 clef progress --list mot-de-passe",
        "Connectée 1 clef progress --list connectee",
        "Réinscription commencée 0 clef progress --list commencee",
        "Réinscription envoyée 0 clef progress --list envoyee",
        "À compléter 0 clef progress --list a-completer",
        "Réinscription validée 0 clef progress --list validee",
        "Somme 5",
    ]
    assert lines[-1] == "Désactivées, comptées à part : 1."


@pytest.mark.usefixtures("families")
def test_one_site_alone_is_its_own_total(clef: Clef) -> None:
    lines = tidy(clef(f"progress --site {XENAKIS}").out)

    assert "Evry - Xénakis 1 1 1 1 1 0 0 0" in lines
    assert not any(line.startswith("Total") for line in lines)
    assert "Somme 1" in lines


def test_before_any_campaign_all_stand_at_the_file(clef: Clef, world: World) -> None:
    settle(world, MAGNARD, "MAG1", last_login=world.now)

    lines = tidy(clef("progress").out)

    assert lines[0] == "Aucune campagne n'a commencé. Situation le 1er septembre 2026 à 9 h 00."
    assert "Total 1 0 0 0 0 0 0 0" in lines


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("progress --campaign rentree", 1, "Aucune campagne ne s'appelle « rentree ». Campagnes : rentree-2026."),
        ("progress --site evry", 1, "Aucun site ne s'appelle « evry »."),
        ("progress --list bounced", 2, "« bounced »"),
        ("progress --json --csv -", 2, "« --json » et « --csv - » écrivent au même endroit : choisissez."),
    ],
)
@pytest.mark.usefixtures("families")
def test_what_is_not_there_or_goes_not_together_is_refused(clef: Clef, text: str, code: int, words: str) -> None:
    result = clef(text)

    assert (result.code, result.out) == (code, "")
    assert words in result.err


# The re-enrolment.


@pytest.fixture
def enrolments(families: World) -> World:
    """Add four families at one site: one has begun, one has sent, one must complete, one is accepted."""
    drafts = {}
    for number in (6, 7, 8, 9):
        file = Enrolment(EnrolmentRef(settle(families, XENAKIS, f"XEN{number}").ref, "2026"))
        drafts[number] = file.with_pupil(PupilFile("a1", "Zoé", STAYS, SAVED), families.now)
    files = {number: submit(drafts[number], drafts[number].pupils, "R26-AAAA-BBBB", SAVED) for number in (7, 8, 9)}
    verdicts: dict[int, Verdict] = {8: "to_complete", 9: "accepted"}
    for number, draft in drafts.items():
        file = files.get(number, draft)
        if number in verdicts:
            file = file.with_decision("a1", EnrolmentDecision(verdicts[number], "Mme Orme", families.now, "…"))
        families.services.enrolments.change(Enrolment(file.ref), file)
    return families


@pytest.mark.usefixtures("enrolments")
def test_the_funnel_goes_on_to_the_re_enrolment_and_adds_up(clef: Clef) -> None:
    lines = tidy(clef("progress").out)

    assert "Evry - Xénakis 5 1 1 5 5 4 3 1" in lines  # four came without a mail of the campaign
    assert "Total 9 4 3 6 5 4 3 1" in lines
    for line in (
        "Connectée 1 clef progress --list connectee",
        "Réinscription commencée 1 clef progress --list commencee",
        "Réinscription envoyée 1 clef progress --list envoyee",
        "À compléter 1 clef progress --list a-completer",
        "Réinscription validée 1 clef progress --list validee",
        "Somme 9",
    ):
        assert line in lines


def test_families_gone_after_they_sent_are_counted(clef: Clef, enrolments: World) -> None:
    for number in (6, 7):
        account = enrolments.account(AccountRef(XENAKIS, f"xen{number}"))
        enrolments.services.accounts.change(account, replace(account, gone_at=enrolments.now))

    lines, answer = tidy(clef("progress").out), clef("progress --json").json
    headings, *_, total = cells(clef("progress --csv -").out.encode())

    assert lines[-1] == "Parties, comptées à part : 2, dont 1 avec une réinscription envoyée."
    assert (answer["total"]["apart"]["gone"], answer["total"]["gone_submitted"]) == (2, 1)
    assert (headings[-1], total[-1]) == ("Parties, réinscription envoyée", "1")


# As JSON.


@pytest.mark.usefixtures("families")
def test_json_has_all(clef: Clef) -> None:
    data = clef("progress --json").json

    assert (data["campaign"], data["at"]) == ("rentree-2026", "2026-09-01 07:00:00+00:00")
    assert data["sites"][MAGNARD] == {
        "name": "Evry - Magnard",
        "reached": dict.fromkeys(AT_LEAST, 0) | {"imported": 4, "notified": 3, "delivered": 2, "password": 1},
        "standing": dict.fromkeys(STEPS, 0) | {"imported": 1, "bounced": 1, "delivered": 1, "password": 1},
        "unreachable": 1,
        "apart": {"disabled": 1, "gone": 0, "newcomer": 0},
        "gone_submitted": 0,
    }
    assert sum(data["total"]["standing"].values()) == data["total"]["reached"]["imported"] == 5


# In a spreadsheet.


@pytest.mark.usefixtures("families")
def test_a_spreadsheet_has_a_row_per_site_that_adds_up(clef: Clef, tmp_path: Path) -> None:
    result = clef(f"progress --csv {tmp_path}/suivi.csv")

    headings, *rows = cells((tmp_path / "suivi.csv").read_bytes())
    assert result.err == f"Écrit : {tmp_path}/suivi.csv\n"
    assert "Evry - Magnard 4 3 2 1 0 0 0 0" in tidy(result.out)
    assert headings[:3] == ["Code", "Site", "Familles"]
    magnard = dict(zip(headings, next(row for row in rows if row[0] == MAGNARD), strict=True))
    assert (magnard["Familles"], magnard["Somme"], magnard["Désactivées"]) == ("4", "4", "1")
    assert magnard["Au moins : mot de passe"] == "1"
    first, last = headings.index("Sans adresse qui marche"), headings.index("Somme")
    assert all(sum(map(int, row[first:last])) == int(row[last]) for row in rows)
    assert rows[-1][1] == "Total"


@pytest.mark.usefixtures("families")
def test_it_may_go_to_another_program_and_then_nothing_else_is_said(clef: Clef) -> None:
    result = clef("progress --csv -")

    assert result.err == ""
    assert len(cells(result.out.encode())) == 7


@pytest.mark.usefixtures("families")
def test_a_list_in_a_spreadsheet_holds_no_formula_and_is_for_its_owner_only(clef: Clef, tmp_path: Path) -> None:
    path = tmp_path / "revenues.csv"

    result = clef(f"progress --list revenue --csv {path}")

    headings, row = cells(path.read_bytes())
    assert result.out == ""
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert headings == ["Site", "Identifiant", "Famille", "Adresses", "Une adresse marche", "Depuis", "À faire"]
    assert row[:6] == [MAGNARD, "MAG2", "'=Famille; « Œillet »", "MAG2@example.org", "oui", "1er septembre 2026"]


# The lists.


@pytest.mark.usefixtures("families")
def test_a_list_shows_who_stands_at_a_step_and_what_to_do(clef: Clef) -> None:
    heading, row, advice = tidy(clef("progress --list importee").out)

    assert heading == "Site Identifiant Famille Adresses Une adresse marche Depuis"
    assert row == "evry-magnard MAG1 Famille Bruyère non"
    assert advice.startswith("Familles : 1. Demandez-lui une adresse qui marche")


# The page.


@pytest.fixture
def page(clef: Clef, families: World, tmp_path: Path) -> str:
    assert families
    clef(f"progress --html {tmp_path}/suivi.html --csv -")
    text = (tmp_path / "suivi.html").read_text(encoding="utf-8")
    assert loose_in_page(text) == []
    return text


def test_the_page_shows_every_site_with_its_bars_and_figures(page: str) -> None:
    text = " ".join(html.unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL)).split())

    assert "Campagne « rentree-2026 », commencée le 25 août 2026. Situation le 1er septembre 2026 à 9 h 00." in text
    assert "Evry - Magnard Familles qui ont au moins atteint cette étape" in text
    assert "Familles 4 100 % Prévenues 3 75 % Mail remis 2 50 % Mot de passe 1 25 % Connectées 0 0 %" in text
    assert "Total 1 0 0 0 1 1 1 1 0 0 0 0 5 1 0" in text
    assert page.count("<svg") == 6 * 8
    assert re.findall(r'class="done" width="([^"]+)"', page)[:5] == ["100.00", "80.00", "60.00", "40.00", "20.00"]
    assert slips(text) == []


def test_the_page_stands_alone_and_runs_nothing(page: str) -> None:
    assert_standing_alone(page)


def test_the_page_names_no_family(page: str) -> None:
    assert not re.search(r"Bruyère|Œillet|MAG\d|XEN\d|example", page)


def test_a_network_without_families_has_a_page_too(clef: Clef, world: World, tmp_path: Path) -> None:
    assert world

    assert clef(f"progress --html {tmp_path}/suivi.html").code == 0

    assert re.findall(r'class="done" width="([^"]+)"', (tmp_path / "suivi.html").read_text(encoding="utf-8"))[0] == "0"
