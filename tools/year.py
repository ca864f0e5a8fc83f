"""`python -m tools.year`: compute docs/scale.md, « A year »: the dollars of a whole year, by part, at list price.

Habits are assumptions, units of a family's pages are those that `make scale` put into docs/scale.md, prices are
`operations/prices.py`. `make figures` writes the tables.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

from operations import prices
from operations.prices import Price

SIZES: Final = (600, 6_000, 60_000, 1_000_000)
_MONTHS: Final = 12
_SUBSCRIBED: Final = 1 / 3  # of the families: one calendar, polled every four hours
_POLLS: Final = 6 * 365
_POLL_READS: Final = 6  # units: the owner, the calendar, the account, the logins, two courses
_SECONDS_OF_MONTH: Final = 30 * 24 * 3600
_POLLERS, _POLL_SECONDS = 5, 20  # Lambda's long polls of a queue


@dataclass(frozen=True)
class Use:
    """The units that something uses, in a year unless its name differs."""

    api: float = 0
    calls: float = 0
    gb_seconds: float = 0
    reads: float = 0
    writes: float = 0
    mails: float = 0
    messages: float = 0
    s3_writes: float = 0
    s3_reads: float = 0
    cdn: float = 0
    copied_tables: float = 0  # GB-months, as those of documents
    copied_documents: float = 0

    def times(self, number: float) -> "Use":
        """Multiply each."""
        return Use(*(getattr(self, about.name) * number for about in fields(self)))

    def plus(self, other: "Use") -> "Use":
        """Add two counts, field by field."""
        return Use(*(getattr(self, about.name) + getattr(other, about.name) for about in fields(self)))

    def dollars(self, months: int = 0) -> float:
        """Compute the price, less the free units of so many months, used evenly."""
        return sum(price.cost(getattr(self, name), months) for name, price in _PRICES.items())


_PRICES: Final[Mapping[str, Price]] = {
    "api": prices.API_REQUEST,
    "calls": prices.LAMBDA_CALL,
    "gb_seconds": prices.LAMBDA_GB_SECOND,
    "reads": prices.READ_UNIT,
    "writes": prices.WRITE_UNIT,
    "mails": prices.MAIL,
    "messages": prices.SQS_REQUEST,
    "s3_writes": prices.S3_WRITE,
    "s3_reads": prices.S3_READ,
    "cdn": prices.CDN_REQUEST,
    "copied_tables": prices.COPIED_TABLES_GB_MONTH,
    "copied_documents": prices.COPIED_DOCUMENTS_GB_MONTH,
}


def _page(reads: float, writes: float = 0, seconds: float = 0.06) -> Use:
    return Use(api=1, calls=1, gb_seconds=seconds, reads=reads, writes=writes, cdn=1)


def _mail(reads: float = 6, writes: float = 1) -> Use:
    """Count a mail of a job: sent to the queue, received, deleted."""
    return Use(calls=1, gb_seconds=0.16, reads=reads, writes=writes, mails=1, messages=3)


_COUNTED: Final = (Path(__file__).parents[1] / "docs/scale.md").read_text(encoding="utf-8")


def _counted(page: str, **more: float) -> Use:
    """Read the units of a page, or of a sum (« **a journey** »), from the tables that `make scale` made."""
    row = next(row for row in _COUNTED.split("\n| ") if row.startswith(f"{page} | "))
    times, _, reads, writes = row.split(" |")[1:5]
    return Use(**({"api": float(times), "reads": float(reads), "writes": float(writes), "cdn": float(times)} | more))


_COPIES: Final = 30  # in the vault (decision 138)
_STAFF: Final = 600  # families of one secretary
POLL: Final = Use(calls=1, gb_seconds=0.05, reads=_POLL_READS, cdn=1)
POLLED: Final = _SUBSCRIBED * _POLLS
_HOURLY: Final = _SUBSCRIBED * 24 * 365
PARTS: Final[Mapping[str, tuple[str, Use]]] = {
    "visits": (
        "two logins, four pages each; a third asks for a password and changes it",
        _counted("POST connexion")
        .plus(_counted("Accueil"))
        .plus(_counted("Réinscription").times(3))
        .times(2)
        .plus(_counted("POST déconnexion"))
        .plus(_counted("**a lost password**").times(1 / 3))
        .plus(Use(api=1, calls=13, gb_seconds=0.8, reads=5 / 3, writes=7 / 3, mails=1.33, messages=4, cdn=13.7)),
    ),
    "login methods": (
        "two views of « Connexion » ask for a passkey's page; one family in four adds one: a code and a notice",
        _page(0, seconds=0.02).times(2).plus(_page(8, 2).times(4).plus(_mail().times(2.5)).times(1 / 4)),
    ),
    "season": (
        "a re-enrolment by each family: 15 requests, two receipts, and a decision's mails",
        _counted("**a journey**", calls=19, gb_seconds=1.18, mails=2, messages=6, s3_reads=4, cdn=30).plus(
            _mail().times(1.5)
        ),
    ),
    "applications": (
        "one new family for ten: 15 requests, five mails",
        _counted("**a new family**", calls=22, gb_seconds=0.6, cdn=25).plus(_mail(2, 0).times(5)).times(0.1),
    ),
    "rolls": (
        "36 a family (1.5 pupils, two courses of three, 36 weeks): a page and a save; each morning's timetables",
        _page(8).plus(_page(8, 3)).times(36).plus(Use(reads=1.6 * 365)),
    ),
    "absences": (
        "half of the missed lessons (one in twenty), two cancelled lessons a pupil: 1.5 mails each",
        _mail().times(1.5 * 2 * 36 / 20 / 2 * 1.5 + 2 * 1.5 * 1.5),
    ),
    "staff": (
        "one secretary for 600 families: 200 pages on twenty days, 30 on 180",
        _page(150, 0.1, 0.1).times((200 * 20 + 30 * 180) / _STAFF),
    ),
    "calendars": ("a third subscribed, polled every four hours", POLL.times(POLLED)),
    "copies": (
        "thirty daily copies of 30 KB of tables; 2 MB of documents",
        Use(copied_tables=_COPIES * 30e-6, copied_documents=2e-3).times(_MONTHS),
    ),
}
_BEFORE: Final = POLL.plus(Use(api=1)).times(POLLED)  # through the gateway, until decision 125
_CHANGES: Final = 90  # mornings or moments of a year when a calendar's bytes change
_BY_S3: Final = Use(s3_reads=1, cdn=1).times(POLLED).plus(
    Use(calls=1, gb_seconds=0.05, reads=_POLL_READS, s3_writes=1).times(_SUBSCRIBED * _CHANGES)
).plus(Use(reads=_POLL_READS, s3_reads=1).times(_SUBSCRIBED * 365))  # fmt: skip
_BY_CACHE: Final = POLL.plus(Use(api=1)).times(POLLED / 6).plus(Use(cdn=POLLED * 5 / 6))  # a day's cache


def _cells(*numbers: float) -> str:
    return " | ".join(f"{number:,.2f}" for number in numbers)


def _both(use: Use, size: int) -> str:
    whole = use.times(size)
    return f"{whole.dollars():,.2f} ({whole.dollars(_MONTHS):,.2f})"


def year() -> Iterator[str]:
    """Lay out the year by part."""
    sizes = " | ".join(f"{size:,} families" for size in SIZES)
    yield f"| dollars a year, at list price | {sizes} | each family's year |"
    yield f"|---|{'---:|' * len(SIZES)}---|"
    uses = {name: use for name, (_, use) in PARTS.items()}
    for name, (habit, use) in PARTS.items():
        yield f"| {name} | {_cells(*(use.times(size).dollars() for size in SIZES))} | {habit} |"
    idle = idle_month() * _MONTHS
    yield f"| always on | {_cells(*[idle] * len(SIZES))} | the table below, twelve times |"
    whole = Use()
    for use in uses.values():
        whole = whole.plus(use)
    yield f"| **a year** | {_cells(*(whole.times(size).dollars() + idle for size in SIZES))} | |"
    free = (whole.times(size).dollars(_MONTHS) + idle for size in SIZES)
    yield f"| less the free units of an account | {_cells(*free)} | used evenly over the months |"


def calendars() -> Iterator[str]:
    """Compare the ways of serving subscribed calendars, at list price and (less the free units of an account)."""
    yield f"| dollars a year | {' | '.join(f'{size:,} families' for size in SIZES[:3])} |"
    yield "|---|---:|---:|---:|"
    for name, use in (
        ("through API Gateway (before)", _BEFORE),
        ("(A) written to S3", _BY_S3),
        ("(B) cached a day in front of the gateway", _BY_CACHE),
        ("a function of their own, by its URL (chosen)", POLL.times(POLLED)),
        ("the same, polled hourly and never kept", POLL.times(_HOURLY)),
        ("the same, polled hourly by two devices, kept an hour by the CDN", POLL.times(_HOURLY).plus(Use(cdn=_HOURLY))),
    ):
        yield f"| {name} | {' | '.join(_both(use, size) for size in SIZES[:3])} |"


_STACK: Final = (Path(__file__).parents[1] / ".chalice/resources.yaml").read_text(encoding="utf-8")
POLLS: Final = _STACK.count("SqsEventSource:") * _POLLERS * _SECONDS_OF_MONTH / _POLL_SECONDS  # a month
ALARMS: Final = _STACK.count("Type: AWS::CloudWatch::Alarm\n") + 1  # the canary's is in another region
# The canary (decision 123): a login, « Accueil » and a logout each half hour, public pages each five minutes.
_LOGINS: Final = _SECONDS_OF_MONTH / (30 * 60)
CANARY: Final = (
    _counted("POST connexion")
    .plus(_counted("Accueil"))
    .plus(_counted("POST déconnexion"))
    .plus(Use(calls=3, gb_seconds=0.3))
    .times(_LOGINS)
)


_POLLS_COST: Final = prices.SQS_REQUEST.cost(POLLS, 1)
_ALARMS_COST: Final = prices.ALARM.cost(ALARMS, 1)
_CANARY_COST: Final = CANARY.dollars(1)
_VAULT: Final = _COPIES * 0.01  # GB-months: ten megabytes of tables
_VAULT_COST: Final = prices.COPIED_TABLES_GB_MONTH.cost(_VAULT)


def idle_month() -> float:
    """Compute the dollars of a month without visitors, less the free units."""
    return _POLLS_COST + _ALARMS_COST + _CANARY_COST + _VAULT_COST


def idle() -> Iterator[str]:
    """Lay out a month without visitors."""
    yield "| a month without visitors | units | free | $ |"
    yield "|---|---:|---:|---:|"
    yield f"| polls of queues: five of 20 s open for each | {POLLS:,.0f} | 1,000,000 | {_POLLS_COST:.3f} |"
    yield f"| alarm metrics, of all regions | {ALARMS} | 10 | {_ALARMS_COST:.3f} |"
    yield f"| the canary's requests to the gateway, and to the tables | {CANARY.api:,.0f} | | {_CANARY_COST:.3f} |"
    yield f"| the vault's thirty copies of ten megabytes of tables, GB-months | {_VAULT:.1f} | | {_VAULT_COST:.3f} |"
    yield f"| **in all** | | | **{idle_month():.2f}** |"
