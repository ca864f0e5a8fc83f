"""Keys of a fictitious stage: one version of each use, others where a test rotates them."""

import base64
import hashlib
from collections.abc import Iterable, Mapping

from chalicelib.domain.account.keys import USES, Key, KeyRing, Use, variable


def key_ring(use: Use, *versions: int) -> KeyRing:
    """Make the key ring of a use, newest first. Keys are deterministic."""
    return KeyRing(tuple(Key(version, hashlib.sha256(f"{use} {version}".encode()).digest()) for version in versions))


def key_rings(*versions: int) -> dict[Use, KeyRing]:
    """Make the key rings of all uses."""
    return {use: key_ring(use, *versions) for use in USES}


def written(ring: KeyRing) -> str:
    """Format a key ring as the deployment does."""
    return " ".join(f"{key.version}:{base64.urlsafe_b64encode(key.secret).decode()}" for key in ring.keys)


def key_variables(keys: Mapping[Use, KeyRing], uses: Iterable[Use] = USES) -> dict[str, str]:
    """Write the environment variables of some uses."""
    return {variable(use): written(keys[use]) for use in uses}
