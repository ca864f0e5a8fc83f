"""`clef campaign letters`: a PDF per site in a folder, and the families left to reach otherwise."""

import stat
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.notices import Notice
from chalicelib.domain.enrolment.periods import EnrolmentPeriod, Periods
from chalicelib.domain.family.households import Household
from chalicelib.wings.campaign.domain.campaigns import Campaign
from tests.support.clef import Clef
from tests.support.french import plain
from tests.support.world import World

HOME = Household(address=("12 bis, rue de l'Église", "91000 Évry"))
MAGNARD, XENAKIS = "evry-magnard", "evry-xenakis"


def settle(world: World, site: str, identifier: str, **values: Any) -> AccountRef:
    ref = AccountRef(site, identifier.lower())
    account = replace(world.settle(ref, password=None), display_identifier=identifier, emails=(), household=HOME)
    account = replace(account, **values)
    world.database.write_together(world.services.accounts.put(account))
    return ref


def tell(world: World, ref: AccountRef, state: str) -> None:
    account = world.account(ref)
    notice = Notice("rentree-2026", "mailbox", state, world.now)  # type: ignore[arg-type]  # as stored
    world.services.accounts.change(account, account.with_notice(notice))


@pytest.fixture
def families(world: World) -> World:
    """Begin a campaign that reached one family, lost one, and had no address of two others at two sites."""
    world.services.campaigns.begin(Campaign("rentree-2026", world.now, "Mme Tilleul"))
    world.services.periods.write(Periods(), Periods(EnrolmentPeriod(date(2026, 9, 1), date(2026, 9, 15))))
    settle(world, MAGNARD, "MAG1", name="Famille Bruyère")
    settle(world, XENAKIS, "XEN1", name="Famille Alizé")
    tell(world, settle(world, XENAKIS, "XEN2", name="Famille Cyprès", emails=("c@example.org",)), "complained")
    tell(world, settle(world, XENAKIS, "XEN3", emails=("d@example.org",)), "delivered")
    return world


def texts(path: Path) -> list[str]:
    return [plain(page.extract_text()) for page in PdfReader(path).pages]


@pytest.mark.usefixtures("families")
def test_by_default_exactly_those_get_a_page_whom_mail_did_not_reach(clef: Clef, tmp_path: Path) -> None:
    result = clef(f"campaign letters --to {tmp_path}/courriers --date 2026-08-31")

    assert result.code == 0
    assert sorted(path.name for path in (tmp_path / "courriers").iterdir()) == [
        "courrier-evry-magnard.pdf",
        "courrier-evry-xenakis.pdf",
    ]
    (magnard,) = texts(tmp_path / "courriers/courrier-evry-magnard.pdf")
    assert all(words in magnard for words in ("MAG1", "Famille Bruyère", "Le 31 août 2026", "15 septembre 2026"))
    alize, cypres = texts(tmp_path / "courriers/courrier-evry-xenakis.pdf")
    assert ("XEN1" in alize, "XEN2" in cypres) == (True, True)


@pytest.mark.usefixtures("families")
def test_it_says_how_many_for_whom_and_that_the_folder_is_personal(clef: Clef, tmp_path: Path) -> None:
    result = clef(f"campaign letters --to {tmp_path}")

    lines = [" ".join(line.split()) for line in result.out.splitlines()]
    assert lines[0] == "Site Courriers Sans e-mail Mail revenu Fichier"
    assert "Evry - Magnard 1 1 0 courrier-evry-magnard.pdf" in lines
    assert "Evry - Xénakis 2 1 1 courrier-evry-xenakis.pdf" in lines
    assert "Villabé - Yves Henry 0 0 0" in lines
    assert lines[-1].startswith(f"Le dossier « {tmp_path} » contient des données personnelles")
    assert stat.S_IMODE((tmp_path / "courrier-evry-magnard.pdf").stat().st_mode) == 0o600


@pytest.mark.usefixtures("families")
def test_the_letter_bears_todays_date_in_paris_unless_told(clef: Clef, tmp_path: Path) -> None:
    clef(f"campaign letters --to {tmp_path}")

    assert "Le 1er septembre 2026" in texts(tmp_path / "courrier-evry-magnard.pdf")[0]


@pytest.mark.usefixtures("families")
def test_the_date_may_be_written_as_in_france_and_what_is_none_is_refused(clef: Clef, tmp_path: Path) -> None:
    clef(f"campaign letters --to {tmp_path} --date 28/08/2026")
    result = clef(f"campaign letters --to {tmp_path} --date demain")

    assert "Le 28 août 2026" in texts(tmp_path / "courrier-evry-magnard.pdf")[0]
    assert (result.code, result.out) == (2, "")
    assert "« demain » n'est pas un jour" in result.err


@pytest.mark.parametrize(
    ("options", "pages"),
    [
        ("", {MAGNARD: 1, XENAKIS: 2}),
        ("--all", {MAGNARD: 1, XENAKIS: 3}),
        ("--never-activated", {MAGNARD: 1, XENAKIS: 3}),
        ("--only bounced", {XENAKIS: 1}),
        ("--only bounced --only no-address", {MAGNARD: 1, XENAKIS: 2}),
        ("--only uncertain", {}),
        (f"--site {MAGNARD}", {MAGNARD: 1}),
        ("--campaign rentree-2026 --by name", {MAGNARD: 1, XENAKIS: 2}),
    ],
)
@pytest.mark.usefixtures("families")
def test_one_may_ask_for_others(clef: Clef, tmp_path: Path, options: str, pages: dict[str, int]) -> None:
    result = clef(f"campaign letters --to {tmp_path} {options} --json")

    assert {code: site["letters"] for code, site in result.json["sites"].items() if site["letters"]} == pages
    assert {path.stem.removeprefix("courrier-"): len(texts(path)) for path in tmp_path.iterdir()} == pages


def test_families_that_cannot_be_printed_are_listed_and_said(clef: Clef, families: World, tmp_path: Path) -> None:
    settle(families, MAGNARD, "MAG2", name="Famille Nulle-Part", household=Household())
    settle(families, MAGNARD, "MAG3", name="Famille 山田")

    result = clef(f"campaign letters --to {tmp_path}")

    assert result.code == 3
    lines = [" ".join(line.split()) for line in result.out.splitlines()]
    assert "Evry - Magnard 1 1 0 courrier-evry-magnard.pdf" in lines
    assert "Sans courrier, à compléter ou à écrire à la main : 2" in lines
    assert "evry-magnard MAG2 Famille Nulle-Part aucune adresse postale au dossier" in lines
    assert "evry-magnard MAG3 Famille 山田 la police d'impression ne montre pas : 山 田" in lines
    assert len(texts(tmp_path / "courrier-evry-magnard.pdf")) == 1


def test_an_address_of_seven_lines_is_printed_and_told(clef: Clef, families: World, tmp_path: Path) -> None:
    lines = ("Résidence des Saules", "Bâtiment C", "Escalier 2", "3 rue Basse", "Le Bourg", "91000 Évry")
    settle(families, MAGNARD, "MAG7", name="Famille Longue", household=Household(address=lines))
    settle(families, MAGNARD, "MAG8", name="Famille Juste", household=Household(address=lines[1:]))

    result = clef(f"campaign letters --to {tmp_path}")
    as_json = clef(f"campaign letters --to {tmp_path} --yes --json").json

    assert result.code == 3
    rows = [" ".join(line.split()) for line in result.out.splitlines()]
    assert "Imprimés, mais d'une adresse de plus de six lignes, nom compris, que La Poste ne lit pas : 1" in rows
    assert "evry-magnard MAG7 Famille Longue" in rows
    assert as_json["long_addresses"] == [{"site": MAGNARD, "identifier": "MAG7", "name": "Famille Longue"}]
    assert (as_json["aside"], as_json["sites"][MAGNARD]["letters"]) == ([], 3)


def test_json_says_the_same(clef: Clef, families: World, tmp_path: Path) -> None:
    settle(families, MAGNARD, "MAG2", name="Famille Nulle-Part", household=Household())
    settle(families, MAGNARD, "MAG4", emails=("e@example.org",))

    result = clef(f"campaign letters --to {tmp_path} --json")

    assert (result.code, result.json["campaign"], result.json["folder"]) == (3, "rentree-2026", str(tmp_path))
    assert result.json["sites"][MAGNARD] == {
        "file": str(tmp_path / "courrier-evry-magnard.pdf"),
        "letters": 1,
        "reasons": {"no-address": 1},
        "left": {"waiting": 1},
    }
    assert result.json["sites"]["bondoufle-gounod"]["file"] is None
    assert result.json["aside"] == [
        {
            "site": MAGNARD,
            "identifier": "MAG2",
            "name": "Famille Nulle-Part",
            "why": "aucune adresse postale au dossier",
        }
    ]


def test_it_says_who_is_told_neither_by_mail_nor_by_letter(clef: Clef, families: World, tmp_path: Path) -> None:
    settle(families, MAGNARD, "MAG4", emails=("e@example.org",))
    tell(families, settle(families, MAGNARD, "MAG5", emails=("f@example.org",)), "sending")

    result = clef(f"campaign letters --to {tmp_path}")

    assert "Familles joignables par mail, pas encore prévenues : 1. Relancez « clef campaign send »." in result.out
    assert "Familles dont l'envoi est incertain : 1." in result.out


def test_it_says_when_the_letters_lack_dates_or_a_campaign(clef: Clef, world: World, tmp_path: Path) -> None:
    settle(world, MAGNARD, "MAG1")

    result = clef(f"campaign letters --to {tmp_path}")

    assert "Aucune période n'est annoncée pour Evry - Magnard" in result.out
    assert "Aucune campagne par mail n'a commencé" in result.out


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("--campaign rentree", "Aucune campagne ne s'appelle « rentree ». Campagnes : aucune."),
        ("--site evry", "Aucun site ne s'appelle « evry »."),
    ],
)
def test_what_is_not_there_is_refused(clef: Clef, tmp_path: Path, options: str, words: str) -> None:
    result = clef(f"campaign letters --to {tmp_path} {options}")

    assert (result.code, result.out) == (1, "")
    assert words in result.err
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_told(clef: Clef, families: World, tmp_path: Path) -> None:
    assert families
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")

    result = clef(f"campaign letters --to {tmp_path}/file")

    assert result.code == 1
    assert f"{tmp_path}/file" in result.err
    assert len(result.err.splitlines()) == 1
