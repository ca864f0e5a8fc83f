"""`make access STAGE=…`: refused requests from the CDN's log, by client. Clients are shown as in the record."""

import gzip
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.web.requests import household_of
from operations.deploy.aws import Aws
from operations.deploy.commands import OK, NotReady, Tell, arguments, run, tell
from operations.deploy.keys import KeyStore
from operations.deploy.stack import deployed_outputs, find_stack, resource_names
from operations.deploy.stages import Stage

LINES: Final = "cdn/"  # the prefix of the distribution's logs
KEPT: Final = timedelta(days=14)
_REFUSALS: Final = ("403", "429")
_SHOWN: Final = 20
_SEGMENTS: Final = 3  # of a path: what follows may be the secret of a calendar, or of a mailed link


@dataclass(frozen=True)
class LoggedRequest:
    """One line of the distribution's log. `place`: the path without its last parts and without a query."""

    at: datetime
    address: str
    method: str
    place: str
    status: str


def main() -> int:
    """Read the command's arguments and show the refusals."""
    parser = arguments("access", "Show who was refused at the CDN.")
    parser.add_argument("--hours", type=int, default=6, help="how far back, 336 at most (14 days)")
    parser.add_argument("--status", nargs="+", default=_REFUSALS, metavar="CODE", help="the answers to count: 403 429")
    parser.add_argument("--addresses", action="store_true", help="show network addresses, to have one blocked")
    given = parser.parse_args()
    hours = timedelta(hours=min(max(given.hours, 1), KEPT // timedelta(hours=1)))

    def access(aws: Aws, stage: Stage) -> int:
        return show(aws, stage, tell, Question(datetime.now(UTC), hours, given.status, given.addresses))

    return run(given, access)


@dataclass(frozen=True)
class Question:
    """Which lines to count: of the last hours, with some statuses."""

    now: datetime
    hours: timedelta
    statuses: Iterable[str] = _REFUSALS
    shows_addresses: bool = False


def show(aws: Aws, stage: Stage, tell: Tell, question: Question) -> int:
    """Count the refused requests by client, with their places. Raises `NotReady` where there is no log."""
    state = find_stack(aws, stage.stack)
    outputs = deployed_outputs(state)
    buckets = resource_names(aws, stage.stack, LogicalResourceId="AccessLogs") if outputs else []
    if not outputs or not buckets:
        raise NotReady(f"{stage.name} has no access logs: deploy this version first.")
    requests = [*read_requests(aws, buckets[0], outputs.distribution_id, question)]
    refused = [request for request in requests if request.status in question.statuses]
    tell(
        f"{len(requests):,} requests in the log since {question.now - question.hours:%Y-%m-%d %H:%M} UTC, "
        f"{len(refused):,} of them answered {', '.join(question.statuses)}. CloudFront delivers lines within an hour, "
        "some after a day."
    )
    by_client = defaultdict(list)
    for request in refused:
        by_client[request.address].append(request)
    keys = KeyStore(aws.client("ssm"), stage.name).find()
    name = (lambda address: address) if question.shows_addresses or not keys else Pseudonyms(keys.record_key).of_address
    for address, of_client in sorted(by_client.items(), key=lambda item: -len(item[1]))[:_SHOWN]:
        tell(f"{len(of_client):>6}  {name(address)}  {_times(of_client)}")
        places = Counter(f"{request.status} {request.method} {request.place}" for request in of_client)
        for place, count in places.most_common(3):
            tell(f"{count:>10}  {place}")
    return OK


def _times(requests: list[LoggedRequest]) -> str:
    first, last = (choose(request.at for request in requests) for choose in (min, max))
    return f"{first:%d/%m %H:%M} to {last:%d/%m %H:%M}"


def read_requests(aws: Aws, bucket: str, distribution: str, question: Question) -> Iterator[LoggedRequest]:
    """Read the lines of the last hours. CloudFront names a file after the hour of its requests."""
    s3, since = aws.client("s3"), question.now - question.hours
    hour = since.replace(minute=0, second=0, microsecond=0)
    while hour <= question.now:
        pages = s3.get_paginator("list_objects_v2").paginate(
            Bucket=bucket, Prefix=f"{LINES}{distribution}.{hour:%Y-%m-%d-%H}."
        )
        for key in (stored["Key"] for page in pages for stored in page.get("Contents", [])):
            text = gzip.decompress(s3.get_object(Bucket=bucket, Key=key)["Body"].read()).decode()
            yield from (request for request in parse_requests(text.splitlines()) if since <= request.at <= question.now)
        hour += timedelta(hours=1)


def parse_requests(lines: Iterable[str]) -> Iterator[LoggedRequest]:
    """Parse a file of the distribution's log, by the names in its head."""
    names: list[str] = []
    for line in lines:
        if line.startswith("#Fields:"):
            names = line.split()[1:]
        if line.startswith("#"):
            continue
        fields = dict(zip(names, line.split("\t"), strict=True))
        at = datetime.fromisoformat(f"{fields['date']}T{fields['time']}+00:00")
        client, place = household_of(fields["c-ip"]), _place(fields["cs-uri-stem"])
        yield LoggedRequest(at, client, fields["cs-method"], place, fields["sc-status"])


def _place(path: str) -> str:
    first = path.split("/")[: _SEGMENTS + 1]
    return "/".join(first) + ("/…" if len(first) < len(path.split("/")) else "")


if __name__ == "__main__":
    sys.exit(main())
