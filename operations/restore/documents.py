"""The versions of documents: those current at a second, compared with today's, and brought back."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from botocore.exceptions import ClientError

from chalicelib.infra.dynamo.values import Item
from operations.deploy.aws import code_of
from operations.restore.differences import DOCUMENTS, Families, RestoreDifference, State

_FOLDERS: Final = ("documents/", "requests/", "invoices/")  # not files to import


@dataclass(frozen=True)
class DocumentVersions:
    """The bucket of documents. No version is overwritten: to restore one, it is copied above the newer ones."""

    s3: Any  # a client
    bucket: str

    def compare(self, families: Families, at: datetime) -> Iterator[RestoreDifference]:
        """List the documents whose current version differs from the one of a second."""
        for key, history in self._histories():
            then = next((version for version in history if version["LastModified"] <= at), None)
            before, now = _existing(then), _existing(history[0])
            if (before and before["ETag"]) == (now and now["ETag"]):
                continue
            state: State = "new" if before is None else "missing" if now is None else "changed"
            where = {"site": "", "identifier": key}
            yield RestoreDifference(DOCUMENTS, state, *families.place(DOCUMENTS, where), where, now, before)

    def bring_back(self, difference: RestoreDifference) -> bool:
        """Make the version of the second current again, as a copy above the newer ones and the marks of deletion.

        False if another version is current than the comparison read: it stays.
        """
        key, then, live = difference.key["identifier"], difference.then or {}, difference.live
        history = next((history for name, history in self._histories(key) if name == key), [])
        current = _existing(history[0]) if history else None
        if (current and current["VersionId"]) != (live and live["VersionId"]):
            return False
        source = {"Bucket": self.bucket, "Key": key, "VersionId": then["VersionId"]}
        condition = {"IfMatch": live["ETag"]} if live else {"IfNoneMatch": "*"}
        try:
            self.s3.copy_object(Bucket=self.bucket, Key=key, CopySource=source, **condition)
        except ClientError as error:
            if code_of(error) not in {"PreconditionFailed", "ConditionalRequestConflict"}:
                raise
            return False
        return True

    def _histories(self, prefix: str = "") -> Iterator[tuple[str, list[Item]]]:
        """List each document's versions and deletions, the newest first."""
        for folder in [prefix] if prefix else _FOLDERS:
            pages = self.s3.get_paginator("list_object_versions").paginate(Bucket=self.bucket, Prefix=folder)
            versions = [
                version for page in pages for kind in ("Versions", "DeleteMarkers") for version in page.get(kind, [])
            ]
            versions.sort(key=itemgetter("LastModified"), reverse=True)
            versions.sort(key=lambda version: (version["Key"], not version["IsLatest"]))
            for key, history in groupby(versions, itemgetter("Key")):
                yield key, list(history)


def _existing(version: Item | None) -> Item | None:
    return version if version and "ETag" in version else None
