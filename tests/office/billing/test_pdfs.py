"""The keys of PDFs: the same for the same, another for anything else, and they say nothing."""

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.office.billing.pdfs import folder_of, key_of, store
from tests.support.billing import OVERDUE, PDF, TO_PAY
from tests.support.world import ROSSIGNOL, World

OTHERS = (AccountRef("evry-magnard", ROSSIGNOL.identifier), AccountRef(ROSSIGNOL.site, "mer7"))


def test_the_same_pdf_of_the_same_invoice_has_the_same_key_and_any_other_has_another(world: World) -> None:
    asked = [
        (ROSSIGNOL, TO_PAY, PDF),
        (ROSSIGNOL, TO_PAY, PDF + b" "),
        (ROSSIGNOL, OVERDUE, PDF),
        *((other, TO_PAY, PDF) for other in OTHERS),
    ]

    keys = [key_of(world.services, *arguments) for arguments in asked]

    assert keys == [key_of(world.services, *arguments) for arguments in asked]
    assert len(set(keys)) == len(keys)
    assert all(key.startswith(folder_of(world.services, ref)) for key, (ref, *_) in zip(keys, asked, strict=True))


def test_no_family_s_folder_begins_as_another_s(world: World) -> None:
    folders = [folder_of(world.services, ref) for ref in (ROSSIGNOL, *OTHERS)]

    assert not [one for one in folders for other in folders if one is not other and one.startswith(other)]


def test_a_pdf_is_stored_as_what_it_is(world: World) -> None:
    key = key_of(world.services, ROSSIGNOL, TO_PAY, PDF)

    store(world.services, key, PDF)

    stored = world.aws.client("s3").get_object(Bucket=world.resources.documents_bucket, Key=key)
    assert (stored["Body"].read(), stored["ContentType"], stored["Metadata"]) == (PDF, "application/pdf", {})
