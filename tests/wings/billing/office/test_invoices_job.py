"""Invoices as a job: a ZIP surveyed, then imported, resumed after faults without noting or writing anything twice."""

import zipfile
from io import BytesIO

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.refusals import Unavailable
from chalicelib.domain.staff.desk_jobs import LEASE
from chalicelib.office.jobs.job_run import work
from chalicelib.office.jobs.jobs import confirm
from chalicelib.wings.billing.office import invoices_job as invoices
from chalicelib.wings.billing.stores import Billing
from chalicelib.work.long_jobs import HANDLERS
from tests.support.aws import When, faults_of
from tests.support.billing import PDF
from tests.support.desk_work import MANAGER, deliver_all, read_job
from tests.support.imports import carried_out, report, surveyed
from tests.support.world import World

REFS = [AccountRef("evry-xenakis", f"xen{number}") for number in (1, 2, 3)]
ROWS = [f"evry-xenakis;XEN {number};2026-00{number};01/09/2026;90,00" for number in (1, 2, 3)]
LIST = "\n".join(("Site;Identifiant;N° de facture;Date;Montant", *ROWS))


@pytest.fixture(autouse=True)
def families_on_file(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Store three families, and let a batch hold one."""
    monkeypatch.setattr(invoices, "AT_ONCE", 1)
    for ref in REFS:
        world.settle(ref, password=None)


def zipped(*numbers: str) -> bytes:
    with BytesIO() as stream:
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("factures.csv", LIST)
            for number in numbers:
                archive.writestr(f"Facture {number}.pdf", PDF + number.encode())
        return stream.getvalue()


def on_file(world: World) -> list[int]:
    return [len(world.services.store(Billing).find(ref).invoices) for ref in REFS]


def test_a_zip_is_surveyed_then_imported_with_its_pdfs(world: World) -> None:
    job = surveyed(world, zipped("2026-001", "2026-002"), "invoices")

    summary = report(world, job)
    assert (job.state, on_file(world)) == ("ready", [0, 0, 0])
    assert (summary.kinds, summary.facts["rows"]) == ({"new": 2, "error": 1}, 3)
    assert "n'a pas de PDF au numéro 2026-003" in str(summary.lines["error"][0][-1])

    desk_job = carried_out(world, job)

    assert (desk_job.state, desk_job.result, on_file(world)) == ("done", {"new": 2, "error": 1}, [1, 1, 0])
    invoice = world.services.store(Billing).find(REFS[0]).invoices[0]
    assert world.services.documents.read(invoice.document) == PDF + b"2026-001"
    (entry,) = world.services.audit_trail.on("*", "season")
    assert (entry.kind, entry.author.who) == ("invoices_imported", MANAGER)
    again = surveyed(world, zipped(), "invoices")
    assert report(world, again).kinds == {"unchanged": 2, "error": 1}


def test_a_pdf_that_no_line_names_is_shown_by_a_readable_name(world: World) -> None:
    job = surveyed(world, zipped("2026-001", "2026-002", "2026-003", "2026-\u202e004\x1b"), "invoices")

    summary = report(world, job)
    assert summary.kinds == {"new": 3, "warning": 1}
    assert "« Facture 2026-004.pdf » : la facture manque-t-elle à la liste" in str(summary.lines["warning"][0][-1])
    assert report(world, carried_out(world, job)).kinds == {"new": 3, "warning": 1}


def test_it_goes_on_where_its_time_was_up(world: World) -> None:
    job = surveyed(world, zipped("2026-001", "2026-002", "2026-003"), "invoices")
    confirm(world.services, job, MANAGER, {}, world.now)

    states = []
    while read_job(world, job).is_at_work:
        states.append(work(world.services, job.id, HANDLERS, lambda: world.now, lambda: False))

    assert (states, on_file(world)) == ([None, None, None, "done"], [1, 1, 1])
    assert report(world, job).kinds == {"new": 3}


@faults_of("PUT", "UpdateItem", "BatchWriteItem")
@pytest.mark.parametrize("spared", [0, 3])
def test_after_any_fault_it_is_finished_and_reported_once(world: World, call: str, when: When, spared: int) -> None:
    job = surveyed(world, zipped("2026-001", "2026-002", "2026-003"), "invoices")
    confirm(world.services, job, MANAGER, {}, world.now)

    with world.aws.failing(call, when, times=1, skips=spared):
        try:
            work(world.services, job.id, HANDLERS, lambda: world.now, lambda: True)
        except Unavailable:
            world.wait(LEASE)
    deliver_all(world)

    assert (read_job(world, job).state, on_file(world)) == ("done", [1, 1, 1])
    assert report(world, job).kinds == {"new": 3}
