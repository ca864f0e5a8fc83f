"""Fictitious invoices, reproducible by seed. An import accepts all of them except the planted slips."""

import sys
from collections import Counter
from pathlib import Path

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.identifiers import identifier_from
from chalicelib.domain.roster.yearly_file import Anomaly
from chalicelib.office.files.open_file import open_file
from chalicelib.settings.environment import load_network
from chalicelib.wings.billing.domain.bills import Bills
from chalicelib.wings.billing.office.import_invoices import InvoiceEvent, InvoiceImport, carry_out
from chalicelib.wings.billing.office.invoice_columns import INVOICES
from chalicelib.wings.billing.office.invoice_pdfs import pdfs_in_folder
from chalicelib.wings.billing.office.survey import survey_invoices
from chalicelib.wings.billing.stores import Billing
from tests.support.world import World
from tools.fixtures.__main__ import main
from tools.local.families import FAMILIES, store_bills, store_families

NETWORK = load_network()


def made(folder: Path, machine: pytest.MonkeyPatch, *options: str) -> Path:
    machine.setattr(sys, "argv", ["fixtures", "invoices", str(folder), *options])
    main()
    return folder


def imported(world: World, folder: Path) -> tuple[Counter[str], Counter[str]]:
    """Import a list, and return the invoices by kind, and the anomalies by code."""
    events: list[InvoiceEvent] = []
    file = open_file(folder / "factures.csv", NETWORK, layout=INVOICES)
    survey_result = survey_invoices(world.services, file, events.append)
    carry_out(InvoiceImport(world.services, survey_result, pdfs_in_folder(folder / "pdf"), apply=True), events.append)
    anomalies = Counter(each.code for each in events if isinstance(each, Anomaly))
    return Counter(each.kind for each in events if not isinstance(each, Anomaly)), anomalies


def test_the_same_seed_makes_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folders = [
        made(tmp_path / seed, monkeypatch, "--families", "9", "--seed", seed.removesuffix("x"))
        for seed in ("1", "1x", "2")
    ]

    first, two, third = ({path.name: path.read_bytes() for path in folder.rglob("*.*")} for folder in folders)
    assert first == two != third


def test_those_of_make_run_are_taken_once(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store_families(world.services)
    folder = made(tmp_path, monkeypatch)
    count = len(list((folder / "pdf").iterdir()))

    assert imported(world, folder) == ({"new": count}, {})
    assert imported(world, folder) == ({"unchanged": count}, {})
    assert count > len(FAMILIES)


def test_slips_are_planted_where_asked_for(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = made(tmp_path, monkeypatch, "--families", "60", "--anomalies")

    _, anomalies = imported(world, folder)

    assert set(anomalies) == {"invoice_amount_unreadable", "invoice_family_unknown"}


def test_a_visitor_of_make_run_finds_bills_of_each_kind(world: World) -> None:
    store_families(world.services)
    store_bills(world.services)

    bills: dict[str, Bills] = {
        family.identifier: world.services.store(Billing).find(
            AccountRef(family.site, identifier_from(family.identifier))
        )
        for family in FAMILIES
    }
    states = Counter(each.state(world.now.date()) for each in bills["MES4001"].invoices)
    assert states == {"paid": 1, "overdue": 1, "credit": 1, "to_pay": 1}
    assert bills["HEN5002"].balance == 0
    assert {each.document for each in bills["MES4001"].invoices} < set(world.aws.documents(world.resources))
