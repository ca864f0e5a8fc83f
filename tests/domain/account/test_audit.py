"""The audit trail and erasures, which name no account."""

from datetime import UTC, datetime

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.audit import Author, Erasure

NOW = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
REFS = (AccountRef("evry-xenakis", "xen1"), AccountRef("evry-magnard", "mag1"), AccountRef("evry-xenakis", "xen2"))


def test_an_erasure_counts_by_site_and_names_nobody() -> None:
    erasure = Erasure.of(REFS, "Mme Houx", "purged", NOW)

    assert erasure.asked == (("evry-magnard", 1), ("evry-xenakis", 2))
    assert erasure.erased is None
    assert not any(ref.identifier in str(erasure) for ref in REFS)


def test_an_erasure_says_what_it_did_once_it_is_done() -> None:
    erasure = Erasure.of(REFS, "Mme Houx", "purged", NOW)

    result = erasure.with_erased(REFS[:2])

    assert result.erased == (("evry-magnard", 1), ("evry-xenakis", 1))
    assert (result.name, result.asked) == (erasure.name, erasure.asked)


def test_two_erasures_of_the_same_second_are_two() -> None:
    assert Erasure.of(REFS, "Mme Houx", "asked", NOW).name != Erasure.of(REFS, "Mme Houx", "asked", NOW).name


def test_neither_who_nor_why_shows_where_an_act_is_printed() -> None:
    author = Author("Mme Houx", "Zélie a déménagé")

    assert "Houx" not in repr(author)
    assert "Zélie" not in repr(author)
    assert "Houx" not in repr(Erasure.of(REFS, "Mme Houx", "asked", NOW))
