"""`make scale`: play one family's whole journey in one process, count it, and print the tables of docs/scale.md."""

import hashlib
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any, Final

from werkzeug.test import Client

from app import app
from chalicelib import wiring
from chalicelib.domain.account.accounts import Account, AccountRef, Password, new_stamp
from chalicelib.domain.enrolment.periods import EnrolmentPeriod, Periods
from chalicelib.domain.family.households import Course, Guardian, Household, Pupil
from chalicelib.services import Services
from operations.deploy.capacity import JOURNEY
from operations.deploy.capacity import LOGIN as LOGIN_SECONDS
from operations.pages.build import build
from tools.load.journey import Answer, Ask, Family, journey
from tools.local.cdn import Bucket, LocalCdn
from tools.local.post import Consumer
from tools.scale.counting import CountingAws, Counts
from tools.scale.model import (
    LOGIN,
    READ_LIMIT,
    WRITE_LIMIT,
    Journey,
    Opening,
    concurrency,
    duration,
    mail_minutes,
    per_second,
)

_URL: Final = "http://127.0.0.1:8000"
_SECRET: Final = "the secret that the model's CDN sends"  # noqa: S105 - of a model
_PASSWORD: Final = "Loriot6Jaune"  # noqa: S105 - of a fictitious family
_REF: Final = AccountRef("evry-xenakis", "xen1")
# 6,000 families all in the opening minute, as the issue of this model has it; of more, a tenth and a hundredth: a
# network of that size opens its sites on several days. The biggest site: half of a small network, less of a larger one.
_DELAY: Final = 3  # seconds; longer than that of any job
OPENINGS: Final = (Opening(6_000, 1.0, 0.5), Opening(60_000, 0.5, 0.2), Opening(1_000_000, 0.1, 0.02))


def main() -> None:
    """Count and print."""
    counted = Journey(count())
    print("\n".join((*_counted(counted), "", *_openings(counted), "", _kept(counted))))


def count() -> dict[str, Counts]:
    """Play a journey of two pupils, and give what each page asked of AWS."""
    aws = CountingAws()
    try:
        services, front, consumers = _start(aws)
        _settle(services)
        player = journey(Family(_REF.site, _REF.identifier, _PASSWORD), Random("one"))  # noqa: S311 - the same each time
        client = Client(front)
        _play(aws, client, player)
        _mails(aws, services, consumers)
    finally:
        aws.stop()
    return aws.pages


def _start(aws: CountingAws) -> tuple[Services, LocalCdn, tuple[Consumer, ...]]:
    resources = aws.create("scale", "ne-pas-repondre@extranet.example.fr")
    os.environ |= {
        **resources.environment(),
        "CLEF_ENDPOINT_URL": aws.endpoint_url,
        "CLEF_PUBLIC_URL": _URL,
        "CLEF_CONFIGURATION_SET": "scale-mail",
        "CLEF_RECORD_KEY": "the key of the model's pseudonyms, long enough",
        "CLEF_CDN_SECRET_DIGESTS": hashlib.sha256(_SECRET.encode()).hexdigest(),
    }
    services = wiring.services()
    bucket = Bucket(aws.client("s3"), resources.pages_bucket)
    bucket.publish(build(services.settings.network, Periods()))
    front = LocalCdn(app, bucket, _URL, _SECRET, lambda _request: None)
    return services, front, tuple(Consumer(aws, each) for each in resources.queues)


def _settle(services: Services) -> None:
    now = services.clock()
    today = now.date()
    period = EnrolmentPeriod(today - timedelta(days=1), today + timedelta(days=10))
    services.periods.write(services.periods.read(), Periods(period))
    pupils = tuple(
        Pupil(name, None, (Course(what, "Cycle 1", "Mme Saule", "mercredi 14 h 30 - 15 h 15", "salle Ravel"),))
        for name, what in (("Zélie Rossignol", "Hautbois"), ("Léo Rossignol", "Danse classique"))
    )
    emails = ("rossignol@example.org", "come@example.org")
    guardians = (Guardian("Mme Aimée Rossignol", emails[0]), Guardian("M. Côme Rossignol", emails[1]))
    household = Household(guardians, ("3 allée des Tilleuls", "91000 Evry"), pupils)
    account = Account(_REF, "Famille Rossignol", emails, new_stamp(), household=household)
    password = Password(services.hasher.hash(_PASSWORD), now, "chosen")
    services.accounts.create(replace(account, password=password))


def _play(aws: CountingAws, client: Client, player: Any) -> None:  # noqa: ANN401 - a generator of requests
    ask: Ask = next(player)
    try:
        while True:
            with aws.page(ask.name):
                answer = client.open(
                    ask.path,
                    method="GET" if ask.form is None else "POST",
                    data=None if ask.form is None else dict(ask.form),
                    headers={"Sec-Fetch-Site": "same-origin"},
                    environ_base={"REMOTE_ADDR": "192.0.2.7"},
                )
            ask = player.send(Answer(answer.status_code, answer.headers.get("Location", ""), answer.text))
    except StopIteration:
        return


def _mails(aws: CountingAws, services: Services, consumers: tuple[Consumer, ...]) -> None:
    """Let the mails of the receipt leave; their jobs come with a delay."""
    time.sleep(_DELAY)
    while services.post_box.waiting():
        for consumer in consumers:
            with aws.page("job mail"):
                consumer.work_once()


def _counted(counted: Journey) -> Iterator[str]:
    yield "| page | times | DynamoDB round trips, at most | read units | write units | other calls | Lambda, ms each |"
    yield "|---|---:|---:|---:|---:|---|---:|"
    for name, page in counted.pages.items():
        others = ", ".join(f"{call} × {times}" for call, times in sorted(page.others.items()))
        reads, writes = page.reads.total(), page.writes.total()
        each = 1000 * duration(page) / page.times
        yield f"| {name} | {page.times} | {page.worst} | {reads} | {writes} | {others} | {each:.0f} |"
    yield (
        f"| **a journey** | {counted.requests} | | {counted.units('reads'):.0f} | {counted.units('writes'):.0f} | "
        f"{counted.calls('SendEmail')} mails | {1000 * counted.seconds:.0f} in all |"
    )


def _openings(counted: Journey) -> Iterator[str]:
    yield "| | " + " | ".join(f"{each.families:,} families" for each in OPENINGS) + " |"
    yield "|---|" + "---:|" * len(OPENINGS)
    rows: Mapping[str, Any] = {
        "in the opening minute": lambda o: f"{o.in_first_minute:.0%}",
        f"{LOGIN}, a second": lambda o: f"{o.arrivals:,.0f}",
        "requests a second": lambda o: f"{o.arrivals * counted.requests:,.0f}",
        "Lambdas at once": lambda o: f"{concurrency(counted, o):,}",
        **{f"{table}, the biggest site's key: writes a second, of {WRITE_LIMIT:,}": _row(counted, "writes", table)
           for table in counted.tables if counted.units("writes", table)},
        **{f"{table}, the biggest site's key: reads a second, of {READ_LIMIT:,}": _row(counted, "reads", table)
           for table in counted.tables if counted.units("reads", table)},
        "minutes until every receipt is mailed, at 14 a second": lambda o: f"{mail_minutes(counted, o):,.0f}",
        "dollars a season, at list price": lambda o: f"{o.families * counted.dollars():,.2f}",
    }  # fmt: skip
    for name, value in rows.items():
        yield f"| {name} | " + " | ".join(value(each) for each in OPENINGS) + " |"


def _kept(counted: Journey) -> str:
    """Say whether what the stages reserve is worked out from other figures than these."""
    login = counted.pages[LOGIN]
    measured = f"a journey {counted.seconds:.3f} s, a login {duration(login) / login.times:.3f} s"
    return f"operations/deploy/capacity.py says {JOURNEY:.3f} s and {LOGIN_SECONDS:.3f} s; measured now: {measured}."


def _row(counted: Journey, kind: str, table: str) -> Any:  # noqa: ANN401 - a function of an opening
    limit_of = "all" if table == "office" else "site"
    return lambda opening: f"{per_second(counted, opening, kind, table, limit_of):,.0f}"


if __name__ == "__main__":
    main()
