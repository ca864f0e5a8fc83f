"""Access to AWS or an emulator for operator commands: one session, each client made once."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.loaders import Loader
from botocore.session import Session

CDN_REGION = "us-east-1"  # where CloudFront looks for its certificates
DENIED: Final = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"}  # codes of a missing right
_CONFIG = Config(retries={"mode": "standard", "total_max_attempts": 5}, connect_timeout=10, read_timeout=60)


class _Loader(Loader):
    """Botocore's data. The SDK would walk through the folders of 440 services to know that one of them exists."""

    def list_available_services(self, _type_name: str) -> list[str]:
        """List the services by their folders' names."""
        return [folder.name for path in map(Path, self.search_paths) if path.is_dir() for folder in path.iterdir()]


_loader = cache(_Loader)


class Aws:
    """One account in one region."""

    def __init__(
        self,
        region: str,
        endpoint_url: str | None = None,
        edge: tuple[str, int] | None = None,
        profile: str | None = None,
    ) -> None:
        self.region = region
        self.profile = profile  # of `~/.aws`, for another account than the environment's
        self.edge = edge  # host and port of an emulator's CDN, over TLS
        self.endpoint_url = endpoint_url.rstrip("/") if endpoint_url else None
        self.pause = 0.1 if endpoint_url else 3  # seconds between two looks at a stack: AWS limits an account's calls
        self._clients = cache(self._make)

    @property
    def loader(self) -> Loader:
        """Botocore's data, which all sessions share: reading it costs more than the first call."""
        return _loader()

    @cached_property
    def session(self) -> Session:
        """Begin a session. Raises botocore's errors for a profile that does not exist."""
        session = Session(profile=self.profile)
        session.register_component("data_loader", self.loader)
        return session

    def _make(self, service: str, region: str) -> Any:  # noqa: ANN401 - botocore makes the class of a client as it runs
        return self.session.create_client(service, region_name=region, config=_CONFIG, endpoint_url=self.endpoint_url)

    def client(self, service: str, region: str | None = None) -> Any:  # noqa: ANN401 - the same
        """Return the client of a service, made once."""
        return self._clients(service, region or self.region)

    @cached_property
    def account(self) -> str:
        """The account's number. Raises botocore's errors without credentials that work."""
        return str(self._caller["Account"])

    @property
    def identity(self) -> str:
        """The user or role of these credentials (`identity_of`). Raises botocore's errors as `account` does."""
        return identity_of(self._caller["Arn"])

    @cached_property
    def _caller(self) -> Mapping[str, str]:
        answer: Mapping[str, str] = self.client("sts").get_caller_identity()
        return answer

    @property
    def knows_region(self) -> bool:
        """Whether the installed botocore knows the region."""
        partitions = self.session.get_available_partitions()
        return any(self.region in self.session.get_available_regions("lambda", partition) for partition in partitions)

    @property
    def is_emulated(self) -> bool:
        """Whether an emulator on this machine stands in for AWS."""
        return self.endpoint_url is not None

    @property
    def emulator(self) -> tuple[str, int]:
        """The emulator's host and port."""
        parts = urlsplit(self.endpoint_url or "")
        return parts.hostname or "localhost", parts.port or (443 if parts.scheme == "https" else 80)


def identity_of(arn: str) -> str:
    """Shorten the ARN of a caller to `user/marie` or `assumed-role/agence/marie`, without account and path."""
    kind, *names = arn.split(":", 5)[5].split("/")
    return "/".join((kind, *names[-2 if kind == "assumed-role" else -1 :]))


def code_of(error: ClientError) -> str:
    """Return AWS's code of an error (`NoSuchBucket`, `ValidationError`…)."""
    return str(error.response.get("Error", {}).get("Code", ""))


@contextmanager
def ignoring(*codes: str) -> Iterator[None]:
    """Ignore AWS errors with one of these codes inside the block."""
    try:
        yield
    except ClientError as error:
        if code_of(error) not in codes:
            raise


def message_of(error: Exception) -> str:
    """Write an error in one line, in AWS's own words if it has any."""
    words = error.response.get("Error", {}).get("Message") if isinstance(error, ClientError) else None
    return " ".join(str(words or error).split())
