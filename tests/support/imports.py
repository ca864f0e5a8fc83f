"""Files imported on the desk of a test's world: uploaded as a browser does, surveyed, carried out."""

import re
from collections.abc import Sequence
from typing import Any

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.staff.desk_jobs import DeskJob
from chalicelib.office.jobs.jobs import Report, confirm, start
from chalicelib.office.jobs.uploads import FILE, folder_of, read_report
from tests.support.desk_work import MANAGER, deliver_all, read_job
from tests.support.world import Visitor, World

HEADINGS = "Site;Identifiant;Famille;E-mail;Adresse;Code postal;Ville;Responsable;Élève;Discipline"
SITE = "evry-xenakis"


def row(number: int, name: str = "", site: str = SITE) -> str:
    """Write a row of a family. Another name makes a changed family."""
    name = name or f"Famille Rousserolle {number}"
    return (
        f"{site};NOTE {number};{name};rousserolle{number}@example.org;{number} rue des Saules;91000;Évry;"
        f"Odile Rousserolle;Zoé Rousserolle;Piano"
    )


def csv(rows: Sequence[str]) -> bytes:
    """Write a file of families."""
    return "\n".join([HEADINGS, *rows]).encode()


def ref(number: int, site: str = SITE) -> AccountRef:
    """Return the account of a row."""
    return AccountRef(site, f"note{number}")


def dropped(world: World, content: bytes, kind: str = "families") -> DeskJob:
    """Store a file under a job's key, and start the job."""
    job = DeskJob.ask(kind, MANAGER, world.now)
    world.services.documents.put(folder_of(job) + FILE, content, "application/octet-stream")
    (file,) = world.services.documents.files(folder_of(job))
    return start(world.services, DeskJob.ask(kind, MANAGER, world.now, {"etag": file.etag}, job.id))


def surveyed(world: World, content: bytes, kind: str = "families") -> DeskJob:
    """Have a file surveyed."""
    job = dropped(world, content, kind)
    deliver_all(world)
    return read_job(world, job)


def carried_out(world: World, job: DeskJob, **options: Any) -> DeskJob:
    """Confirm the survey, and carry it out."""
    confirm(world.services, job, MANAGER, options, world.now)
    deliver_all(world)
    return read_job(world, job)


def report(world: World, job: DeskJob) -> Report:
    """Read the report of a job that has one."""
    there = read_report(world.services, job)
    assert there is not None
    return there


def form_of(page: str, action: str) -> dict[str, str]:
    """Read the hidden fields of the page's form with an action."""
    (form,) = re.findall(rf'<form[^>]* action="{re.escape(action)}"[^>]*>(.*?)</form>', page, re.DOTALL)
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))


def drop(world: World, visitor: Visitor, content: bytes, kind: str = "families") -> None:
    """Send a file by the page's signed form, as a browser does."""
    page, action = visitor.get("/extranet/bureau/fichiers").text, f"{world.aws.endpoint_url}/test-documents"
    section = re.search(rf'<section[^>]* aria-labelledby="titre-{kind}">(.*?)</section>', page, re.DOTALL)
    assert section
    world.services.documents.put(form_of(section[1], action)["key"], content, "text/csv")
