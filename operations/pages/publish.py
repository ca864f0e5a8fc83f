"""Pages to S3: only what changed, assets before the pages that name them; then the CDN forgets what it held of them."""

import hashlib
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import quote

from botocore.exceptions import ClientError

from chalicelib.infra.batches import batches
from operations.deploy.aws import Aws, ignoring, message_of
from operations.pages.bucket import FOR_EVER, StoredObject
from operations.pages.build import SECURITY_KEY
from operations.pages.draws import PREFIX as DRAWS

_BATCH = 1000  # objects that S3 deletes in one call
_SOON: Final = timedelta(days=30)  # when `security.txt` is over


class PagesBucket:
    """The bucket that the CDN serves."""

    def __init__(self, aws: Aws, name: str) -> None:
        self._s3 = aws.client("s3")
        self.name = name

    def put_assets(self, objects: Iterable[StoredObject]) -> list[str]:
        """Store assets that are not there: safe at any time, for their content's hash is in their names."""
        return self._put_changed([stored for stored in objects if is_asset(stored)])

    def put_pages(self, objects: Iterable[StoredObject]) -> list[str]:
        """Store pages that changed and drop those that are no more; return their keys.

        Former assets stay: a page that somebody keeps open, or a cache holds, still names them. So does what was
        published of a draw: nothing of it may be taken back.
        """
        objects = list(objects)
        changed = self._put_changed([stored for stored in objects if not is_asset(stored)])
        keys = {stored.key for stored in objects}
        assets = {stored.key.rpartition("/")[0] for stored in objects if is_asset(stored)}
        stay = assets | {DRAWS}
        gone = [key for key in self._tags() if key not in keys and key.rpartition("/")[0] not in stay]
        self._delete([{"Key": key} for key in gone])
        return changed + gone

    def put_more(self, objects: Iterable[StoredObject]) -> list[str]:
        """Store pages that changed, and drop none; return their keys."""
        return self._put_changed([stored for stored in objects if not is_asset(stored)])

    def empty(self) -> int:
        """Delete everything, former versions too; return how many."""
        count = 0
        with ignoring("NoSuchBucket"):
            for page in self._s3.get_paginator("list_object_versions").paginate(Bucket=self.name):
                found = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
                self._delete([{"Key": version["Key"], "VersionId": version["VersionId"]} for version in found])
                count += len(found)
        return count

    def _put_changed(self, objects: list[StoredObject]) -> list[str]:
        tags = self._tags()
        changed = [stored for stored in objects if not self._is_there(stored, tags.get(stored.key))]
        for stored in changed:
            self._s3.put_object(
                Bucket=self.name,
                Key=stored.key,
                Body=stored.body,
                ContentType=stored.content_type,
                CacheControl=stored.cache_control,
            )
        return [stored.key for stored in changed]

    def _is_there(self, wanted: StoredObject, tag: str | None) -> bool:
        if tag != hashlib.md5(wanted.body, usedforsecurity=False).hexdigest():
            return False
        found = self._s3.head_object(Bucket=self.name, Key=wanted.key)
        return (found.get("ContentType"), found.get("CacheControl")) == (wanted.content_type, wanted.cache_control)

    def _tags(self) -> dict[str, str]:
        """Read the ETag of every key: the content's MD5, since nothing is stored in parts or under a key of KMS."""
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self.name)
        return {stored["Key"]: stored["ETag"].strip('"') for page in pages for stored in page.get("Contents", [])}

    def _delete(self, objects: list[dict[str, Any]]) -> None:
        for some in batches(objects, _BATCH):
            self._s3.delete_objects(Bucket=self.name, Delete={"Objects": some, "Quiet": True})


def is_asset(stored: StoredObject) -> bool:
    """Ask whether it is an asset, whose name changes with its content, or a page."""
    return stored.cache_control == FOR_EVER


def invalidate(aws: Aws, distribution: str, keys: list[str]) -> list[str]:
    """Make the CDN forget pages; return their paths. Thousand paths a month cost nothing."""
    paths = [quote(f"/{key}") for key in keys]
    if paths:
        aws.client("cloudfront").create_invalidation(
            DistributionId=distribution,
            InvalidationBatch={
                "Paths": {"Quantity": len(paths), "Items": paths},
                "CallerReference": f"clef-{uuid.uuid4().hex}",
            },
        )
    return paths


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
