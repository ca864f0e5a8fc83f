"""docs/agency.md is true: its commands are typed in order, on its days, with the output that the page shows.

`CLEF_WRITE=1 pytest tests/agency/test_year.py` writes the current output into the page.
"""

import os
import re
import shlex
import subprocess
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from shutil import copytree

import pytest

from agency.campaign import send as campaigning
from chalicelib.domain.account.accounts import Account
from chalicelib.domain.account.audit import Author
from chalicelib.domain.dossiers.documents import FOYER, ProvidedDocument, SavedBy
from chalicelib.domain.dossiers.uploads import family_folder
from chalicelib.domain.enrolment.answers import CourseWish, PupilAnswers
from chalicelib.domain.enrolment.enrolments import Enrolment, Verdict
from chalicelib.domain.enrolment.periods import PARIS, EnrolmentRef
from chalicelib.domain.enrolment.submissions import submit
from chalicelib.domain.family.households import Pupil
from chalicelib.office.account import pseudonym
from chalicelib.office.enrolment.decide import EnrolmentDecisionInput
from chalicelib.office.helpdesk.access import HelpdeskCase, switch
from chalicelib.office.helpdesk.email import AddressChange, change_email
from tests.support.answers import WHOLE
from tests.support.browser_upload import PDF
from tests.support.campaigns import work
from tests.support.clef import Clef
from tests.support.enrolled_families import decide
from tests.support.french import plain
from tests.support.passing_time import Meanwhile
from tests.support.uploads import new_key
from tests.support.world import PASSWORD, World

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/agency.md"
_STEP = re.compile(r"^<!-- (?P<told>.+) -->$|^```console\n(?P<typed>(?:\$ .+\n)+)(?P<said>[\s\S]*?)^```$", re.MULTILINE)
_DAY = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")
_UPLOADS = re.compile(r"(?P<identifier>[A-Z]+ \d+) dépose (?P<code>\S+)")
_ENROLS = re.compile(r"(?P<identifier>[A-Z]+ \d+) (?:commence|envoie (?P<number>R\S+)) : (?P<words>.+)")
_DECIDES = re.compile(
    r"(?P<identifier>[A-Z]+ \d+) : (?P<name>\w+) est (?P<verdict>acceptée|à compléter)(?: : (?P<words>.+))?"
)
_MOVES = re.compile(r"(?P<identifier>[A-Z]+ \d+) : (?P<old>\S+@\S+) devient (?P<new>\S+@\S+)")
_CLOSES = re.compile(r"(?P<identifier>[A-Z]+ \d+) : désactivé")
_AT_THE_DESK = Author("Mme Lyre", "appel de la famille")
_SAID = re.compile(r"(?P<name>\w+) (?:continue|change pour (?P<wish>\w+)(?: le (?P<day>\w+))?|part : (?P<reason>.+))")
_FAMILIES = re.compile(r"mots de passe : (\d+), connexions : (\d+)")


def _was_reached(account: Account) -> bool:
    return any(notice.state == "delivered" for notice in account.notices)


class Year:
    """A secretary's year: days pass, families act, commands are typed."""

    def __init__(self, world: World, clef: Clef) -> None:
        self._world = world
        self._clef = clef

    def step(self, match: re.Match[str]) -> str:
        """Go through one step of the page, and return it with its current output."""
        if match["told"]:
            self._pass(match["told"])
            return match[0]
        result = "".join(self._type(line.removeprefix("$ ")) for line in match["typed"].splitlines())
        return f"```console\n{match['typed']}{result}```"

    def _pass(self, step: str) -> None:
        if _DAY.fullmatch(step):
            self._world.now = datetime.fromisoformat(step).replace(tzinfo=PARIS)
        elif families := _FAMILIES.fullmatch(step):
            self._families(*map(int, families.groups()))
        elif uploads := _UPLOADS.fullmatch(step):
            self._upload(**uploads.groupdict())
        elif decides := _DECIDES.fullmatch(step):
            self._decide(**decides.groupdict())
        elif moves := _MOVES.fullmatch(step):
            change_email(
                self._world.services, self._asked(moves), AddressChange(moves["new"], moves["old"]), self._world.now
            )
        elif closes := _CLOSES.fullmatch(step):
            switch(self._world.services, self._asked(closes), self._world.now, is_disabled=True)
        elif enrols := _ENROLS.fullmatch(step):
            self._enrol(**enrols.groupdict())

    @staticmethod
    def _asked(match: re.Match[str]) -> HelpdeskCase:
        return HelpdeskCase(match["identifier"], None, _AT_THE_DESK)

    def _families(self, passwords: int, logins: int) -> None:
        world = self._world
        accounts = [account for account in world.services.accounts.all() if _was_reached(account)]
        accounts.sort(key=lambda each: each.ref.identifier)
        for number, account in enumerate(accounts[:passwords]):
            account_after = account.with_mailed_password(PASSWORD, "request", world.now)
            account_after = world.services.accounts.change(account, account_after)
            if number < logins:
                password_hash = world.services.hasher.hash(PASSWORD)
                world.services.accounts.change(
                    account_after, account_after.with_login(world.now).with_password(password_hash, "mailed", world.now)
                )

    def _upload(self, identifier: str, code: str) -> None:
        """Let a family upload a PDF for its household, and save it."""
        world = self._world
        account = next(account for account in world.services.accounts.all() if account.display_identifier == identifier)
        key = new_key(family_folder("2027", account.ref.site, pseudonym(world.services, account.ref)), (code, FOYER))
        world.services.documents.put(key, PDF, "binary/octet-stream")
        world.aws.date_back(world.resources, key, world.now)
        document = ProvidedDocument(code, FOYER, SavedBy(account.household.guardians[0].name, world.now), key)
        enrolment = world.services.enrolments.find(EnrolmentRef(account.ref, "2027"))
        world.services.enrolments.revise(enrolment, lambda found: found.with_document(document))

    def _enrol(self, identifier: str, number: str | None, words: str) -> None:
        """Let a family answer for its pupils, and send them if its line has a receipt's number."""
        world = self._world
        account = next(account for account in world.services.accounts.all() if account.display_identifier == identifier)
        author = SavedBy(account.household.guardians[0].name, world.now)
        state = world.services.enrolments.find(EnrolmentRef(account.ref, "2027"))
        state = state.with_household(replace(WHOLE, payer=author.by), author)
        keys = []
        for answer in words.split(" ; "):
            match = _SAID.fullmatch(answer)
            assert match
            key, pupil = next(
                (code, child) for code, child in account.household.pupils_by_key.items() if match["name"] in child.name
            )
            file = state.file_of(key, pupil.name)
            state = state.with_pupil(file.with_draft(_answers(pupil, **match.groupdict()), author), world.now)
            keys.append(key)
        if number:
            state = submit(state, tuple(pupil for pupil in state.pupils if pupil.key in keys), number, author)
        world.services.enrolments.revise(Enrolment(state.ref), lambda _: state)

    def _decide(self, identifier: str, name: str, verdict: str, words: str | None) -> None:
        """Let the office decide on a pupil, at the desk."""
        world = self._world
        ref = next(one.ref for one in world.services.accounts.all() if one.display_identifier == identifier)
        verdict_code: Verdict = "accepted" if verdict == "acceptée" else "to_complete"
        decide(world.services, EnrolmentDecisionInput(verdict_code, "Mme Lyre", words or ""), world.now, name, ref=ref)

    def _type(self, line: str) -> str:
        program, *words = shlex.split(line.partition("  #")[0])
        if program == "python":
            process = subprocess.run(
                [sys.executable, *words],
                capture_output=True,
                text=True,
                check=True,
                env=os.environ | {"PYTHONPATH": str(ROOT)},
            )
            return process.stdout
        assert program == "clef"
        result = self._clef(shlex.join(words))
        return "".join(f"{line.rstrip()}\n" for line in (result.out + result.err).strip("\n").splitlines())


def _answers(pupil: Pupil, name: str, wish: str | None, day: str | None, reason: str | None) -> PupilAnswers:
    assert name
    if reason:
        return PupilAnswers(stays=False, reason=reason)
    days = (day,) if day else ()
    wishes = (CourseWish(course.discipline, "change" if wish else "keep", wish or "", days) for course in pupil.courses)
    return PupilAnswers(stays=True, wishes=tuple(wishes), image_rights=False)


def work_aside(world: World) -> None:
    """Let the post work. Its AWS calls do not count as the command's."""
    count = len(world.aws.table_requests)
    work(world)
    del world.aws.table_requests[count:]


@pytest.mark.wing("billing", "campaign")
@pytest.mark.usefixtures("pages")
def test_page_and_commands_agree(world: World, clef: Clef, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(campaigning, "MailRun", Meanwhile(world, work_aside).run)
    monkeypatch.chdir(tmp_path)
    copytree(ROOT / "docs/exemple", tmp_path, dirs_exist_ok=True)
    page = PAGE.read_text(encoding="utf-8")

    true = _STEP.sub(Year(world, clef).step, page)

    if os.environ.get("CLEF_WRITE"):
        PAGE.write_text(true, encoding="utf-8")
    assert plain(true) == plain(page)
