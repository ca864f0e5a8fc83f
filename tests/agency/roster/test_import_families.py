"""`clef families import`: the commands and their output. Nothing is written without --apply."""

import csv
import io
import json
import re
import stat
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from agency.roster import import_families as families
from agency.roster.import_families import ImportReport
from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.coordinates import record_corrections
from chalicelib.domain.family.corrections import Actor
from tests.support.aws import When, faults_of
from tests.support.clef import OPERATOR, Clef, CommandResult
from tests.support.family_files import but as cells_but
from tests.support.french import plain
from tests.support.teaching import PINSON, SITE, link, stores
from tests.support.world import World

ALTO = {"discipline": "Alto", "level": "", "teacher": "", "slot": "", "place": ""}
XEN1, XEN2 = AccountRef("evry-xenakis", "xen1"), AccountRef("evry-xenakis", "xen2")
HEADINGS = "Site;Identifiant;Famille;Responsable 1;E-mail 1;Adresse;Ville;Élève;Discipline"
ROSSIGNOL = (
    "evry-xenakis;XEN 1;Famille Rossignol;Mme Rossignol;rossignol@example.org;3 rue de l'Orge;91000 Evry;Zélie;Alto"
)
GRIVE = "evry-xenakis;XEN 3;Famille Grive;Mme Grive;grive@example.org;7 rue du Seigle;91000 Evry;Ana;Cor"
MERLE = "evry-xenakis;XEN 2;Famille Merle;M. Merle;merle@example.org;5 rue du Blé;91000 Evry;Léo;Cor"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "familles.csv"


def write(path: Path, *rows: str) -> Path:
    path.write_text("\n".join((HEADINGS, *rows)), encoding="utf-8")
    return path


def but(row: str, **cells: str) -> str:
    return ";".join(cells_but(tuple(row.split(";")), **cells))


def kinds(result: CommandResult) -> dict[str, int]:
    counts: dict[str, int] = result.json["counts"]["families"]
    return {kind: count for kind, count in counts.items() if count}


def test_without_apply_it_is_told_and_nothing_is_written(clef: Clef, world: World, path: Path) -> None:
    result = clef(f"families import {write(path, ROSSIGNOL, MERLE)}")

    assert (result.code, result.err) == (0, "")
    assert "Evry - Xénakis                  2" in result.out
    assert "Nouvelles : 2\nLigne  Site          Identifiant  Famille\n" in result.out
    assert result.out.endswith(
        "Lignes lues : 2 ; laissées de côté : 0. Familles : 2.\n"
        "Rien n'a été écrit : ajoutez --apply pour enregistrer.\n"
    )
    assert world.aws.everything(world.resources) == ""


def test_with_apply_it_is_stored_once(clef: Clef, world: World, path: Path) -> None:
    write(path, ROSSIGNOL, MERLE)

    first, again = clef(f"families import {path} --apply"), clef(f"families import {path} --apply --json")

    assert first.out.endswith("C'est enregistré.\n")
    assert kinds(again) == {"unchanged": 2}
    assert world.account(XEN1).emails == ("rossignol@example.org",)


@pytest.mark.wing("teaching")
def test_an_import_makes_timetables_and_tells_names_without_a_link(clef: Clef, world: World, path: Path) -> None:
    link(world, "Mme Grue")
    path.write_text(f"{HEADINGS};Professeur\n{ROSSIGNOL};{PINSON}\n{MERLE};{PINSON}", encoding="utf-8")

    answer = clef(f"families import {path} --json").json
    assert list(stores(world).timetables.all(SITE)) == []
    result = clef(f"families import {path} --apply")

    assert answer["counts"]["anomalies"] == {"row_teacher_unlinked": 1, "row_teacher_gone": 1}
    assert f"« {PINSON} » n'est relié à aucun accès d'enseignant" in result.out
    assert f"« Mme Grue », à {SITE}, est relié à un accès d'enseignant et n'est plus dans le fichier." in result.out
    (timetable,) = stores(world).timetables.all(SITE)
    assert [course.discipline for course in timetable.courses] == ["Alto", "Cor"]


def test_what_changed_is_shown_old_and_new(clef: Clef, path: Path) -> None:
    clef(f"families import {write(path, ROSSIGNOL)} --apply")

    result = clef(f"families import {write(path, but(ROSSIGNOL, email='neuve@example.org', pupil='Zoé'))}")

    lines = [line.split("  ") for line in result.out.splitlines()]
    rows = [[cell.strip() for cell in line if cell.strip()] for line in lines]
    row = ["2", "evry-xenakis", "XEN 1", "Famille Rossignol"]
    assert [*row, "E-mails", "rossignol@example.org", "neuve@example.org"] in rows
    assert [*row, "Élèves", "Zélie (Alto)", "Zoé (Alto)"] in rows


def test_anomalies_are_shown_with_line_column_and_sentence_and_the_code_says_to_look(clef: Clef, path: Path) -> None:
    result = clef(f"families import {write(path, but(ROSSIGNOL, site='?'), but(MERLE, email='merle@gmial.com'))}")

    assert result.code == 3
    assert "Erreurs (lignes laissées de côté) : 1\n" in result.out
    assert "    2  Site     Aucun site du réseau ne s'appelle « ? ». La ligne est laissée de côté.\n" in result.out
    assert (
        "    3  evry-xenakis  xen2         E-mail 1  « merle@gmial.com » : vouliez-vous dire « merle@gmail.com » ? "
        "L'adresse est reprise telle quelle.\n"
    ) in result.out


def test_lists_are_cut_and_it_is_said_how_to_read_them_whole(clef: Clef, path: Path) -> None:
    rows = [but(MERLE, identifier=f"N{number}", email=f"n{number}@example.org") for number in range(30)]

    result = clef(f"families import {write(path, *rows)}")

    assert "Nouvelles : 30" in result.out
    assert ("N19 " in result.out, "N20 " in result.out) == (True, False)
    assert "… ce sont les 20 premières ; pour toutes : --report FICHIER.csv\n" in result.out


def test_a_report_holds_all_lists_and_is_for_its_owner_only(clef: Clef, path: Path, tmp_path: Path) -> None:
    rows = [but(MERLE, identifier=f"N{number}", email=f"n{number}@example.org") for number in range(30)]
    report = tmp_path / "rapport.csv"

    result = clef(f"families import {write(path, *rows, but(MERLE, site='=1+1'))} --report {report}")

    lines = list(csv.reader(io.StringIO(report.read_text("utf-8-sig")), delimiter=";"))
    assert lines[0][:4] == ["Quoi", "Ligne", "Site", "Identifiant"]
    assert [line[0] for line in lines[1:]].count("Nouvelles") == 30
    assert lines[1][-1] == "Aucun site du réseau ne s'appelle « =1+1 ». La ligne est laissée de côté."
    assert stat.S_IMODE(report.stat().st_mode) == 0o600
    assert "--report FICHIER.csv" not in result.out


def test_json_holds_counts_and_every_entry(clef: Clef, path: Path) -> None:
    clef(f"families import {write(path, ROSSIGNOL, MERLE)} --apply")
    row = but(ROSSIGNOL, email="neuve@example.org", pupil="Zoé")

    result = clef(f"families import {write(path, row, but(MERLE, site='?'))} --json")

    report = result.json
    assert result.code == 3
    assert {name: report[name] for name in report if name not in {"counts", "entries"}} == {
        "applied": False, "rows": 2, "rows_left_out": 1, "families": 1, "gone_noted": False, "gone_disabled": False,
        "headings_ignored": [], "former": None,
    }  # fmt: skip
    assert report["counts"]["anomalies"] == {"row_site_unknown": 1}
    anomaly, entry, leaver = report["entries"]
    assert (anomaly["kind"], anomaly["severity"], anomaly["line"], anomaly["column"]) == ("anomaly", "error", 3, "Site")
    assert entry == {
        "kind": "changed", "line": 2, "site": "evry-xenakis", "identifier": "xen1", "written": "XEN 1",
        "name": "Famille Rossignol",
        "differences": [
            {"field": "emails", "ours": ["rossignol@example.org"], "file": ["neuve@example.org"]},
            {
                "field": "pupils",
                "ours": [{"name": "Zélie", "born_on": None, "courses": [ALTO]}],
                "file": [{"name": "Zoé", "born_on": None, "courses": [ALTO]}],
            },
        ],
    }  # fmt: skip
    assert (leaver["kind"], leaver["identifier"]) == ("gone", "xen2")


def test_of_several_pupils_only_those_that_differ_are_shown(clef: Clef, path: Path) -> None:
    noe = but(ROSSIGNOL, pupil="Noé", discipline="Tuba")
    clef(f"families import {write(path, ROSSIGNOL, noe)} --apply")

    result = clef(f"families import {write(path, ROSSIGNOL, but(noe, discipline='Cor'))}")

    assert re.search(r"Élèves +Noé \(Tuba\) +Noé \(Cor\)\n", result.out)


def test_a_family_that_moved_is_told_with_where_it_was(clef: Clef, path: Path) -> None:
    magnard = but(MERLE, site="evry-magnard", identifier="MAG 1")
    clef(f"families import {write(path, ROSSIGNOL, MERLE, magnard)} --apply")

    result = clef(f"families import {write(path, but(ROSSIGNOL, site='evry-magnard'), MERLE, magnard)}")

    assert "Passées à un autre site : 1\n" in result.out
    assert "Avant à evry-xenakis, où le fichier ne la liste plus." in result.out


def test_a_correction_that_the_file_lacks_is_told(clef: Clef, world: World, path: Path) -> None:
    clef(f"families import {write(path, ROSSIGNOL)} --apply")
    account = world.account(XEN1)
    world.services.accounts.change(
        account, replace(account, name="Famille Rossignol-Pie").with_disabled(is_disabled=True)
    )

    result = clef(f"families import {path}")

    assert "Corrigées ici (le fichier dit encore autre chose) : 1\n" in result.out
    assert "Famille Rossignol-Pie  Famille Rossignol\n" in result.out
    assert re.search("Compte +désactivé +actif\n", result.out)


# Families gone.


def test_families_gone_are_told_noted_and_disabled_only_on_demand(clef: Clef, world: World, path: Path) -> None:
    clef(f"families import {write(path, ROSSIGNOL, MERLE, GRIVE)} --apply")
    write(path, MERLE, GRIVE)

    result = clef(f"families import {path} --apply --yes")

    assert "Parties : 1\n" in result.out
    assert "Les familles parties peuvent encore se connecter ; --disable-gone les en empêche.\n" in result.out
    assert (world.account(XEN1).gone_at, world.account(XEN1).disabled) == (world.now, False)
    clef(f"families import {path} --apply --disable-gone --yes")
    assert world.account(XEN1).disabled


def test_no_family_is_noted_gone_while_an_unreadable_row_may_be_theirs(clef: Clef, world: World, path: Path) -> None:
    clef(f"families import {write(path, ROSSIGNOL, MERLE, GRIVE)} --apply")

    result = clef(f"families import {write(path, but(ROSSIGNOL, identifier=''), MERLE, GRIVE)} --apply")

    assert (
        "Aucune famille n'est notée partie : des lignes sont sans site ou sans identifiant lisible "
        "(1), l'une d'elles peut être la sienne.\n"
    ) in result.out
    assert world.account(XEN1).gone_at is None


def test_what_would_disable_many_stops_before_anything_is_written(clef: Clef, world: World, path: Path) -> None:
    clef(f"families import {write(path, ROSSIGNOL, MERLE, GRIVE)} --apply")
    write(path, but(MERLE, email="neuve@example.org"), GRIVE)

    dry, result = (clef(f"families import {path} --disable-gone {how}") for how in ("", "--apply"))

    sentence = (
        "Familles à désactiver : 1 sur 3, plus d'une sur cinq. Le fichier est-il complet ? "
        "Si c'est voulu, ajoutez --yes. Rien n'a été écrit.\n"
    )
    assert (dry.code, dry.out.endswith(sentence)) == (0, True)
    assert (result.code, result.out, result.err) == (4, "", sentence)
    assert world.account(XEN2).emails == ("merle@example.org",)


def test_disabling_is_refused_while_rows_are_left_out(clef: Clef, path: Path) -> None:
    write(path, ROSSIGNOL, but(MERLE, name=""))

    dry, result = (clef(f"families import {path} --disable-gone --yes {how}") for how in ("", "--apply"))

    sentence = "Pas de désactivation tant que des lignes sont laissées de côté (1)"
    assert (dry.code, sentence in dry.out) == (3, True)
    assert (result.code, result.out, result.err.startswith(sentence)) == (1, "", True)


# Errors that stop it.


def test_a_file_that_cannot_be_read_is_told_in_a_sentence(clef: Clef, tmp_path: Path) -> None:
    result = clef(f"families import {tmp_path}")

    assert (result.code, result.out) == (1, "")
    assert result.err == f"{tmp_path.name} est un dossier : donnez le fichier qui est dedans.\n"


def test_a_report_never_replaces_the_file_nor_goes_where_it_cannot(clef: Clef, path: Path, tmp_path: Path) -> None:
    write(path, ROSSIGNOL)

    over, nowhere = clef(f"families import {path} --report {path}"), clef(f"families import {path} --report {path}/x")

    assert (over.code, "--report écrirait par-dessus familles.csv" in over.err) == (1, True)
    assert (nowhere.code, "n'a pas pu être écrit" in nowhere.err) == (1, True)
    assert [path.name for path in tmp_path.iterdir()] == ["familles.csv"]
    assert path.read_text("utf-8").endswith(ROSSIGNOL)


def test_each_import_that_is_applied_is_listed_for_a_year(clef: Clef, world: World, path: Path) -> None:
    assert "Aucun fichier annuel" in clef("families imports").out
    write(path, ROSSIGNOL, MERLE)
    clef(f"families import {path}")
    clef(f"families import {path} --apply")
    world.wait(timedelta(days=1))
    first = sha256(path.read_bytes()).hexdigest()
    clef(f"families import {write(path, but(ROSSIGNOL, email='r@example.org'), GRIVE)} --apply --yes")

    imports = clef("families imports --json").json["imports"]

    assert [(one["by"], one["at"][:10], one["counts"]) for one in imports] == [
        (OPERATOR, "2026-09-02", {"new": 1, "changed": 1, "gone": 1}),
        (OPERATOR, "2026-09-01", {"new": 2}),
    ]
    assert imports[1] | {"id": "", "at": "", "done_at": ""} == {
        "id": "", "at": "", "done_at": "", "by": OPERATOR, "door": "clef", "file": "familles.csv", "sha256": first,
        "rows": 2, "rows_left_out": 0, "families": 2, "counts": {"new": 2}, "gone_disabled": False,
    }  # fmt: skip
    assert "Nouvelles : 1 ; Changées : 1 ; Parties : 1" in clef("families imports").out
    world.wait(timedelta(days=364, minutes=1))
    assert [one["by"] for one in clef("families imports --json").json["imports"]] == [OPERATOR]


def test_the_former_file_shows_what_it_brings_back(clef: Clef, world: World, path: Path, tmp_path: Path) -> None:
    right, wrong = write(path, ROSSIGNOL, MERLE), tmp_path / "faux.csv"
    assert clef(f"families import {right} --apply").code == 0
    assert "a déjà été appliqué" not in clef(f"families import {right}").out
    world.wait(timedelta(days=1))
    before = world.account(XEN1)
    account = replace(before, household=replace(before.household, address=("1 quai du Port", "91000 Evry")))
    by_family = Actor("family", "Mme Rossignol")
    world.services.accounts.change(before, record_corrections(before, account, by_family, world.now))
    world.wait(timedelta(days=1))
    write(wrong, but(ROSSIGNOL, name="Famille Rossignolet", address="9 rue du Blé"), GRIVE)
    assert clef(f"families import {wrong} --apply --yes").code == 0
    world.wait(timedelta(days=1))

    look = clef(f"families import {right}")

    assert look.code == 0
    text = plain(look.out)
    assert f"Ce fichier a déjà été appliqué le 1er septembre 2026 à 9 h 00 ({OPERATOR})" in text
    assert f"depuis, faux.csv ({OPERATOR}, le 3 septembre 2026 à 9 h 00)" in text
    *_, address = look.out.partition("Ne reviennent pas")[2].partition("Parties :")[0].strip().splitlines()
    assert re.split(r" {2,}", address.strip())[4:] == [
        "Adresse",
        "1 quai du Port ; 91000 Evry",
        "3 rue de l'Orge ; 91000 Evry",
    ]
    assert world.account(XEN1).name == "Famille Rossignolet"
    result = clef(f"families import {right} --apply --yes --json")
    assert result.json["former"]["by"] == OPERATOR
    assert kinds(result) == {"changed": 2, "gone": 1, "not_restored": 1}
    assert (world.account(XEN1).name, world.account(XEN2).gone_at) == ("Famille Rossignol", None)
    assert "a déjà été appliqué" not in clef(f"families import {right}").out


@faults_of("PutItem", "UpdateItem", "Query", "GetItem")
def test_after_a_fault_it_leaves_one_true_line(clef: Clef, world: World, path: Path, call: str, when: When) -> None:
    write(path, ROSSIGNOL, MERLE)
    for skips in range(20):
        world.aws.wipe(world.resources)
        world.aws.calls.clear()
        with world.aws.failing(call, when, times=1, skips=skips):
            clef(f"families import {path} --apply")
        if world.aws.calls.count(call) <= skips:
            break
        assert clef(f"families import {path} --apply").code == 0
        (run,) = clef("families imports --json").json["imports"]
        assert (run["counts"], run["done_at"] is not None) == ({"new": 2}, True), (call, skips)
    else:
        raise AssertionError(f"{call} is called too often to try them all")


def test_a_run_that_is_interrupted_says_how_many_are_done_and_the_same_command_goes_on(
    clef: Clef, world: World, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [but(MERLE, identifier=f"N{number}", email=f"n{number}@example.org") for number in range(120)]
    write(path, *rows)

    class Interrupted(ImportReport):
        """Types Ctrl-C at the hundred and fifth family."""

        def __call__(self, finding: Any) -> None:
            super().__call__(finding)
            if self.families == 105:
                raise KeyboardInterrupt

    with monkeypatch.context() as machine:
        machine.setattr("agency.roster.import_families.ImportReport", Interrupted)
        result = clef(f"families import {path} --apply")

    (run,) = clef("families imports --json").json["imports"]
    assert result.code == 130
    assert (run["done_at"], run["counts"]) == (None, {"new": 120})
    assert OPERATOR in clef("families imports").out
    assert result.err == (
        "Familles faites : 105 sur 120.\n"
        "Interrompu : ce qui est fait est fait, rien n'est à moitié. Relancez la même commande : elle reprend.\n"
    )
    count = len(list(world.services.accounts.all()))
    again = kinds(clef(f"families import {path} --apply --json"))
    assert count >= 105
    assert again.get("unchanged") == count
    assert sum(again.values()) == 120
    world.wait(timedelta(minutes=1))
    clef(f"families import {path} --apply")
    (line,) = clef("families imports --json").json["imports"]
    assert line == run | {"done_at": "2026-09-01 07:00:00+00:00"}, "one line, and the counts of the whole"


def test_an_outage_says_how_many_are_done(clef: Clef, world: World, path: Path) -> None:
    rows = [but(MERLE, identifier=f"N{number}", email=f"n{number}@example.org") for number in range(105)]

    with world.aws.failing("BatchGetItem", "before", skips=3):
        result = clef(f"families import {write(path, *rows)} --apply")

    assert result.code == 1
    assert result.err.startswith("Familles faites : 100 sur 105.\n")
    assert len(list(world.services.accounts.all())) == 100


def test_the_sample_of_the_documentation_is_imported_as_it_says(clef: Clef) -> None:
    result = clef(f"families import {Path(families.__file__).parents[2] / 'docs/familles.csv'} --json")

    assert json.loads(result.out)["rows_left_out"] == 0
    assert result.code == 0


def household(number: int, **cells: str) -> str:
    return but(ROSSIGNOL, identifier=f"XEN {number}", email=f"rossignol{number}@example.org", **cells)


def test_another_familys_identifier_is_shown_asked_about_and_given_to_it(clef: Clef, world: World, path: Path) -> None:
    clef(f"families import {write(path, ROSSIGNOL, MERLE, GRIVE)} --apply")
    before = world.aws.everything(world.resources)
    write(path, but(GRIVE, identifier="XEN 1"), MERLE, but(GRIVE, name="GRIVE", guardian="MME GRIVE", pupil="ANA"))

    result, refusal = clef(f"families import {path}"), clef(f"families import {path} --apply")

    assert "Identifiants repris ? (au dossier, c'est une autre famille) : 1\n" in result.out
    for text in (result.out, refusal.err):
        assert (
            "Identifiants repris ? 1 (XEN 1) : le nom, les responsables et les élèves diffèrent tous du dossier."
            in text
        )
    assert (refusal.code, world.aws.everything(world.resources)) == (4, before)
    run = clef(f"families import {path} --apply --yes --json")
    assert kinds(run) == {"changed": 1, "unchanged": 1, "reused": 1}
    assert (world.account(XEN1).name, world.account(XEN1).emails) == ("Famille Grive", ("grive@example.org",))
