"""`make stack`: the deployed stack on this machine, until Ctrl-C."""

import os
import signal
import socket
import sys
import threading
from contextlib import suppress
from http import HTTPStatus
from urllib.parse import urlsplit

from tools.local import trial_network  # noqa: F401 - before all that reads the network

# isort: split
from chalicelib.domain.enrolment.periods import Periods
from chalicelib.presentation.public_pages import PERIOD_PAGES
from chalicelib.settings.wings import has
from operations.deploy.commands import command
from operations.deploy.smoke import request
from operations.pages.build import build
from tools.local import franceconnect, payfip
from tools.local.cdn import Bucket
from tools.local.families import PAYER, print_families, store_bills, store_families
from tools.local.outgoing_mail import store_what_awaits
from tools.local.staff import print_staff, store_staff
from tools.stack import emulator
from tools.stack.deployed import Stack

_LAST_PORT = 65535


def main() -> None:
    """Start the emulator, deploy into it, print its address, and stay until Ctrl-C or a SIGTERM."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    port, plain = _port(), _scheme() == "http"
    with suppress(KeyboardInterrupt), emulator.running(port, plain=plain) as ministack:
        stack = Stack(ministack, plain)
        stack.verify_sender()
        print("Deploying into the emulator…", flush=True)
        print(stack.deploy(), flush=True)

        def notify(address: str, operation: str) -> None:
            request(stack.public, urlsplit(address).path, {"idop": operation})

        with (
            franceconnect.serving(stack.public.url) as provider,
            stack.with_settings(provider.settings),
            payfip.serving(port=payfip.STACK_PORT, notify=notify),
        ):
            services = stack.services
            store_families(services)
            if has("billing"):
                store_bills(services)
            store_staff(services)
            store_what_awaits(services)
            pages = Bucket(stack.aws.client("s3"), stack.outputs.pages_bucket)
            pages.publish(page for page in build(services.settings.network, Periods()) if page.key in PERIOD_PAGES)
            os.environ["SSL_CERT_FILE"] = str(ministack.certificate)
            start = request(stack.public, "/extranet/compte/acces/franceconnect")
            answer = f"answers {start.status} {'' if start.status else start.text}"
            print(f"FranceConnect {'is ready' if start.status == HTTPStatus.SEE_OTHER else answer}", flush=True)
            _greet(stack)
            threading.Event().wait()
    print("The emulator has stopped; nothing of it is left.", flush=True)


def _port() -> int:
    text = os.environ.get("PORT", "0")
    try:
        port = int(text)
        if not 0 <= port <= _LAST_PORT:
            raise ValueError(f"a port is between 0 and {_LAST_PORT}")  # noqa: TRY301 - one sentence for all of them
        with socket.create_server((emulator.HOST, port)):
            return port
    except (OSError, ValueError) as error:
        sys.exit(f"PORT={text} cannot be used ({error}): give another, or none for a free one.")


def _scheme() -> str:
    scheme = os.environ.get("SCHEME", "https")
    if scheme not in {"http", "https"}:
        sys.exit(f"SCHEME={scheme}: give https, as deployed, or http, for programs that can trust no certificate.")
    return scheme


def _greet(stack: Stack) -> None:
    public = stack.public
    host, port = public.at or ("", 0)
    trust = "" if stack.plain else f"--cacert {stack.emulator.certificate} "
    print_families()
    print_staff()
    print(f"PayFiP        {payfip.STACK_ADDRESS}, its part played here; {PAYER} has three bills to pay")
    print(f"Address       {public.url}/extranet, which leads to {host}:{port}")
    print(
        f"curl          curl {trust}-H 'Host: {urlsplit(public.url).netloc}' {public.url.partition(':')[0]}://{host}:{port}/extranet"
    )
    print(f"Chromium      --host-resolver-rules='{stack.resolver_rule}' --ignore-certificate-errors")
    if not stack.plain:
        print(f"Certificate   {stack.emulator.certificate}")
    print(f"Mails         {stack.emulator.endpoint_url}/_ministack/ses/messages")
    print(f"AWS's API     {stack.emulator.endpoint_url}")
    trusting = "" if stack.plain else f" SSL_CERT_FILE={stack.emulator.certificate}"
    print(f"Operate       export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test{trusting}")
    print(f"              {command('deploy', 'prod', stack.aws)}")
    print("Ctrl-C stops it.", flush=True)


if __name__ == "__main__":
    main()
