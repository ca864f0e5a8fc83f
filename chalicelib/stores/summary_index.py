"""The summaries of a site, for the office. No family's function loads this code."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, TypeVar

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.enrolment.periods import EnrolmentRef
from chalicelib.domain.search.summaries import (
    AccountSummary,
    EnrolmentSummary,
    account_summary,
    enrolment_summary,
    summarise_account,
    summarise_enrolment,
)
from chalicelib.infra.batches import batches
from chalicelib.infra.dynamo.database import READ_AT_ONCE
from chalicelib.stores.accounts import Accounts
from chalicelib.stores.enrolments import Enrolments

A = TypeVar("A")


def account_summaries(accounts: Accounts, site: str) -> Iterator[AccountSummary]:
    """Read the summaries of all families of a site, unordered, without guardians' own logins."""

    def read_whole(identifiers: Sequence[str]) -> Iterator[tuple[str, list[Any]]]:
        whole = accounts.find_all(*(AccountRef(site, identifier) for identifier in identifiers))
        return ((account.ref.identifier, summarise_account(account)) for account in whole if account)

    summaries = read_summaries(accounts.summary_texts(site), partial(account_summary, site), read_whole)
    return (summary for summary in summaries if summary)


def enrolment_summaries(enrolments: Enrolments, season: str, site: str) -> Iterator[EnrolmentSummary]:
    """Read the summaries of all re-enrolments of a season at a site, unordered."""

    def read_whole(identifiers: Sequence[str]) -> Iterator[tuple[str, list[Any]]]:
        refs = (EnrolmentRef(AccountRef(site, identifier), season) for identifier in identifiers)
        whole = enrolments.find_all(*refs)
        return ((one.ref.account.identifier, summarise_enrolment(one)) for one in whole if one.started_at)

    return read_summaries(enrolments.summary_texts(season, site), partial(enrolment_summary, site), read_whole)


def read_summaries(
    entries: Iterable[tuple[str, str | None]],
    parse: Callable[[str, Sequence[Any]], A],
    read_whole: Callable[[Sequence[str]], Iterable[tuple[str, Sequence[Any]]]],
) -> Iterator[A]:
    """Read the summaries of a site, unordered. Missing ones and those of another version are made from the whole item.

    `read_whole` summarises the items of at most a hundred identifiers.
    """
    unread = []
    for identifier, text in entries:
        try:
            yield parse(identifier, json.loads(text or "[]"))
        except (LookupError, TypeError, ValueError):
            unread.append(identifier)
    for batch in batches(unread, READ_AT_ONCE):
        for identifier, words in read_whole(batch):
            yield parse(identifier, words)
