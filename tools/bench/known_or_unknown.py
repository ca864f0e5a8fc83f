"""Measures a refused login, known against unknown, turn by turn: `python -m tools.bench.known_or_unknown`."""

import argparse
import statistics
import sys
import time
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from itertools import count
from typing import Final

from chalicelib import wiring
from chalicelib.domain.account.accounts import Account, AccountRef, new_stamp
from chalicelib.domain.refusals import LoginRefused
from chalicelib.flows.login import Credentials, log_in
from chalicelib.record import Record
from chalicelib.services import Client, Services
from chalicelib.settings import load_settings
from tools.local.aws import LocalAws

_TRIES_OF_ONE: Final = 5  # the sixth would be slowed down
_SITE: Final = "evry-xenakis"


def main() -> None:
    """Print the medians and their ratio; exit with 1 when it is farther from 1 than allowed."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench.known_or_unknown", description=main.__doc__)
    parser.add_argument("--logins", type=int, default=200, help="of each kind")
    parser.add_argument("--within", type=float, default=0.05, help="the farthest from 1 that the ratio may be")
    asked = parser.parse_args()
    aws = LocalAws()
    known, unknown = _medians(_services(aws), asked.logins)
    aws.stop()
    ratio = known / unknown
    print(f"known {known * 1e3:.2f} ms, unknown {unknown * 1e3:.2f} ms, ratio {ratio:.3f}, {asked.logins} of each")
    sys.exit(abs(ratio - 1) > asked.within)


def _services(aws: LocalAws) -> Services:
    """Wire the services as Lambda has them, Argon2 at its full cost."""
    environment = {
        **aws.create("bench", "ne-pas-repondre@extranet.example.fr").environment(),
        "CLEF_ENDPOINT_URL": aws.endpoint_url,
        "CLEF_PUBLIC_URL": "http://127.0.0.1:8000",
        "CLEF_CONFIGURATION_SET": "bench-mail",
        "CLEF_RECORD_KEY": "the key of the bench's pseudonyms, long enough",
        "CLEF_CDN_SECRET_DIGESTS": "0" * 64,
    }
    services = wiring.build(load_settings(environment))
    return replace(services, record=Record(services.record.pseudonyms, StringIO()))


def _medians(services: Services, logins: int) -> tuple[float, float]:
    times: dict[str, list[float]] = {"known": [], "unknown": []}
    now, requests = services.clock(), count()
    hashed = services.hasher.hash("Loriot6Jaune")
    for number in range(logins):
        identifier = f"-{number // _TRIES_OF_ONE}"
        if number % _TRIES_OF_ONE == 0:
            account = Account(AccountRef(_SITE, f"known{identifier}"), "Famille Rossignol", (), new_stamp())
            services.database.write_together(services.accounts.put(account.with_password(hashed, "chosen", now)))
        for kind, measured in times.items():
            credentials = Credentials(AccountRef(_SITE, kind + identifier), "Soupir0Perdu")
            client = Client("192.0.2.7", f"request-{next(requests)}")
            started = time.perf_counter()
            with suppress(LoginRefused):
                log_in(services, credentials, client, now)
            measured.append(time.perf_counter() - started)
        now += timedelta(minutes=1)
    return statistics.median(times["known"]), statistics.median(times["unknown"])


if __name__ == "__main__":
    main()
