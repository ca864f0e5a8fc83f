"""Documents: files of families in the private bucket, read by links that are signed here and soon end."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, Literal, TypedDict
from urllib.parse import quote, urlsplit

from botocore.exceptions import ClientError

from chalicelib.batches import batches
from chalicelib.domain.enrolment.uploads import SIGNATURE_BYTES, UploadedFile, UploadForm
from chalicelib.domain.refusals import Unavailable

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client
    from types_boto3_s3.type_defs import (
        CopySourceTypeDef,
        ListObjectsV2OutputTypeDef,
        ObjectIdentifierTypeDef,
    )

    class _Only(TypedDict, total=False):
        IfMatch: str


Disposition = Literal["attachment", "inline"]  # to be kept, or looked at where it is opened
_DELETED_AT_ONCE: Final = 1000  # what DeleteObjects takes


@contextmanager
def translate_s3_errors() -> Iterator[None]:
    """Turn whatever S3 answers, or does not, into `Unavailable`."""
    try:
        yield
    except ClientError as error:
        raise Unavailable(f"s3 {error.operation_name} {error.response['Error']['Code']}") from error
    except Exception as error:  # an answer that makes no sense trips the SDK in any way
        raise Unavailable(f"s3 {type(error).__name__}") from error


def _bare(etag: str) -> str:
    return etag.strip('"')


class Documents:
    """Objects by their keys, which hold no name that a person gave. Every method raises `Unavailable`."""

    def __init__(self, client: "Callable[[], S3Client]", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def put(self, key: str, body: bytes, content_type: str) -> None:
        """Store an object, whatever stood there (PutObject)."""
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
        """Sign an address that gives an object to whoever has it, for so long, under that name; no call."""
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
        """Sign a form that stores one file under this very key, once or again, then sends to an address; no call.

        Whatever else it is made to carry, and a file larger than `largest` bytes, S3 refuses.
        """
        with translate_s3_errors():
            signed = self._client().generate_presigned_post(
                Bucket=self._bucket,
                Key=key,
                Fields={"success_action_redirect": then},
                Conditions=[{"success_action_redirect": then}, ["content-length-range", 0, largest]],
                ExpiresIn=int(lifetime.total_seconds()),
            )
        address = urlsplit(signed["url"])
        return UploadForm(signed["url"], f"{address.scheme}://{address.netloc}", signed["fields"], lifetime)

    def copy(self, file: UploadedFile, key: str) -> None:
        """Copy an object under another key (CopyObject): the very content that was listed, or `Unavailable`."""
        source: CopySourceTypeDef = {"Bucket": self._bucket, "Key": file.key}
        with translate_s3_errors():
            answer = self._client().copy_object(
                Bucket=self._bucket, Key=key, CopySource=source, CopySourceIfMatch=f'"{file.etag}"'
            )
            if _bare(answer["CopyObjectResult"]["ETag"]) != file.etag:
                raise Unavailable("s3 copied something else")

    def read(self, key: str, etag: str = "") -> bytes | None:
        """Read a whole object (GetObject); None when it is not there, or where its content is not of this `etag`."""
        only: _Only = {"IfMatch": f'"{etag}"'} if etag else {}
        with translate_s3_errors():
            try:
                return self._client().get_object(Bucket=self._bucket, Key=key, **only)["Body"].read()
            except ClientError as error:
                if error.response["Error"]["Code"] in {"NoSuchKey", "PreconditionFailed"}:
                    return None
                raise

    def files(self, prefix: str) -> tuple[UploadedFile, ...]:
        """List the objects whose keys begin so (ListObjectsV2, a call per thousand)."""
        items = (item for page in self._pages(prefix) for item in page.get("Contents", []))
        return tuple(
            UploadedFile(item["Key"], item["Size"], item["LastModified"], _bare(item["ETag"])) for item in items
        )

    def keys(self, prefix: str) -> tuple[str, ...]:
        """Name the objects whose keys begin so, as `files` does."""
        return tuple(file.key for file in self.files(prefix))

    def first_bytes(self, key: str, count: int) -> bytes | None:
        """Read how an object begins (GetObject with a range); None when it is not there."""
        with translate_s3_errors():
            try:
                answer = self._client().get_object(Bucket=self._bucket, Key=key, Range=f"bytes=0-{count - 1}")
            except ClientError as error:
                code = error.response["Error"]["Code"]
                if code == "InvalidRange":  # it is empty
                    return b""
                if code == "NoSuchKey":
                    return None
                raise
            return answer["Body"].read()

    def read_signature(self, file: UploadedFile) -> bytes | None:
        """Read of a file what tells its kind; None when it is there no more."""
        return self.first_bytes(file.key, SIGNATURE_BYTES)

    def folders(self, prefix: str) -> tuple[str, ...]:
        """Name what stands right under a prefix that ends in a slash, up to the next one (ListObjectsV2)."""
        pages = self._pages(prefix, Delimiter="/")
        names = (item["Prefix"] for page in pages for item in page.get("CommonPrefixes", []))
        return tuple(name.removeprefix(prefix).rstrip("/") for name in names)

    def delete_under(self, prefix: str) -> int:
        """Delete the objects whose keys begin so; give how many (DeleteObjects, a call per thousand)."""
        if not prefix:
            raise ValueError("a prefix is needed: the empty one is everything")
        keys = self.keys(prefix)
        self.delete(keys)
        return len(keys)

    def delete(self, keys: tuple[str, ...]) -> None:
        """Delete objects, those that are gone already too (DeleteObjects, a call per thousand)."""
        for some in batches(keys, _DELETED_AT_ONCE):
            batch: list[ObjectIdentifierTypeDef] = [{"Key": key} for key in some]
            with translate_s3_errors():
                answer = self._client().delete_objects(Bucket=self._bucket, Delete={"Objects": batch, "Quiet": True})
                if left := answer.get("Errors"):
                    raise Unavailable(f"s3 left {len(left)} objects undeleted")

    def _pages(self, prefix: str, **more: str) -> "Iterator[ListObjectsV2OutputTypeDef]":
        request: Any = {"Bucket": self._bucket, "Prefix": prefix, **more}
        with translate_s3_errors():
            for page in self._client().get_paginator("list_objects_v2").paginate(**request):
                if "IsTruncated" not in page:  # botocore would take it for the last one
                    raise Unavailable("s3 ListObjectsV2 does not tell whether that is all")
                yield page
