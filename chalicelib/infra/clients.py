"""The office's AWS clients, made by boto3. The families' functions use botocore alone, which starts sooner."""

from collections.abc import Callable
from typing import Any

from boto3.session import Session


def by_boto3(session: Any) -> Callable[..., Any]:  # noqa: ANN401 - botocore's session, which only the wiring makes
    """Return the factory of clients, on the botocore session that the wiring prepared."""
    return Session(botocore_session=session).client
