"""Documents: families' files in the private bucket, read by signed links that expire soon."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, Literal, TypedDict
from urllib.parse import quote, urlsplit

from botocore.exceptions import ClientError

from chalicelib.domain.dossiers.uploads import SIGNATURE_BYTES, UploadedFile, UploadForm
from chalicelib.domain.refusals import Unavailable
from chalicelib.infra.batches import batches

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client
    from types_boto3_s3.type_defs import CopySourceTypeDef, ListObjectsV2OutputTypeDef, ObjectIdentifierTypeDef

    class _Only(TypedDict, total=False):
        IfMatch: str


Disposition = Literal["attachment", "inline"]  # to download, or to open in the browser
_DELETED_AT_ONCE: Final = 1000  # the limit of DeleteObjects


@contextmanager
def translate_s3_errors() -> Iterator[None]:
    """Turn any error of S3 into `Unavailable`."""
    try:
        yield
    except ClientError as error:
        raise Unavailable(f"s3 {error.operation_name} {error.response['Error']['Code']}") from error
    except Exception as error:  # an invalid answer makes the SDK raise any exception
        raise Unavailable(f"s3 {type(error).__name__}") from error


def _bare(etag: str) -> str:
    return etag.strip('"')


class Documents:
    """Objects by keys without personal names. Every method raises `Unavailable`."""

    def __init__(self, client: "Callable[[], S3Client]", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def put(self, key: str, body: bytes, content_type: str) -> None:
        """Store or overwrite an object (PutObject)."""
        with translate_s3_errors():
            self._client().put_object(Bucket=self._bucket, Key=key, Body=body, ContentType=content_type)

    def link(
        self,
        key: str,
        lifetime: timedelta,
        file_name: str,
        content_type: str = "application/pdf",
        disposition: Disposition = "attachment",
    ) -> str:
        """Sign a URL that serves an object to anyone who has it, for this lifetime, under this file name. No call."""
        headers = {
            "ResponseContentDisposition": f"{disposition}; filename*=UTF-8''{quote(file_name, safe='')}",
            "ResponseContentType": content_type,
            "ResponseCacheControl": "private, no-store",
        }
        with translate_s3_errors():
            return self._client().generate_presigned_url(
                "get_object",
                Params={"Bucket": self._bucket, "Key": key, **headers},
                ExpiresIn=int(lifetime.total_seconds()),
            )

    def form(self, key: str, largest: int, lifetime: timedelta, then: str) -> UploadForm:
        """Sign a form that uploads one file under this key, perhaps repeatedly, then redirects to a URL. No call.

        S3 refuses any other field, and a file larger than `largest` bytes.
        """
        with translate_s3_errors():
            post = self._client().generate_presigned_post(
                Bucket=self._bucket,
                Key=key,
                Fields={"success_action_redirect": then},
                Conditions=[{"success_action_redirect": then}, ["content-length-range", 0, largest]],
                ExpiresIn=int(lifetime.total_seconds()),
            )
        address = urlsplit(post["url"])
        return UploadForm(post["url"], f"{address.scheme}://{address.netloc}", post["fields"], lifetime)

    def copy(self, file: UploadedFile, key: str) -> None:
        """Copy an object to another key (CopyObject), with exactly the listed content, or raise `Unavailable`."""
        source: CopySourceTypeDef = {"Bucket": self._bucket, "Key": file.key}
        with translate_s3_errors():
            answer = self._client().copy_object(
                Bucket=self._bucket, Key=key, CopySource=source, CopySourceIfMatch=f'"{file.etag}"'
            )
            if _bare(answer["CopyObjectResult"]["ETag"]) != file.etag:
                raise Unavailable("s3 copied something else")

    def read(self, key: str, etag: str = "") -> bytes | None:
        """Read a whole object (GetObject). None if it does not exist, or its content has another `etag`."""
        only: _Only = {"IfMatch": f'"{etag}"'} if etag else {}
        with translate_s3_errors():
            try:
                return self._client().get_object(Bucket=self._bucket, Key=key, **only)["Body"].read()
            except ClientError as error:
                if error.response["Error"]["Code"] in {"NoSuchKey", "PreconditionFailed"}:
                    return None
                raise

    def files(self, prefix: str) -> tuple[UploadedFile, ...]:
        """List the objects with a key prefix (ListObjectsV2, one call per thousand)."""
        items = (item for page in self._pages(prefix) for item in page.get("Contents", []))
        return tuple(
            UploadedFile(item["Key"], item["Size"], item["LastModified"], _bare(item["ETag"])) for item in items
        )

    def keys(self, prefix: str) -> tuple[str, ...]:
        """List the keys with a prefix, like `files`."""
        return tuple(file.key for file in self.files(prefix))

    def first_bytes(self, key: str, count: int) -> bytes | None:
        """Read the first bytes of an object (GetObject with a range). None if it does not exist."""
        with translate_s3_errors():
            try:
                answer = self._client().get_object(Bucket=self._bucket, Key=key, Range=f"bytes=0-{count - 1}")
            except ClientError as error:
                code = error.response["Error"]["Code"]
                if code == "InvalidRange":  # an empty object
                    return b""
                if code == "NoSuchKey":
                    return None
                raise
            return answer["Body"].read()

    def read_signature(self, file: UploadedFile) -> bytes | None:
        """Read the file's magic bytes. None if it no longer exists."""
        return self.first_bytes(file.key, SIGNATURE_BYTES)

    def folders(self, prefix: str) -> tuple[str, ...]:
        """List the next path segments below a prefix that ends in a slash (ListObjectsV2)."""
        pages = self._pages(prefix, Delimiter="/")
        names = (item["Prefix"] for page in pages for item in page.get("CommonPrefixes", []))
        return tuple(name.removeprefix(prefix).rstrip("/") for name in names)

    def delete_under(self, prefix: str) -> int:
        """Delete the objects with a key prefix, and return their number (DeleteObjects, one call per thousand)."""
        if not prefix:
            raise ValueError("a prefix is needed: the empty one is everything")
        keys = self.keys(prefix)
        self.delete(keys)
        return len(keys)

    def delete(self, keys: tuple[str, ...]) -> None:
        """Delete objects. Idempotent (DeleteObjects, one call per thousand)."""
        for part in batches(keys, _DELETED_AT_ONCE):
            batch: list[ObjectIdentifierTypeDef] = [{"Key": key} for key in part]
            with translate_s3_errors():
                answer = self._client().delete_objects(Bucket=self._bucket, Delete={"Objects": batch, "Quiet": True})
                if errors := answer.get("Errors"):
                    raise Unavailable(f"s3 left {len(errors)} objects undeleted")

    def _pages(self, prefix: str, **more: str) -> "Iterator[ListObjectsV2OutputTypeDef]":
        request: Any = {"Bucket": self._bucket, "Prefix": prefix, **more}
        with translate_s3_errors():
            for page in self._client().get_paginator("list_objects_v2").paginate(**request):
                if "IsTruncated" not in page:  # botocore would take it for the last page
                    raise Unavailable("s3 ListObjectsV2 does not tell whether that is all")
                yield page
