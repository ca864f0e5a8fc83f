"""Further identifiers of a family: given in order, and ended by an earlier one."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.aliases import alias_refs, is_alias_of, new_alias, still_opens, with_identifier
from chalicelib.domain.account.logins import display_identifier, own_login_ref

FAMILY = Account(AccountRef("evry-xenakis", "xen1"), "Famille Rossignol", (), "stamp", display_identifier="XEN 1")

COUSINS = AccountRef("evry-xenakis", "xen2")


def test_an_earlier_identifier_ends_those_given_after_it() -> None:
    account = with_identifier(with_identifier(FAMILY, "pie-8"), "pie-9")
    assert (account.aliases, account.former_aliases) == (("pie-8", "pie-9"), ())

    account = with_identifier(account, "pie-8")
    assert [still_opens(account, text) for text in ("XEN 1", "PIE-8", "PIE-9")] == [True, True, False]
    assert [is_alias_of(new_alias(FAMILY, name), account) for name in ("pie-8", "pie-9")] == [True, False]
    twins = (None, replace(account, ref=AccountRef("evry-magnard", "xen1")), replace(account, ref=COUSINS))
    assert not any(is_alias_of(new_alias(FAMILY, "pie-8"), twin) for twin in twins)

    account = with_identifier(account, "xen1")
    assert (account.aliases, account.former_aliases) == ((), ("pie-9", "pie-8"))


@given(st.lists(st.sampled_from(["xen1", "a", "b", "c"])))
def test_every_item_ever_made_is_listed_once_and_the_last_identifier_opens(names: list[str]) -> None:
    account = FAMILY
    for name in names:
        account = with_identifier(account, name)

    refs = [ref.identifier for ref in alias_refs(account)]
    assert sorted(refs) == sorted({*names} - {"xen1"})
    assert not names or (account.ref.identifier, *account.aliases)[-1] == names[-1]


def test_a_guardian_s_identifier_stays_the_one_made_of_the_key() -> None:
    ref = own_login_ref(FAMILY.ref, "2")
    assert display_identifier(FAMILY, ref) == "XEN 1 R2"
    assert display_identifier(replace(FAMILY, display_identifier="PIE-9"), ref) == "XEN1 R2"
