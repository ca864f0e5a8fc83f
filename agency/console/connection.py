"""The deployment of a command: a `make run` on this machine, or a stack on AWS, found by its stage's name."""

import json
import os
import time
import urllib.request
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from pydantic import ValidationError

from agency.console import output
from agency.console.options import LOCAL
from chalicelib import wiring
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.office import OfficeServices
from chalicelib.settings.environment import SettingsRefused, load_settings
from operations.deploy.aws import Aws
from operations.version import STAGES_FILE, checkout_mark

LONGEST_REQUEST = timedelta(seconds=30)  # the function has 28 (`.chalice/config.json`)
_LONGEST_REQUEST_HERE = timedelta(seconds=2)
_DEFAULT_PORT = 8000
_TIMEOUT = 5  # seconds
_READ_TIMEOUT = 30  # seconds, for a page of a table: the local stand-in for DynamoDB is slow with many items


@dataclass(frozen=True)
class Connection:
    """A deployment: its services, and AWS. No distribution if the CDN caches nothing.

    `longest_request`: after it, every request under way has ended. `stack`: its name. A `make run` has none.
    """

    services: OfficeServices
    aws: Aws
    distribution: str | None
    longest_request: timedelta
    stack: str = ""

    @property
    def operator(self) -> str:
        """Name the author of the acts of a command: its AWS identity, asked for once. Raises botocore's errors."""
        return self.aws.identity


def connect(stage: str) -> Connection:
    """Find a stage's deployment, and name it on standard error, so that each answer shows where it is from.

    `local` is a `make run`, or the deployment of `make stack` if AWS_ENDPOINT_URL points to an emulated AWS.
    Raises `OfficeRefusal` if it does not exist, botocore's errors if AWS refuses.
    """
    connection = _local() if stage == LOCAL and "AWS_ENDPOINT_URL" not in os.environ else _on_aws(stage)
    network = connection.services.settings.network
    output.note(f"Déploiement : {stage}, {network.name}, {network.public_url}", network.look.accent)
    return connection


def _local() -> Connection:
    address = os.environ.get("CLEF_LOCAL", f"http://127.0.0.1:{os.environ.get('PORT', _DEFAULT_PORT)}")
    try:
        with urllib.request.urlopen(f"{address}/_local/stage.json", timeout=_TIMEOUT) as answer:  # noqa: S310 - ours
            stage: dict[str, Any] = json.load(answer)
    except (OSError, ValueError):
        raise OfficeRefusal("local_absent", address=address) from None
    if STAGES_FILE.exists() and stage.get("checkout") != checkout_mark():  # a wheel belongs to no checkout
        raise OfficeRefusal("local_of_another", address=address)
    os.environ.pop("AWS_PROFILE", None)  # it belongs to another account
    os.environ.update(stage["credentials"])
    aws = Aws(stage["region"], stage["environment"].get("CLEF_ENDPOINT_URL"))
    return Connection(_services(stage["environment"], aws), aws, None, _LONGEST_REQUEST_HERE)


def _on_aws(name: str) -> Connection:
    from agency.console.on_aws import find_deployment  # noqa: PLC0415 - only what is on AWS needs its models

    aws, environment, distribution, stack = find_deployment(name)
    return Connection(_services(environment, aws), aws, distribution, LONGEST_REQUEST, stack)


def _services(environment: dict[str, str], aws: Aws) -> OfficeServices:
    try:
        settings = load_settings(environment)
    except ValidationError as error:
        first = error.errors()[0]
        raise OfficeRefusal("network_refused", place=".".join(map(str, first["loc"])), why=first["msg"]) from None
    except SettingsRefused as refusal:
        place, why = next(iter(refusal.mistakes.items()))
        raise OfficeRefusal("network_refused", place=place, why=why) from None
    return OfficeServices.over(wiring.build(settings, patience=_READ_TIMEOUT, loader=aws.loader))


def wait_for_requests(connection: Connection) -> None:
    """Wait as long as a request of the deployment may last."""
    seconds = int(connection.longest_request.total_seconds())
    if seconds:
        output.note(f"Attente de {seconds} secondes : ce qu'une famille enregistre en ce moment finit d'abord.")
        time.sleep(seconds)
