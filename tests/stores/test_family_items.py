"""The family area's attributes of an account's item are read back unchanged. An older item has none."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.email_proof import MailedCode, PendingEmail
from chalicelib.domain.family.corrections import Actor, Confirmation, Correction
from chalicelib.infra.dynamo.values import decode, encode_item
from chalicelib.stores.account_items import family_facts, family_item

NINE = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
PLAIN = Account(AccountRef("evry-xenakis", "xen1"), "Famille Rossignol", (), "stamp")
WORDS = st.text(max_size=9)
LINES = st.lists(st.text(max_size=9), max_size=3).map(tuple)
HANDS = st.builds(Actor, st.sampled_from(["family", "office", "file"]), WORDS)
CORRECTIONS = st.builds(
    Correction,
    *(st.sampled_from(["emails", "telephones", "password"]), LINES, LINES, HANDS, st.just(NINE), WORDS, WORDS),
    st.sampled_from(["", "login", "change"]),
)
PENDING_EMAILS = st.builds(
    PendingEmail,
    name=WORDS,
    email=WORDS,
    by=WORDS,
    asked_at=st.just(NINE),
    replaced=WORDS,
    guardian=WORDS,
    mailed=st.lists(st.builds(MailedCode, WORDS, WORDS), max_size=2).map(tuple),
    tries=LINES,
)


def there_and_back(account: Account) -> dict[str, object]:
    return family_facts(decode({"M": encode_item(family_item(account))}))


@given(
    st.fixed_dictionaries(
        {
            "corrections": st.lists(CORRECTIONS, max_size=3).map(tuple),
            "access_corrections": st.lists(CORRECTIONS, max_size=3).map(tuple),
            "correction_times": st.lists(st.just(NINE), max_size=3).map(tuple),
            "confirmed": st.none() | st.builds(Confirmation, WORDS, st.just(NINE)),
            "pending_email": st.none() | PENDING_EMAILS,
            "code_times": st.lists(st.just(NINE), max_size=3).map(tuple),
        }
    )
)
def test_whatever_is_kept_comes_back(facts: dict[str, object]) -> None:
    account = Account(PLAIN.ref, PLAIN.name, (), "stamp", **facts)  # type: ignore[arg-type]  # each its own type

    assert there_and_back(account) == facts


@pytest.mark.parametrize("item", [{}, family_item(PLAIN)])
def test_an_account_without_any_of_it_has_no_attribute_more(item: dict[str, object]) -> None:
    assert encode_item(item) == {}
    assert family_facts(decode({"M": encode_item(item)})) == {
        "corrections": (),
        "access_corrections": (),
        "correction_times": (),
        "confirmed": None,
        "pending_email": None,
        "code_times": (),
    }
