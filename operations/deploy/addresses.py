"""Where the stage answers: the public address, and the API behind it; on AWS or in an emulator."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from operations.deploy.aws import Aws
from operations.deploy.stack import Outputs
from operations.deploy.stages import Stage

API_STAGE = "prod"  # .chalice/config.json, api_gateway_stage
_EMULATED_API = "/_aws/execute-api"
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Address:
    """A URL without a path, and where to connect for it if not where its name leads."""

    url: str
    at: tuple[str, int] | None = None

    @property
    def host(self) -> str:
        """The host as the `Host` header says it."""
        return urlsplit(self.url).netloc


def public_address(aws: Aws, stage: Stage, outputs: Outputs) -> Address:
    """Find the address that families know: the domain, or the name that the CDN gave."""
    return address_of(aws, stage.settings.domain or outputs.distribution_domain)


def cdn_address(aws: Aws, outputs: Outputs) -> Address:
    """Find the CDN's own address, which needs no DNS record."""
    return address_of(aws, outputs.distribution_domain)


def address_of(aws: Aws, name: str) -> Address:
    """Find the address of a name that the CDN serves; an emulator answers for it at its edge, or at its own port."""
    if not aws.is_emulated or aws.edge:
        return Address(f"https://{name}", aws.edge)
    host, port = aws.emulator
    scheme = urlsplit(aws.endpoint_url or "").scheme
    suffix = "" if port == _PORTS[scheme] else f":{port}"
    return Address(f"{scheme}://{name}{suffix}", (host, port))


def api_url(aws: Aws, outputs: Outputs) -> str:
    """Find the API's own address, which refuses everybody but the CDN."""
    if aws.endpoint_url:
        return f"{aws.endpoint_url}{emulated_api_path(outputs.rest_api_id)}"
    return f"https://{outputs.rest_api_id}.execute-api.{aws.region}.amazonaws.com/{API_STAGE}"


def emulated_api_path(rest_api_id: str) -> str:
    """Write the path under which an emulator serves an API."""
    return f"{_EMULATED_API}/{rest_api_id}/{API_STAGE}"
