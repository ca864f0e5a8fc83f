"""Compare refused logins of known and unknown accounts, and of one at another site: `python -m tools.bench.logins`."""

import argparse
import statistics
import sys
import time
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from typing import Final

from chalicelib.domain.account.accounts import Account, AccountRef, new_stamp
from chalicelib.domain.refusals import LoginRefused
from chalicelib.flows.family.login import Credentials, log_in
from chalicelib.infra.record import Record
from chalicelib.services.family import Client, Visit
from chalicelib.services.office import OfficeServices
from tools.local.aws import LocalAws
from tools.local.stage import LocalStage

_TRIES_OF_ONE: Final = 5  # the sixth attempt would be slowed down
_SITE: Final = "evry-xenakis"
_OTHER_SITE: Final = "evry-magnard"


def main() -> None:
    """Print the medians and their ratios. Exits with 1 if one is farther from 1 than allowed."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench.logins", description=main.__doc__)
    parser.add_argument("--logins", type=int, default=200, help="of each kind")
    parser.add_argument("--within", type=float, default=0.05, help="the farthest from 1 that a ratio may be")
    options = parser.parse_args()
    aws = LocalAws()
    services = LocalStage(aws, "http://127.0.0.1:8000").services
    medians = _medians(replace(services, record=Record(services.record.pseudonyms, StringIO())), options.logins)
    aws.stop()
    unknown = medians.pop("unknown")
    ratios = {kind: median / unknown for kind, median in medians.items()}
    figures = ", ".join(f"{kind} {medians[kind] * 1e3:.2f} ms (ratio {ratio:.3f})" for kind, ratio in ratios.items())
    print(f"unknown {unknown * 1e3:.2f} ms, {figures}, {options.logins} of each")
    sys.exit(any(abs(ratio - 1) > options.within for ratio in ratios.values()))


def _medians(services: OfficeServices, logins: int) -> dict[str, float]:
    """Time refusals by kind: a known account, an account of another site only, and an unknown one."""
    times: dict[str, list[float]] = {"known": [], "elsewhere": [], "unknown": []}
    now, password = services.clock(), services.hasher.hash("Loriot6Jaune")
    for number in range(logins):
        family = number // _TRIES_OF_ONE
        if number % _TRIES_OF_ONE == 0:
            for ref in (AccountRef(_SITE, f"known-{family}"), AccountRef(_OTHER_SITE, f"elsewhere-{family}")):
                account = Account(ref, "Famille Rossignol", (), new_stamp()).with_password(password, "chosen", now)
                services.database.write_together(services.accounts.put(account))
        for kind, samples in times.items():
            visit = Visit(services, Client("192.0.2.7", f"request-{kind}-{number}"), now)
            samples.append(_refusal(visit, AccountRef(_SITE, f"{kind}-{family}")))
        now += timedelta(minutes=1)
    return {kind: statistics.median(measured) for kind, measured in times.items()}


def _refusal(visit: Visit[OfficeServices], account: AccountRef) -> float:
    """Time a refused login, in seconds."""
    start = time.perf_counter()
    with suppress(LoginRefused):
        log_in(visit, Credentials(account, "Soupir0Perdu"))
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
