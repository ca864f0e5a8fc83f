"""A re-enrolment as its item: every field, there and back."""

from chalicelib.domain.enrolments import Enrolment
from chalicelib.domain.seasons import forgotten_at
from chalicelib.stores.enrolment_items import enrolment_from, item_of
from chalicelib.stores.values import decode, encode_item
from tests.support.answers import FULL, NOW, REF


def there_and_back(enrolment: Enrolment) -> Enrolment:
    return enrolment_from(enrolment.ref, decode({"M": encode_item(item_of(enrolment))}))


def test_every_field_comes_back() -> None:
    assert there_and_back(FULL) == FULL
    begun = Enrolment(REF, started_at=NOW)
    assert there_and_back(begun) == begun


def test_what_is_not_begun_has_no_item() -> None:
    assert item_of(Enrolment(REF)) == {"site": "evry-xenakis", "identifier": "2027#xen1"}
    assert enrolment_from(REF, None) == Enrolment(REF)


def test_dynamodb_forgets_it_in_time() -> None:
    assert item_of(FULL)["expires"] == forgotten_at("2027")
