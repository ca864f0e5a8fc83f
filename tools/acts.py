"""Six acts of visitors, as requests to a running service, and the files of their own that they run through.

An act is its form and its mails. Its own files are neither the platform's nor those of a plain page of its visitor.
"""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from operations.journeys.browser import Browser
from operations.journeys.journey import JourneyLost
from tools.program import Form, Forms, Program

PassedFiles = dict[str, list[str]]  # by « requests » and « jobs »
_SECONDS_OF_JOBS: Final = 3  # until the mails of an act are sent
FAMILY: Final = {"site": "ris-orangis-messiaen", "identifiant": "MES4001", "mot_de_passe": "Loriot6Jaune"}
_ADDRESS: Final = {"voie": "9 rue des Merles", "code_postal": "91000", "ville": "Evry"}
_LOST: Final = {"identifiant": "MAG2001", "email": "bruyere@example.org"}
LOGIN: Final = "/extranet/compte/connexion"
_LOST_PAGE: Final = "/extranet/compte/mot-de-passe-perdu"
_FILE: Final = "/extranet/compte/famille"
_DESK: Final = "/extranet/bureau"
_SENT: Final = f"{_DESK}/reinscriptions?site=evry-magnard&etat=envoyee"
_PLAIN: Final = ("/extranet/compte/mot-de-passe", f"{_DESK}/recherche")  # of a family, and of the desk
# What every act stands on, and knows no subject. The desk's sentences count as the page's that shows them.
PLATFORM: Final = (
    *("app", "chalicelib/values", "chalicelib/wiring", "chalicelib/infra", "chalicelib/domain/fields"),
    *("chalicelib/domain/text", "chalicelib/settings/environment", "chalicelib/settings/network"),
    *("chalicelib/settings/parts", "chalicelib/services/family", "chalicelib/services/staff"),
    *("chalicelib/services/mails", "chalicelib/mail/jobs", "chalicelib/mail/letters", "chalicelib/mail/mailer"),
    *(
        "chalicelib/mail/outbox",
        "chalicelib/mail/post_box",
        "chalicelib/work/post",
        "chalicelib/presentation/rendering",
    ),
    "chalicelib/work/bounces",  # SES's report of a mail, which `make run` makes up
    *("chalicelib/presentation/texts", "chalicelib/presentation/typography", "chalicelib/presentation/typesetter"),
    *("chalicelib/presentation/office", "chalicelib/web/edge", "chalicelib/web/requests", "chalicelib/web/responses"),
    *("chalicelib/web/family/edge", "chalicelib/web/office/edge", "chalicelib/web/office/acts"),
    *("chalicelib/web/office/filters", "chalicelib/web/office/lists"),
)


@contextmanager
def _traced(folder: Path) -> Iterator[tuple[str, Callable[[], PassedFiles]]]:
    """Run the service of a folder. Yields its address, and a callable for the files that ran since its last call."""
    command = [sys.executable, str(Path(__file__).with_name("tracer.py"))]
    environment = {**os.environ, "PORT": "0", "PYTHONUNBUFFERED": "1", "PYTHONPATH": "", "START": "bare"}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=folder, env=environment, stdin=pipe, stdout=pipe, text=True) as process:  # noqa: S603 - ours
        lines, requests_in = process.stdout or iter(()), process.stdin

        def passed() -> PassedFiles:
            print(file=requests_in, flush=True)
            files: PassedFiles = json.loads(
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


def _open_period(manager: Program) -> str:
    """Set a period of re-enrolment on the desk that is open today. Returns the manager's password."""
    member = manager.enter(_DESK, "manager")
    manager.open("/extranet/bureau/saison/periode")
    today = datetime.now(UTC)
    days = {"ouvre": today - timedelta(days=2), "ferme": today + timedelta(days=20)}
    form = manager.form("/periode$")
    manager.open(form.action, form.fields | {"site": "tous", **{name: f"{day:%d/%m/%Y}" for name, day in days.items()}})
    return str(member["mot_de_passe"])


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


class _ReadyAct(NamedTuple):
    """An act whose page is open: all but the request that does it."""

    visitor: Program
    action: str
    fields: dict[str, str]


def _form_with(page: str, name: str, value: str) -> Form:
    """Find the form of a page with a value of a field."""
    return next(form for form in Forms(page).forms if form.fields.get(name) == value)


def _family_acts(family: Program) -> Iterator[tuple[str, _ReadyAct]]:
    """Prepare a family's acts, in turn."""
    yield "log in", _ReadyAct(family, LOGIN, FAMILY)
    yield "ask for a lost password", _ReadyAct(Program(family.browser), _LOST_PAGE, _LOST)
    form = _form_with(family.open(_FILE), "quoi", "adresse")
    yield "correct a postal address", _ReadyAct(family, form.action, form.fields | _ADDRESS)


def _desk_acts(
    secretary: Program, manager: Program, password: str, missed_lesson: dict[str, str]
) -> Iterator[tuple[str, _ReadyAct]]:
    """Prepare the desk's acts, in turn."""
    secretary.open(_SENT)
    secretary.open(secretary.link("Gustave"))
    form = secretary.form("/decision$")
    yield "accept a re-enrolment", _ReadyAct(secretary, form.action, form.fields | {"decision": "accepted"})
    (path, *_) = re.findall(rf'"({_DESK}/demandes/P\d\d-BCDF-GHJK)', manager.open(f"{_DESK}/demandes"))
    page = manager.open(path)
    (place, *_) = re.findall(r'<option value="(evry-magnard/[^"]+)"', page)
    fields = {"place": place, "raison": "Fratrie", "mot_de_passe": password}
    form = manager.form("/place$")
    yield "offer a place", _ReadyAct(manager, form.action, form.fields | fields)
    proof = secretary.form("/deconnexion$").fields["jeton"]
    excused_lesson = {**missed_lesson, "jeton": proof, "raison": "Au téléphone"}
    yield "excuse an absence", _ReadyAct(secretary, f"{_DESK}/absences/excuser", excused_lesson)


def follow(folder: Path) -> Iterator[tuple[str, PassedFiles]]:
    """Open plain pages, then do the acts, in the service of a folder. Yields the files that each runs through.

    Raises `JourneyLost` for an act that is refused.
    """
    with _traced(folder) as (url, files_of):
        manager = Program(Browser(url))  # who logs in once: each code is for one login
        password = _open_period(manager)
        missed_lesson = _call_roll(Program(Browser(url)))
        family, secretary = Program(Browser(url)), Program(Browser(url))
        secretary.enter(_DESK, "secretary")
        family.open(LOGIN, FAMILY)
        files_of()
        for visitor, page in zip((family, secretary), _PLAIN, strict=True):
            visitor.open(page)
        yield "", files_of()
        of_desk = _desk_acts(secretary, manager, password, missed_lesson)
        for acts in (_family_acts(Program(Browser(url))), of_desk):
            for name, act in acts:
                files_of()
                answer = act.visitor.browser.send(name, act.action, act.fields)
                if answer.status not in {200, 303}:
                    raise JourneyLost(f"{name}: {answer.status}")
                time.sleep(_SECONDS_OF_JOBS)
                yield name, files_of()


def own_files(files: set[str], plain: set[str]) -> set[str]:
    """Take an act's own files: neither the platform's nor a plain page's."""
    rooms = tuple(f"{place}{end}" for place in PLATFORM for end in (".py", "/"))
    return {file for file in files - plain if not re.sub(r"wings/\w+/(?=presentation/)", "", file).startswith(rooms)}


def table(folder: Path) -> Iterator[str]:
    """Write a row for each act: the files of its request, its mails, both, and its own."""
    yield f"{'files passed by an act':40}{'request':>10}{'mails':>7}{'both':>7}{'own':>7}"
    (_, plain), *acts = follow(folder)
    for name, files in acts:
        request, mails = set(files["requests"]), set(files["jobs"])
        files_of_act = own_files(request | mails, set(plain["requests"]))
        yield f"{name:40}{len(request):10}{len(mails):7}{len(request | mails):7}{len(files_of_act):7}"
