"""The checkout that a program runs from."""

import hashlib
from pathlib import Path


def checkout_mark() -> str:
    """Name this folder of Clef by a digest: `clef` compares it with that of a service, and no path leaves either."""
    return hashlib.sha256(str(Path(__file__).resolve().parents[1]).encode()).hexdigest()[:16]
