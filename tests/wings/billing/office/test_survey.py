"""The survey of invoices: it writes nothing, reports each anomaly once, and knows the stored invoices."""

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.roster.yearly_file import Anomaly
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.dues import OnlinePart
from chalicelib.settings.wings import parts
from chalicelib.wings.billing.office.survey import InvoiceSurvey, folder_of, key_of, store, survey_invoices
from tests.support.billing import OVERDUE, PDF, TO_PAY, bill
from tests.support.invoices import AVOIR, COURS, LOCATION, MERLE, but, file
from tests.support.world import ROSSIGNOL, World

OTHERS = (AccountRef("evry-magnard", ROSSIGNOL.identifier), AccountRef(ROSSIGNOL.site, "mer7"))


def test_the_same_pdf_of_the_same_invoice_has_the_same_key_and_any_other_has_another(world: World) -> None:
    invoices = [
        (ROSSIGNOL, TO_PAY, PDF),
        (ROSSIGNOL, TO_PAY, PDF + b" "),
        (ROSSIGNOL, OVERDUE, PDF),
        *((other, TO_PAY, PDF) for other in OTHERS),
    ]

    keys = [key_of(world.services, *arguments) for arguments in invoices]

    assert keys == [key_of(world.services, *arguments) for arguments in invoices]
    assert len(set(keys)) == len(keys)
    assert all(key.startswith(folder_of(world.services, ref)) for key, (ref, *_) in zip(keys, invoices, strict=True))


def test_no_family_s_folder_begins_as_another_s(world: World) -> None:
    folders = [folder_of(world.services, ref) for ref in (ROSSIGNOL, *OTHERS)]

    assert not [one for one in folders for other in folders if one is not other and one.startswith(other)]


def test_a_pdf_is_stored_as_what_it_is(world: World) -> None:
    key = key_of(world.services, ROSSIGNOL, TO_PAY, PDF)

    store(world.services, key, PDF)

    pdf = world.aws.client("s3").get_object(Bucket=world.resources.documents_bucket, Key=key)
    assert (pdf["Body"].read(), pdf["ContentType"], pdf["Metadata"]) == (PDF, "application/pdf", {})


XEN1, XEN2 = (AccountRef("evry-xenakis", identifier) for identifier in ("xen1", "xen2"))


def survey(world: World, *rows: tuple[str, ...]) -> tuple[InvoiceSurvey, list[str]]:
    anomalies: list[Anomaly] = []
    result = survey_invoices(world.services, file(*rows), anomalies.append)
    return result, [anomaly.code for anomaly in anomalies]


def test_a_list_is_put_together_by_family(world: World) -> None:
    result, codes = survey(world, COURS, MERLE, LOCATION, AVOIR)

    numbers = {ref.identifier: [entry.invoice.number for entry in listed] for ref, listed in result.families.items()}
    assert numbers == {"xen1": ["2026-0012", "2026-0003"], "xen2": ["2026-0020"], "mag3": ["2026-0015"]}
    assert (result.rows, result.invoices, codes) == (4, 4, [])
    assert world.aws.everything(world.resources) == ""


def test_the_bills_of_the_sites_mentioned_are_read_and_no_others(world: World) -> None:
    bill(world, TO_PAY, to=XEN1)
    bill(world, OVERDUE, to=AccountRef("evry-magnard", "mag3"))
    world.aws.calls.clear()

    result, _ = survey(world, COURS)

    assert result.bills_of(XEN1).invoices == (TO_PAY,)
    assert result.bills_of(XEN2).invoices == ()
    assert [(ref, invoice.number) for ref, invoice in result.absent] == [(XEN1, "2026-0020")]
    assert world.aws.calls == ["Query"] * (2 + len(parts(OnlinePart)))


def test_each_anomaly_is_told_once(world: World) -> None:
    bill(world, OVERDUE, to=XEN2)

    result, codes = survey(world, but(COURS, amount="?"), MERLE, but(MERLE, identifier="XEN 7"), LOCATION)

    assert codes == ["invoice_amount_unreadable", "invoice_of_two_families", "invoice_of_another"]
    assert result.invoices == 0
    assert list(result.absent) == []


def test_a_list_of_nothing_is_refused(world: World) -> None:
    with pytest.raises(OfficeRefusal, match="invoices_without_rows"):
        survey(world)
