"""What to do next: said at the end of a deployment, only what is left to do."""

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

from operations.deploy.addresses import Address
from operations.deploy.aws import Aws
from operations.deploy.commands import command
from operations.deploy.stack import Outputs
from operations.deploy.stages import Stage


def leads_here(public: Address) -> bool:
    """Ask whether the public name leads anywhere: its DNS record is there."""
    if public.at:
        return True
    try:
        socket.getaddrinfo(urlsplit(public.url).hostname, 443)
    except OSError:
        return False
    return True


def next_steps(aws: Aws, stage: Stage, outputs: Outputs, *, has_dns: bool) -> Iterator[str]:
    """List what is left to do."""
    if not has_dns:
        yield (
            f"Publish the DNS record {stage.settings.domain} CNAME {outputs.distribution_domain} (Route 53: an alias), "
            "then run the same command again: it tries the public address."
        )
    if not aws.client("sesv2").get_account().get("ProductionAccessEnabled", True):
        yield "Ask SES for production access: until then families get no mail (docs/deploy.md, step 3)."
    yield f"See how it does: {command('status', stage.name, aws)}. What an alarm means: docs/runbook.md."
