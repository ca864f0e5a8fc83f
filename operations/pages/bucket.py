"""What the bucket stores, and for how long a cache may keep it."""

from dataclasses import dataclass

FOR_EVER = "public, max-age=31536000, immutable"
FIVE_MINUTES = "public, max-age=300"
NOT_KEPT = "no-store"  # an error page: what it stands for may be there a moment later
TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True)
class StoredObject:
    """What S3 stores: a key without extension for a page, and the headers it is served with."""

    key: str
    body: bytes
    content_type: str
    cache_control: str
