"""The static pages in their bucket, as far as a function writes them: those with the re-enrolment period."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from chalicelib.stores.documents import translate_s3_errors

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

HTML: Final = "text/html; charset=utf-8"
FIVE_MINUTES: Final = "public, max-age=300"


class PublicPages:
    """Stores pages by key, with the headers that they are served with. Raises `Unavailable`."""

    def __init__(self, client: "Callable[[], S3Client]", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def put(self, key: str, body: bytes) -> None:
        """Store or overwrite a page (PutObject)."""
        with translate_s3_errors():
            self._client().put_object(
                Bucket=self._bucket, Key=key, Body=body, ContentType=HTML, CacheControl=FIVE_MINUTES
            )
