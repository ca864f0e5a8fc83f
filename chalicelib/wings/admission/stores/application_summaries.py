"""The summaries of a season's applications, for the office."""

from collections.abc import Iterator, Sequence
from typing import Any

from chalicelib.stores.summary_index import read_summaries
from chalicelib.wings.admission.domain.applications import ApplicationRef
from chalicelib.wings.admission.domain.summaries import ApplicationSummary, application_summary, summarise_application
from chalicelib.wings.admission.stores.applications import Applications


def application_summaries(applications: Applications, season: str) -> Iterator[ApplicationSummary]:
    """Read the summaries of all sent applications of a season, unordered."""

    def read_whole(mailboxes: Sequence[str]) -> Iterator[tuple[str, list[Any]]]:
        whole = applications.find_all(*(ApplicationRef(mailbox, season) for mailbox in mailboxes))
        return ((one.ref.mailbox, summarise_application(one)) for one in whole)

    rows = read_summaries(applications.summary_texts(season), lambda _, words: application_summary(words), read_whole)
    return (summary for summary in rows if summary)
