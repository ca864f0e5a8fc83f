"""`make run`: the whole service on one machine, with no AWS account and no container, until Ctrl-C."""

import errno
import os
import signal
import socket
import sys
from contextlib import ExitStack, suppress
from functools import partial
from types import FrameType
from typing import NoReturn

from waitress.server import create_server

from tools.local import trial_network  # noqa: F401 - before all that reads the network

# isort: split
from chalicelib.services.office import OfficeServices
from chalicelib.settings.wings import has
from operations.version import checkout_mark
from tools.local.applications import open_admission
from tools.local.aws import CREDENTIALS, REGION, LocalAws
from tools.local.cdn import LocalCdn
from tools.local.clock import Hourly
from tools.local.crowd import store_crowd
from tools.local.families import open_periods, print_families, store_bills, store_families
from tools.local.franceconnect import other_name
from tools.local.local_pages import LocalPages
from tools.local.login import LocalLogin
from tools.local.outgoing_mail import store_what_awaits
from tools.local.post import Consumer, DeliveryEvents, DeskWorker, mails
from tools.local.staff import DECIDED_BY, print_staff, store_staff
from tools.local.stage import LocalStage

HOST = "127.0.0.1"
DEFAULT_PORT = 8000


def main() -> None:
    """Start everything, print the address, and serve until Ctrl-C or a SIGTERM."""
    listener = _listen(_port())
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)
    _serve(listener)


def _end(_number: int, _frame: FrameType | None) -> NoReturn:
    """Exit at once, without waiting for connections, uploads or jobs: all data are lost anyway."""
    signal.alarm(5)  # ends the process if its output is not read
    with suppress(RuntimeError, OSError):  # the signal interrupted a print
        sys.stdout.flush()
    with suppress(OSError):  # the output is closed
        os.write(sys.stdout.fileno(), "Clef s'est arrêté.\n".encode())
    os._exit(0)


def _serve(listener: socket.socket) -> None:
    public_url = f"http://{HOST}:{listener.getsockname()[1]}"
    cdn = start(public_url, is_bare=os.environ.get("START") == "bare")
    server = create_server(cdn, sockets=[listener], threads=16, ident="clef", connection_limit=1000, channel_timeout=30)
    _greet(other_name(public_url))
    server.run()


def start(public_url: str, *, is_bare: bool) -> LocalCdn:
    """Store the people, start the workers, and put the CDN's role in front."""
    aws = LocalAws()
    stage = LocalStage(aws, public_url, other_origins=other_name(public_url))
    store_people(stage.services, is_bare=is_bare)
    state = aws.save()
    hourly = Hourly(stage.services)
    post = (Consumer(aws, queue) for queue in stage.resources.queues)
    workers = (*post, DeskWorker(aws.functions), DeliveryEvents(aws.ses))
    for thread in (*workers, hourly):
        thread.start()

    def reset() -> None:
        with ExitStack() as pause:  # else a job received before is mailed after
            for worker in workers:
                pause.enter_context(worker.working)
            aws.restore(state)
            stage.go_back()

    facts = {
        "environment": stage.environment,
        "credentials": CREDENTIALS,
        "region": REGION,
        "pages_bucket": stage.resources.pages_bucket,
        "checkout": checkout_mark(),
    }
    return stage.cdn(LocalPages(stage, hourly, LocalLogin(stage.services, partial(mails, aws)), facts, reset, is_bare))


def store_people(services: OfficeServices, *, is_bare: bool) -> None:
    """Store the documented people. Unless bare, also three hundred families in a season that has begun."""
    store_families(services)
    if not is_bare:
        store_crowd(services, open_periods(services), DECIDED_BY)
    if has("billing"):
        store_bills(services)
    if has("admission"):
        open_admission(services, is_bare=is_bare)
    store_staff(services)
    store_what_awaits(services)


def _port() -> int:
    port = os.environ.get("PORT", str(DEFAULT_PORT))
    if not (port.isascii() and port.isdigit()) or int(port) > 65535:  # noqa: PLR2004 - the last port there is
        sys.exit(f"PORT={port} is not a port: give a number between 0 and 65535.")
    return int(port)


def _listen(port: int) -> socket.socket:
    try:
        return socket.create_server((HOST, port))
    except OSError as error:
        if error.errno in {errno.EADDRINUSE, errno.EACCES}:
            sys.exit(f"Port {port} cannot be used ({os.strerror(error.errno)}): try `make run PORT={port + 1}`.")
        raise


def _greet(public_url: str) -> None:
    """Print the address where all works, also passkeys. 127.0.0.1 answers too."""
    print(f"Extranet      {public_url}/extranet")
    print(f"Courrier      {public_url}/_local/courrier")
    print(f"À essayer     {public_url}/_local/")
    print(f"Commandes     export CLEF_STAGE=local CLEF_LOCAL={public_url}")
    print_families()
    print_staff()
    print("Ctrl-C pour arrêter.", flush=True)


if __name__ == "__main__":
    main()
