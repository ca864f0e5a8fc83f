"""The item of a re-enrolment: every value comes back."""

from chalicelib.domain.enrolment.enrolments import Enrolment
from chalicelib.domain.enrolment.seasons import forgotten_at
from chalicelib.domain.enrolment.submissions import submit
from chalicelib.infra.dynamo.values import decode, encode_item
from chalicelib.stores.enrolment_items import enrolment_from, item_of
from tests.support.answers import FULL, NOW, REF, SAVED, WHOLE


def there_and_back(enrolment: Enrolment) -> Enrolment:
    return enrolment_from(enrolment.ref, decode({"M": encode_item(item_of(enrolment))}))


def test_every_field_comes_back() -> None:
    assert there_and_back(FULL) == FULL
    begun = Enrolment(REF, started_at=NOW)
    assert there_and_back(begun) == begun


def test_what_the_version_before_knows_not_stands_apart_and_it_finds_its_own_as_it_wrote_it() -> None:
    """After a rollback, writes compare the receipts as read, which must therefore contain nothing unknown."""
    later = submit(FULL, (), "R27-EEEE-FFFF", SAVED, with_household=True)
    item = item_of(later)

    known = {"at", "by", "household", "pupils", "provided"}
    assert {name for each in item["receipts"].values() for name in each} == known
    assert there_and_back(later) == later
    without = {name: value for name, value in item.items() if name != "receipt_marks"}
    read = enrolment_from(REF, decode({"M": encode_item(without)}))
    assert read.household_receipt
    assert read.household_receipt.household == WHOLE


def test_receipts_of_one_second_stay_in_the_order_in_which_they_were_sent() -> None:
    made = FULL
    for number in ("R27-ZZZZ-ZZZZ", "R27-BBBB-BBBB", "R27-MMMM-MMMM"):
        made = submit(made, (), number, SAVED, with_household=True)

    assert [each.number for each in there_and_back(made).receipts] == [each.number for each in made.receipts]


def test_what_is_not_begun_has_no_item() -> None:
    assert item_of(Enrolment(REF)) == {"site": "evry-xenakis", "identifier": "2027#xen1"}
    assert enrolment_from(REF, None) == Enrolment(REF)


def test_dynamodb_forgets_it_in_time() -> None:
    assert item_of(FULL)["expires"] == forgotten_at("2027")
