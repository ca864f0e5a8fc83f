"""The list of invoices surveyed: nothing is written, each anomaly is told once, and what is on file is known."""

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.roster.yearly_file import Anomaly
from chalicelib.office.billing.survey import InvoiceSurvey, survey_invoices
from chalicelib.office.refusals import OfficeRefusal
from tests.support.billing import OVERDUE, TO_PAY, bill
from tests.support.invoices import AVOIR, COURS, LOCATION, MERLE, but, file
from tests.support.world import World

XEN1, XEN2 = (AccountRef("evry-xenakis", identifier) for identifier in ("xen1", "xen2"))


def survey(world: World, *rows: tuple[str, ...]) -> tuple[InvoiceSurvey, list[str]]:
    told: list[Anomaly] = []
    found = survey_invoices(world.services, file(*rows), told.append)
    return found, [anomaly.code for anomaly in told]


def test_a_list_is_put_together_by_family(world: World) -> None:
    found, codes = survey(world, COURS, MERLE, LOCATION, AVOIR)

    numbers = {ref.identifier: [entry.invoice.number for entry in listed] for ref, listed in found.families.items()}
    assert numbers == {"xen1": ["2026-0012", "2026-0003"], "xen2": ["2026-0020"], "mag3": ["2026-0015"]}
    assert (found.rows, found.invoices, codes) == (4, 4, [])
    assert world.aws.everything(world.resources) == ""


def test_the_bills_of_the_sites_mentioned_are_read_and_no_others(world: World) -> None:
    bill(world, TO_PAY, to=XEN1)
    bill(world, OVERDUE, to=AccountRef("evry-magnard", "mag3"))
    world.aws.calls.clear()

    found, _ = survey(world, COURS)

    assert found.bills_of(XEN1).invoices == (TO_PAY,)
    assert found.bills_of(XEN2).invoices == ()
    assert [(ref, invoice.number) for ref, invoice in found.absent] == [(XEN1, "2026-0020")]
    assert world.aws.calls == ["Query"]


def test_each_anomaly_is_told_once(world: World) -> None:
    bill(world, OVERDUE, to=XEN2)

    found, codes = survey(world, but(COURS, amount="?"), MERLE, but(MERLE, identifier="XEN 7"), LOCATION)

    assert codes == ["invoice_amount_unreadable", "invoice_of_two_families", "invoice_of_another"]
    assert found.invoices == 0
    assert list(found.absent) == []


def test_a_list_of_nothing_is_refused(world: World) -> None:
    with pytest.raises(OfficeRefusal, match="invoices_without_rows"):
        survey(world)
