"""Objects of the bucket, and how long a cache may keep them."""

from dataclasses import dataclass
from typing import Final

from pydantic import ConfigDict, TypeAdapter

FOR_EVER = "public, max-age=31536000, immutable"
FIVE_MINUTES = "public, max-age=300"
NOT_KEPT = "no-store"  # an error page: the missing page may exist a moment later
TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True)
class StoredObject:
    """An S3 object: a key, without extension for a page, and its headers. Without a body: a function renders it."""

    key: str
    body: bytes
    content_type: str
    cache_control: str


# How a release keeps its pages.
STORED: Final = TypeAdapter(list[StoredObject], config=ConfigDict(ser_json_bytes="base64", val_json_bytes="base64"))
