"""Smoke test of another Python (`make smoke`): imports everything, walks the journey, shows `clef --help`."""

import os
import subprocess
import sys
from pathlib import Path

from tests.support.enrolment import ZELIE_KEY, open_season
from tests.support.enrolment_pages import page_html, version_of_page
from tests.support.world import EMAIL, ROSSIGNOL, Visitor, World

ROOT = Path(__file__).parents[2]
NEW_PASSWORD = "Mouette31Grise"
LOST = "/extranet/compte/mot-de-passe-perdu"
CHANGE = "/extranet/compte/mot-de-passe"
STEPS = "/extranet/compte/reinscription"
# Run in a separate environment, by a library that this one does not have (MiniStack).
ELSEWHERE = ("tools/stack/inside/",)


def run(*words: str) -> "subprocess.CompletedProcess[str]":
    environment = {"PATH": os.environ["PATH"], "HOME": "/nowhere", "PYTHONPATH": str(ROOT)}
    return subprocess.run([sys.executable, *words], env=environment, capture_output=True, text=True, check=False)


def test_every_module_is_imported() -> None:
    files = (
        path.relative_to(ROOT)
        for folder in ("chalicelib", "agency", "operations", "tools")
        for path in ROOT.glob(f"{folder}/**/*.py")
    )
    names = [".".join(file.with_suffix("").parts) for file in sorted(files) if not str(file).startswith(ELSEWHERE)]

    process = run(
        "-c", "import importlib, sys\nfor name in sys.argv[1:]:\n    importlib.import_module(name)", "app", *names
    )

    assert (process.returncode, process.stderr) == (0, "")


def test_clef_shows_its_help() -> None:
    process = run("-m", "agency", "--help")

    assert (process.returncode, process.stderr) == (0, "")
    assert "Clef, côté administration" in process.stdout


def test_a_family_gets_a_password_changes_it_and_re_enrols(world: World, visitor: Visitor) -> None:
    open_season(world)

    assert visitor.post(LOST, {"identifiant": ROSSIGNOL.identifier, "email": EMAIL}).status_code == 200
    world.deliver()
    password = world.mailed_password()
    assert visitor.log_in(password=password).status_code == 303
    change = {"actuel": password, "nouveau": NEW_PASSWORD, "confirmation": NEW_PASSWORD}
    assert visitor.post(CHANGE, change).status_code == 303
    assert visitor.log_in(password=password).status_code == 401
    assert visitor.log_in(password=NEW_PASSWORD).status_code == 303
    path = f"{STEPS}/eleves/{ZELIE_KEY}"
    assert visitor.post(path, {"choix": "non", "par": "1", "vu": version_of_page(visitor, path)}).status_code == 303
    summary = f"{STEPS}/recapitulatif"
    answer = visitor.post(summary, {f"envoyer-{ZELIE_KEY}": "oui", "par": "1", "vu": version_of_page(visitor, summary)})

    assert answer.status_code == 303
    assert "Zélie Rossignol" in page_html(visitor, answer.headers["Location"])
