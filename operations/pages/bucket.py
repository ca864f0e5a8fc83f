"""Objects of the bucket, and how long a cache may keep them."""

from dataclasses import dataclass

FOR_EVER = "public, max-age=31536000, immutable"
FIVE_MINUTES = "public, max-age=300"
NOT_KEPT = "no-store"  # an error page: the missing page may exist a moment later
TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True)
class StoredObject:
    """An S3 object: a key, without extension for a page, and its headers."""

    key: str
    body: bytes
    content_type: str
    cache_control: str
