"""`/.well-known/security.txt` as it is published: it says until when it is good, and only a deployment renews it."""

from datetime import UTC, datetime, timedelta
from typing import Final

from botocore.exceptions import ClientError

from operations.deploy.aws import Aws, message_of
from operations.pages.build import SECURITY_KEY

_SOON: Final = timedelta(days=30)


def security_line(aws: Aws, bucket: str, now: datetime | None = None) -> str:
    """Write, for `make status`, until when it is good; a warning when that is soon over, over, or not told."""
    now = now or datetime.now(UTC)
    try:
        text = aws.client("s3").get_object(Bucket=bucket, Key=SECURITY_KEY)["Body"].read().decode()
        fields = dict(line.partition(": ")[::2] for line in text.splitlines())
        until = datetime.fromisoformat(fields["Expires"])
    except (ClientError, KeyError, ValueError) as error:
        why = message_of(error) if isinstance(error, ClientError) else "it does not say until when it is good"
        return f"security.txt: Warning: it cannot be read ({why}): deploy again"
    if until <= now:
        return f"security.txt: Warning: over since {until:%Y-%m-%d}: deploy again, which renews it"
    return (
        f"security.txt: good until {until:%Y-%m-%d}{': deploy again, which renews it' if until - now < _SOON else ''}"
    )
