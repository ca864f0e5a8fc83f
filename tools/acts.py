"""Six acts of visitors, as requests to a running service, each with the files of ours that it runs through."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from operations.journeys.browser import Browser
from operations.journeys.journey import JourneyAnswer, reenrol
from tools.application import NewFamily, ask_for_place, expect
from tools.outside import LetterBox
from tools.program import Program

ClosedOffer = dict[str, list[str]]  # files, by « requests » and « jobs »
_SECONDS_OF_JOBS: Final = 3  # until the mails of an act are sent
FAMILY: Final = {"site": "ris-orangis-messiaen", "identifiant": "MES4001", "mot_de_passe": "Loriot6Jaune"}
_PUPIL: Final = {
    "prenom": "Alba",
    "nom": "Geai",
    "naissance": "14/03/2016",
    "discipline-1": "Violon",
    "site-1": "evry-magnard",
    "niveau-1": "Débutant",
}
LOGIN: Final = "/extranet/compte/connexion"
_SENT: Final = "/extranet/bureau/reinscriptions?site=evry-magnard&etat=envoyee"


@contextmanager
def _traced(folder: Path) -> Iterator[tuple[str, Callable[[], ClosedOffer]]]:
    """Run the service of a folder. Yields its address, and a callable for the files that ran since its last call."""
    command = [sys.executable, str(Path(__file__).with_name("tracer.py"))]
    environment = {**os.environ, "PORT": "0", "PYTHONUNBUFFERED": "1", "PYTHONPATH": "", "START": "bare"}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=folder, env=environment, stdin=pipe, stdout=pipe, text=True) as process:  # noqa: S603 - ours
        lines, asked = process.stdout or iter(()), process.stdin

        def passed() -> ClosedOffer:
            print(file=asked, flush=True)
            files: ClosedOffer = json.loads(
                next(line.removeprefix("passed ") for line in lines if line.startswith("passed "))
            )
            return files

        try:
            yield (
                next(line.split()[1].removesuffix("/extranet") for line in lines if line.startswith("Extranet")),
                passed,
            )
        finally:
            process.terminate()


def open_period(manager: Program) -> None:
    """Set a period of re-enrolment on the desk that is open today."""
    manager.enter("/extranet/bureau", "manager")
    manager.open("/extranet/bureau/saison/periode")
    today = datetime.now(UTC)
    days = {"ouvre": today - timedelta(days=2), "ferme": today + timedelta(days=20)}
    form = manager.form("/periode$")
    manager.open(form.action, form.fields | {"site": "tous", **{name: f"{day:%d/%m/%Y}" for name, day in days.items()}})


def _call_roll(teacher: Program) -> dict[str, str]:
    """Mark the first pupil of last week's first lesson absent. Returns the fields that excuse the absence."""
    teacher.enter("/extranet/enseignant", "teacher")
    teacher.open(teacher.link("Semaine précédente"))
    teacher.open(teacher.link("Faire l"))
    form = teacher.form("/appel/")
    teacher.open(form.action, form.fields | dict.fromkeys(form.choices, "absent"))
    site, course, _, day = form.action.partition("?")[0].split("/")[-4:]
    _, pupil, key = next(iter(form.choices)).split("-")
    return {"site": site, "eleve": f"{pupil}.{key}", "jour": f"{course}.{day}"}


def follow(folder: Path) -> Iterator[tuple[str, ClosedOffer]]:
    """Walk plain pages, then the acts, in the service of a folder. Yields the files that each runs through."""
    with _traced(folder) as (url, passed):
        mailbox, family, secretary = LetterBox(url), Browser(url), Program(Browser(url))
        open_period(Program(Browser(url)))
        missed = _call_roll(Program(Browser(url)))
        secretary.enter("/extranet/bureau", "secretary")
        secretary.open(_SENT)
        other = Program(Browser(url))
        other.open(LOGIN, FAMILY)

        def ask(name: str, path: str, form: dict[str, str] | None = None) -> JourneyAnswer:
            return expect(family.send, name, path, form)

        def excuse() -> None:
            proof = secretary.form("/deconnexion$").fields["jeton"]
            secretary.open("/extranet/bureau/absences/excuser", {**missed, "jeton": proof, "raison": "Au téléphone"})

        def accept() -> None:
            secretary.open(secretary.link("Gustave"))
            secretary.submit("/decision$", decision="accepted")

        lost = {"identifiant": "MAG2001", "email": "bruyere@example.org"}

        def plain() -> None:
            other.open("/extranet/compte/mot-de-passe")
            Program(secretary.browser).open("/extranet/bureau/recherche")

        acts: dict[str, Callable[[], object]] = {
            "log in": lambda: ask("", LOGIN, FAMILY),
            "ask for a lost password": lambda: Program(family).open("/extranet/compte/mot-de-passe-perdu", lost),
            "re-enrol": lambda: reenrol(ask),
            "apply for a place": lambda: ask_for_place(
                Browser(url).send, NewFamily("alba@example.org", (_PUPIL,)), mailbox.code, time.sleep
            ),
            "accept a re-enrolment": accept,
            "excuse an absence": excuse,
        }
        passed()
        for name, act in {"": plain, **acts}.items():
            act()
            time.sleep(_SECONDS_OF_JOBS)
            yield name, passed()
        mailbox.stop()


def table(folder: Path) -> Iterator[str]:
    """Write a row for each act: files of its requests, its mails, both, and those no plain page uses (« own »)."""
    yield f"{'files passed by an act':40}{'requests':>10}{'mails':>7}{'both':>7}{'own':>7}"
    (_, shared), *acts = follow(folder)
    for name, files in acts:
        requests, mails = set(files["requests"]), set(files["jobs"])
        own = (requests | mails) - set(shared["requests"])
        yield f"{name:40}{len(requests):10}{len(mails):7}{len(requests | mails):7}{len(own):7}"
