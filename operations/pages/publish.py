"""Publish pages to S3: only changed ones, assets before the pages that name them. Then invalidate them in the CDN."""

import hashlib
import json
import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import quote

from botocore.exceptions import ClientError

from chalicelib.domain.refusals import Unavailable
from chalicelib.domain.staff.desk_jobs import DeskJob
from chalicelib.infra.batches import batches
from chalicelib.stores.desk_jobs import DeskJobs
from chalicelib.wings.admission.presentation.draw_pages import PREFIX as DRAWS
from operations.deploy.aws import Aws, ignoring, message_of
from operations.deploy.checks import Deployed
from operations.deploy.commands import Stopped
from operations.pages.bucket import FOR_EVER, StoredObject
from operations.pages.build import SECURITY_KEY

_BATCH = 1000  # objects that S3 deletes in one call
_SOON: Final = timedelta(days=30)  # before the expiry of `security.txt`
_RENEWS: Final = "make deploy ARGS=--settings renews it"


class PagesBucket:
    """The bucket that the CDN serves."""

    def __init__(self, aws: Aws, name: str) -> None:
        self._s3 = aws.client("s3")
        self.name = name

    def put_assets(self, objects: Iterable[StoredObject]) -> list[str]:
        """Store missing assets. Safe at any time, as their names contain a hash of their content."""
        return self._put_changed([stored for stored in objects if is_asset(stored)], self._tags())

    def put_pages(self, objects: Iterable[StoredObject]) -> list[str]:
        """Store changed pages and delete obsolete ones. Returns their keys.

        Former assets stay: a page that is open in a browser or kept by a cache still names them. All published files of
        a draw stay too, since none may be taken back.
        """
        objects, tags = list(objects), self._tags()
        new_objects = self._put_changed([stored for stored in objects if stored.body and not is_asset(stored)], tags)
        keys = {stored.key for stored in objects}
        assets = {stored.key.rpartition("/")[0] for stored in objects if is_asset(stored)}
        stay = assets | {DRAWS}
        old_keys = [key for key in tags if key not in keys and key.rpartition("/")[0] not in stay]
        self._delete([{"Key": key} for key in old_keys])
        return new_objects + old_keys

    def put_more(self, objects: Iterable[StoredObject]) -> list[str]:
        """Store changed pages that have a body, without deleting any. Returns their keys."""
        return self._put_changed([stored for stored in objects if stored.body and not is_asset(stored)], self._tags())

    def render(self, aws: Aws, function: str, jobs: DeskJobs, now: datetime) -> list[str]:
        """Have the deployed `DeskJobs` publish the pages with periods, notice and draws. Returns the changed keys.

        So they are of the version that runs. Raises `Stopped` if they are not all published.
        """
        job, before = DeskJob.ask("publish", aws.identity, now), self._tags()  # office/jobs/publication.py
        try:
            jobs.create(job)
            aws.client("lambda").invoke(FunctionName=function, Payload=json.dumps({"job": job.id, "tries": 0}))
            result = jobs.find(job.id)
        except Unavailable as error:
            raise Stopped(f"The tables do not answer ({error}): run the same command again.") from error
        if result is None or result.state != "done":
            sentence = f"{function} has not published the pages of the periods, which are as before"
            raise Stopped(f"{sentence}. Its log says why: mend that, then run the same command again.")
        return [key for key, tag in self._tags().items() if before.get(key) != tag]

    def empty(self) -> int:
        """Delete everything, former versions too, and return the count."""
        count = 0
        with ignoring("NoSuchBucket"):
            for page in self._s3.get_paginator("list_object_versions").paginate(Bucket=self.name):
                versions = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
                self._delete([{"Key": version["Key"], "VersionId": version["VersionId"]} for version in versions])
                count += len(versions)
        return count

    def _put_changed(self, objects: list[StoredObject], tags: dict[str, str]) -> list[str]:
        new_objects = [stored for stored in objects if not self._is_there(stored, tags.get(stored.key))]
        for page in new_objects:
            self._s3.put_object(
                Bucket=self.name,
                Key=page.key,
                Body=page.body,
                ContentType=page.content_type,
                CacheControl=page.cache_control,
            )
        return [stored.key for stored in new_objects]

    def _is_there(self, page: StoredObject, tag: str | None) -> bool:
        if tag != hashlib.md5(page.body, usedforsecurity=False).hexdigest():
            return False
        head = self._s3.head_object(Bucket=self.name, Key=page.key)
        return (head.get("ContentType"), head.get("CacheControl")) == (page.content_type, page.cache_control)

    def _tags(self) -> dict[str, str]:
        """Read the ETag of every key: the content's MD5, since no object is uploaded in parts or encrypted by KMS."""
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self.name)
        return {stored["Key"]: stored["ETag"].strip('"') for page in pages for stored in page.get("Contents", [])}

    def _delete(self, objects: list[dict[str, Any]]) -> None:
        for batch in batches(objects, _BATCH):
            self._s3.delete_objects(Bucket=self.name, Delete={"Objects": batch, "Quiet": True})


def is_asset(page: StoredObject) -> bool:
    """Whether a key is that of an asset, whose name changes with its content, and not of a page."""
    return page.cache_control == FOR_EVER


def invalidate(aws: Aws, distribution: str, keys: list[str]) -> list[str]:
    """Invalidate pages in the CDN, and return their paths. A thousand paths a month are free."""
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


def security_status(deployment: Deployed) -> Iterator[str]:
    """Show the expiry of `security.txt`, with a warning if it is near, past or missing."""
    yield security_line(deployment.aws, deployment.outputs.pages_bucket, deployment.now)


def security_line(aws: Aws, bucket: str, now: datetime) -> str:
    """Write the expiry of `security.txt`."""
    try:
        text = aws.client("s3").get_object(Bucket=bucket, Key=SECURITY_KEY)["Body"].read().decode()
        fields = dict(line.partition(": ")[::2] for line in text.splitlines())
        until = datetime.fromisoformat(fields["Expires"])
    except (ClientError, KeyError, ValueError) as error:
        why = message_of(error) if isinstance(error, ClientError) else "it has no valid expiry date"
        return f"security.txt: Warning: it cannot be read ({why}): {_RENEWS}"
    if until <= now:
        return f"security.txt: Warning: over since {until:%Y-%m-%d}: {_RENEWS}"
    return f"security.txt: good until {until:%Y-%m-%d}{f': {_RENEWS}' if until - now < _SOON else ''}"
