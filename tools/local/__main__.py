"""`make run`: the whole service on one machine, with no AWS account and no container, until Ctrl-C."""

import errno
import hashlib
import os
import secrets
import signal
import socket
import sys
from contextlib import ExitStack, suppress
from types import FrameType

from waitress.server import create_server

from app import app
from chalicelib import wiring
from chalicelib.domain.enrolment.periods import Periods
from operations.pages.build import build
from tools.local.aws import CREDENTIALS, REGION, LocalAws
from tools.local.bills import store_bills
from tools.local.cdn import Bucket, LocalCdn
from tools.local.families import FAMILIES, store_families
from tools.local.local_pages import LocalPages
from tools.local.post import Consumer, DeliveryEvents, mails

HOST = "127.0.0.1"
DEFAULT_PORT = 8000


def main() -> None:
    """Start everything, say where, and serve until Ctrl-C or a SIGTERM."""
    signal.signal(signal.SIGTERM, _interrupt)
    with suppress(KeyboardInterrupt), ExitStack() as ending:
        _serve(_listen(_port()), ending)
    print("Clef s'est arrêté.", flush=True)


def _serve(listener: socket.socket, ending: ExitStack) -> None:
    port = listener.getsockname()[1]
    public_url = f"http://{HOST}:{port}"
    aws = LocalAws()
    ending.callback(aws.stop)
    cdn_secret = secrets.token_urlsafe(32)
    resources = aws.create("clef", "ne-pas-repondre@extranet.example.fr")
    environment = {
        **resources.environment(),
        "CLEF_ENDPOINT_URL": aws.endpoint_url,
        "CLEF_PUBLIC_URL": public_url,
        "CLEF_OTHER_ORIGINS": f"http://localhost:{port}",
        "CLEF_CONFIGURATION_SET": "clef-mail",
        "CLEF_RECORD_KEY": secrets.token_urlsafe(32),
        "CLEF_CDN_SECRET_DIGESTS": hashlib.sha256(cdn_secret.encode()).hexdigest(),
    }
    os.environ |= environment
    services = wiring.services()
    store_families(services)
    store_bills(services)
    bucket = Bucket(aws.client("s3"), resources.pages_bucket)
    bucket.publish(build(services.settings.network, Periods()))
    threads: list[Consumer | DeliveryEvents] = [Consumer(aws, queue) for queue in resources.queues]
    for thread in (*threads, DeliveryEvents(aws.ses)):
        thread.start()
        ending.callback(thread.stop)
    stage = {
        "environment": environment,
        "credentials": CREDENTIALS,
        "region": REGION,
        "pages_bucket": resources.pages_bucket,
    }
    pages = LocalPages(services.settings.network, lambda: mails(aws), stage)
    cdn = LocalCdn(app, bucket, public_url, cdn_secret, pages)
    server = create_server(cdn, sockets=[listener], threads=16, ident="clef", connection_limit=1000, channel_timeout=30)
    ending.callback(server.close)
    _greet(public_url)
    server.run()


def _port() -> int:
    port = os.environ.get("PORT", str(DEFAULT_PORT))
    if not (port.isascii() and port.isdigit()) or int(port) > 65535:  # noqa: PLR2004 - the last port there is
        sys.exit(f"PORT={port} is not a port: give a number between 0 and 65535.")
    return int(port)


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen()
    except OSError as error:
        listener.close()
        if error.errno in {errno.EADDRINUSE, errno.EACCES}:
            sys.exit(f"Port {port} cannot be used ({os.strerror(error.errno)}): try `make run PORT={port + 1}`.")
        raise
    return listener


def _greet(public_url: str) -> None:
    print(f"Extranet      {public_url}/extranet")
    print(f"Courrier      {public_url}/_local/courrier")
    print(f"À essayer     {public_url}/_local/")
    for family in FAMILIES:
        password, emails = family.password or "-", ", ".join(family.emails) or "-"
        print(f"  {family.site:<22} {family.identifier:<8} {password:<16} {emails:<44} {family.note}")
    print("Ctrl-C pour arrêter.", flush=True)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
