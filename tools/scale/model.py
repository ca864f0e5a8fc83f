"""From one family's counted journey to a network's opening: concurrency, partitions, mail pace, and dollars."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from operations.deploy.capacity import at_once
from tools.scale.counting import Counts

# What AWS gives and takes; docs/deploy.md, « What it costs », says where each price was read.
READ_LIMIT: Final = 3000  # units a second of one partition (docs.aws.amazon.com, « Best practices for partition keys »)
WRITE_LIMIT: Final = 1000  # the same
CONCURRENCY: Final = 1000  # Lambdas at once in a new account; often 10 until one asks
MAILS_A_SECOND: Final = 14  # SES in a new account out of its sandbox
REQUEST: Final = 3.70e-6  # dollars
READ: Final = 0.1487e-6
WRITE: Final = 0.7423e-6
MAIL: Final = 0.16e-3
LAMBDA_REQUEST: Final = 0.20e-6
GIGABYTE_SECOND: Final = 1.66667e-5
SQS_CALL: Final = 0.40e-6
PUT: Final = 5.3e-6
CALLS_PER_JOB: Final = 3  # sent, received, deleted

LOGIN: Final = "POST connexion"
_VCPU: Final = 1024 / 1769  # of a processor, that a Lambda of 1,024 MB has (docs.aws.amazon.com, « Configure memory »)
_ROUND_TRIP: Final = 0.006  # seconds to DynamoDB and back within a region, an assumption on the high side


@dataclass(frozen=True)
class Opening:
    """How many families come in the season, and which part of them in the opening minute."""

    families: int
    in_first_minute: float
    biggest_site: float  # which part of the families is at one site: one partition key

    @property
    def arrivals(self) -> float:
        """Logins a second in that minute."""
        return self.families * self.in_first_minute / 60


@dataclass(frozen=True)
class Journey:
    """One family's journey as counted: its pages, and the mails and jobs that follow."""

    pages: Mapping[str, Counts]

    @property
    def requests(self) -> int:
        """Requests that reach the API; static pages do not."""
        return sum(page.times for name, page in self.pages.items() if not _is_static(name) and not _is_job(name))

    @property
    def seconds(self) -> float:
        """Lambda's seconds for the whole journey."""
        return sum(map(duration, self.pages.values()))

    def units(self, kind: str, table: str | None = None) -> float:
        """Read or write units, of all tables or of one."""
        found = [page.reads if kind == "reads" else page.writes for page in self.pages.values()]
        return sum(each[table] if table else each.total() for each in found)

    def calls(self, name: str) -> int:
        """Count calls that are not DynamoDB's."""
        return sum(page.others[name] for page in self.pages.values())

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables that it touches."""
        return tuple(sorted({table for page in self.pages.values() for table in (*page.reads, *page.writes)}))

    def dollars(self) -> float:
        """Price it at list price, without what is free every month."""
        jobs = sum(page.times for name, page in self.pages.items() if _is_job(name))
        return (
            self.requests * (REQUEST + LAMBDA_REQUEST)
            + jobs * (CALLS_PER_JOB * SQS_CALL + LAMBDA_REQUEST)
            + self.seconds * GIGABYTE_SECOND
            + self.units("reads") * READ
            + self.units("writes") * WRITE
            + self.calls("SendEmail") * MAIL
            + self.calls("S3 PUT") * PUT
        )


def duration(page: Counts) -> float:
    """Give Lambda's seconds for all the requests of a page: its processor's part, slowed, and its waits."""
    return page.seconds / _VCPU + page.round_trips * _ROUND_TRIP


def per_second(journey: Journey, opening: Opening, kind: str, table: str, limit_of: str = "site") -> float:
    """Give the units a second that one table's busiest key takes while everybody arrives and goes on at once.

    The upper bound: the whole journey's units within the opening minute. `limit_of`: « site » for the tables keyed by
    site, of which the biggest is one key; « all » for the one item that all share.
    """
    part = opening.biggest_site if limit_of == "site" else 1.0
    return opening.arrivals * part * journey.units(kind, table)


def concurrency(journey: Journey, opening: Opening) -> int:
    """Give the Lambdas at work at once, by Little's law, if the whole journey fell within the opening minute."""
    return at_once(opening.families * opening.in_first_minute, journey.seconds)


def mail_minutes(journey: Journey, opening: Opening) -> float:
    """Give the minutes after which every mail has left, at SES's first pace."""
    return opening.families * opening.in_first_minute * journey.calls("SendEmail") / MAILS_A_SECOND / 60


def _is_static(name: str) -> bool:
    return name.startswith("page ")


def _is_job(name: str) -> bool:
    return name.startswith("job ")
