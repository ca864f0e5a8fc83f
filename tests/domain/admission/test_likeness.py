"""Whether a family may look like an application: quick, and without false negatives."""

from chalicelib.domain.admission.likeness import RequestLikeness
from chalicelib.domain.search.account_summary import AccountSummary
from tests.support.applications import BEGUN, SENT


def family(**given: object) -> AccountSummary:
    """Make a family's summary with only these values."""
    empty = AccountSummary("evry-xenakis", "xen1", "", "XEN 1", "Famille", (), (), (), (), "", ())
    return empty._replace(**given)  # type: ignore[arg-type]


def test_a_family_without_anything_is_like_nobody() -> None:
    assert not RequestLikeness.of(SENT).may_be(family())


def test_the_end_of_a_number_and_the_words_of_an_address_are_enough_to_look_closer() -> None:
    likeness = RequestLikeness.of(SENT)

    assert likeness.may_be(family(telephones=("0033 6 99 00 20 01",)))
    assert likeness.may_be(family(address="Bât. B, 4 allée des TILLEULS 91000 Évry"))
    assert not likeness.may_be(family(address="4 allée des Tilleuls 75001 Paris"))


def test_what_is_begun_and_not_sent_is_looked_for_as_it_stands() -> None:
    assert RequestLikeness.of(BEGUN).may_be(family(emails=("GEAI@example.org",)))
