"""The stage's secrets: made on first use, kept encrypted in SSM Parameter Store, under /clef/STAGE/."""

import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any

from operations.deploy.aws import ignoring

RECORD_KEY = "record-key"
CDN_SECRET = "cdn-secret"  # noqa: S105 - the name of it
FORMER_DIGEST = "cdn-former-digest"
PROCONNECT_SECRET = "proconnect-secret"  # noqa: S105 - the name of it
_BYTES = 32


@dataclass(frozen=True)
class Keys:
    """What the template takes. `former_digest` is of the CDN's secret before the rotation that is going on.

    `proconnect_secret`: an operator stores it, where staff may enter by ProConnect; nobody makes it here.
    """

    record_key: str = field(repr=False)
    cdn_secret: str = field(repr=False)
    former_digest: str | None = None
    proconnect_secret: str = field(default="", repr=False)

    @property
    def digests(self) -> str:
        """The SHA-256 of the CDN's secret, in hexadecimal; while it is rotated, the former one after a blank."""
        return " ".join(filter(None, (digest_of(self.cdn_secret), self.former_digest)))


def digest_of(secret: str) -> str:
    """Compute the SHA-256 of a secret, in hexadecimal: all that the functions know of it."""
    return hashlib.sha256(secret.encode()).hexdigest()


class KeyStore:
    """The parameters of one stage."""

    def __init__(self, ssm: Any, stage: str) -> None:  # noqa: ANN401 - a client of botocore
        self._ssm = ssm
        self._folder = f"/clef/{stage}"

    def name(self, key: str) -> str:
        """Write the full name of a parameter."""
        return f"{self._folder}/{key}"

    def keys(self) -> Keys:
        """Read the secrets; make those that are not there yet."""
        return Keys(
            self._find_or_make(RECORD_KEY),
            self._find_or_make(CDN_SECRET),
            self._read(FORMER_DIGEST),
            self._read(PROCONNECT_SECRET) or "",
        )

    def rotate(self) -> Keys:
        """Make a new CDN secret; the functions take the former one too until `retire`.

        The former digest is written first: stopped in between, the secret that the CDN sends is still accepted. A
        rotation that was begun and not deployed goes on instead: the CDN still sends the secret before it.
        """
        kept = self.keys()
        if kept.former_digest not in {None, digest_of(kept.cdn_secret)}:
            return kept
        self._write(FORMER_DIGEST, digest_of(kept.cdn_secret))
        self._write(CDN_SECRET, secrets.token_urlsafe(_BYTES))
        return self.keys()

    def retire(self) -> Keys:
        """Forget the former digest: the CDN sends the new secret everywhere."""
        self._delete(FORMER_DIGEST)
        return self.keys()

    def forget(self) -> None:
        """Delete all of them: the stage is gone."""
        for key in (RECORD_KEY, CDN_SECRET, FORMER_DIGEST, PROCONNECT_SECRET):
            self._delete(key)

    def _find_or_make(self, key: str) -> str:
        kept = self._read(key)
        if kept:
            return kept
        with ignoring("ParameterAlreadyExists"):  # somebody else was first: theirs it is
            self._write(key, secrets.token_urlsafe(_BYTES), overwrite=False)
        return self._read(key) or ""

    def _read(self, key: str) -> str | None:
        with ignoring("ParameterNotFound"):
            return str(self._ssm.get_parameter(Name=self.name(key), WithDecryption=True)["Parameter"]["Value"])
        return None

    def _write(self, key: str, value: str, *, overwrite: bool = True) -> None:
        self._ssm.put_parameter(Name=self.name(key), Value=value, Type="SecureString", Overwrite=overwrite)

    def _delete(self, key: str) -> None:
        with ignoring("ParameterNotFound"):
            self._ssm.delete_parameter(Name=self.name(key))
