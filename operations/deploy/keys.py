"""The stage's secrets, made on first use and kept encrypted in SSM Parameter Store, under /clef/STAGE/."""

import base64
import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Self

from botocore.exceptions import ClientError
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from chalicelib.domain.account.keys import KEY_BYTES, USES, Use
from operations.deploy.aws import DENIED, code_of, ignoring
from operations.deploy.checks import Deployed, Fault
from operations.deploy.commands import NotReady, Stopped, command
from operations.deploy.stack import StackState
from operations.deploy.typed_secrets import TYPED, TypedSecret

RECORD_KEY = "record-key"
KEYS = "keys"
CDN_SECRET = "cdn-secret"  # noqa: S105 - only its name
FORMER_DIGEST = "cdn-former-digest"
_FORMER_VERSIONS: Final = 2  # kept by a rotation
VERSIONS: Final = "KeyVersions"  # parameter and output of the template: the deployed versions
_BYTES: Final = 32
_ROTATED: Final = timedelta(days=365)  # the age at which docs/deploy.md has a secret renewed
_SECRETS: Final = (
    (RECORD_KEY, "Record key", "; it is never rotated"),
    (CDN_SECRET, "Secret of the CDN", ""),
    *((secret.key, f"Secret of {secret.provider}", "") for secret in TYPED),
)
_OVERTAKEN: Final = "Another command is changing the keys of this stage: wait for its end, then run the same one again."


@dataclass(frozen=True)
class Version:
    """A secret that keys are derived from. `settled_at`: when stored data were sealed again under it."""

    number: int
    made_at: datetime
    secret: str = field(repr=False)
    settled_at: datetime | None = None

    @classmethod
    def new(cls, number: int, now: datetime) -> "Version":
        """Make a version with a new secret."""
        return cls(number, now, secrets.token_urlsafe(KEY_BYTES))

    def key(self, use: Use) -> bytes:
        """Derive the key of a use (RFC 5869)."""
        return derive(base64.urlsafe_b64decode(f"{self.secret}="), b"clef " + use.encode())

    def to_json(self) -> dict[str, Any]:
        """Convert to the JSON of the parameter."""
        fields = {"version": self.number, "secret": self.secret, "made_at": f"{self.made_at:%Y-%m-%dT%H:%M:%SZ}"}
        return fields | ({"settled_at": f"{self.settled_at:%Y-%m-%dT%H:%M:%SZ}"} if self.settled_at else {})

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> "Version":
        """Convert from the JSON of the parameter."""
        settled_at = fields.get("settled_at")
        return cls(
            fields["version"],
            datetime.fromisoformat(fields["made_at"]),
            fields["secret"],
            datetime.fromisoformat(settled_at) if settled_at else None,
        )


@dataclass(frozen=True)
class Keys:
    """Parameters of the template. `former_digest`: of the CDN's secret before the current rotation.

    `operator_secrets`: secrets that an operator stored, by their parameters. `versions`: newest first.
    """

    record_key: str = field(repr=False)
    cdn_secret: str = field(repr=False)
    former_digest: str | None = None
    operator_secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    versions: tuple[Version, ...] = ()

    @property
    def digests(self) -> str:
        """The SHA-256 of the CDN's secret, in hexadecimal. During a rotation, the former one follows after a blank."""
        return " ".join(filter(None, (digest_of(self.cdn_secret), self.former_digest)))

    @property
    def newest(self) -> Version:
        """The version that seals and signs."""
        return self.versions[0]

    @property
    def is_settled(self) -> bool:
        """Whether all stored data are sealed under the newest version."""
        return self.newest.settled_at is not None

    def of_use(self, use: Use) -> str:
        """Write the keys of a use in the format of the functions: « 2:<base64url> 1:<base64url> », newest first."""
        derivations = ((version.number, version.key(use)) for version in self.versions)
        return " ".join(f"{number}:{base64.urlsafe_b64encode(key).decode()}" for number, key in derivations)

    def parameters(self) -> dict[str, str]:
        """List the template's parameters: the keys of each use, and their versions."""
        return {parameter_of(use): self.of_use(use) for use in USES} | {VERSIONS: _numbers(self.versions)}

    def with_new_version(self, deployed_numbers: Sequence[int], now: datetime) -> "Keys":
        """Put a new version first. Two former ones stay.

        A version that was made but never deployed is used instead of a new one.
        """
        if self.newest.number not in deployed_numbers:
            return self
        number = max(version.number for version in self.versions) + 1
        return replace(self, versions=(Version.new(number, now), *self.versions[:_FORMER_VERSIONS]))

    def retired(self) -> "Keys":
        """Keep only the newest version."""
        return replace(self, versions=self.versions[:1])

    def settled(self, now: datetime) -> "Keys":
        """Note that all stored data are sealed under the newest version."""
        return replace(self, versions=(replace(self.newest, settled_at=now), *self.versions[1:]))


def derive(secret: bytes, info: bytes, salt: bytes | None = None, length: int = KEY_BYTES) -> bytes:
    """Derive a key by HKDF-SHA-256 (RFC 5869)."""
    return HKDF(SHA256(), length, salt, info).derive(secret)


def parameter_of(use: Use) -> str:
    """Name the template's parameter of a use, such as `KeyStaffTotp`."""
    return f"Key{''.join(map(str.capitalize, use.split('-')))}"


def digest_of(secret: str) -> str:
    """Compute the SHA-256 of a secret, in hexadecimal. The functions know only this digest."""
    return hashlib.sha256(secret.encode()).hexdigest()


def deployed_versions(state: StackState | None) -> tuple[int, ...]:
    """Read the versions of the keys that a stack was deployed with. Empty before the first deployment."""
    return tuple(map(int, state.inputs.get(VERSIONS, "").split())) if state else ()


class KeyStore:
    """The parameters of one stage. `state`: its stack, which shows whether a missing secret is new or lost."""

    def __init__(self, ssm: Any, stage: str, state: StackState | None = None) -> None:  # noqa: ANN401 - a client
        self._ssm = ssm
        self._folder = f"/clef/{stage}"
        self.serves = state is not None and state.exists
        self.live = deployed_versions(state)

    def name(self, key: str) -> str:
        """Return the full name of a parameter."""
        return f"{self._folder}/{key}"

    @property
    def losses(self) -> tuple[str, ...]:
        """List the secrets of the stack that are missing from Parameter Store, or older there."""
        are_lost = {
            RECORD_KEY: self.serves and not self._read(RECORD_KEY),
            KEYS: self._lacks_newest(self.find_versions()),
        }
        return tuple(self.name(key) for key, is_lost in are_lost.items() if is_lost)

    @property
    def is_whole(self) -> bool:
        """Whether both secrets that stored data depend on are stored."""
        return bool(self._read(RECORD_KEY) and self.find_versions())

    def keys(self) -> Keys:
        """Read the secrets, and make the missing ones."""
        return Keys(
            self._find_or_make(RECORD_KEY, secrets.token_urlsafe(_BYTES)),
            self._find_or_make(CDN_SECRET, secrets.token_urlsafe(_BYTES)),
            self._read(FORMER_DIGEST),
            {secret.parameter: self._read(secret.key) or "" for secret in TYPED},
            self._stored_or_made(),
        )

    def find(self) -> Keys | None:
        """Read the record key and the versions. None if either is not stored."""
        record_key, versions = self._read(RECORD_KEY), self.find_versions()
        return Keys(record_key, "", versions=versions) if record_key and versions else None

    def shared_with(self, other: Self) -> list[str]:
        """List the secrets that another stage has too, even as a former version, by their full names."""
        versions = {version.secret for version in self.find_versions()} & {one.secret for one in other.find_versions()}
        record_key = self._read(RECORD_KEY)
        are_shared = {RECORD_KEY: record_key and record_key == other._read(RECORD_KEY), KEYS: versions}
        return [self.name(key) for key, is_shared in are_shared.items() if is_shared]

    def written(self) -> dict[str, datetime]:
        """Read when each parameter of the stage was last written, by its full name. Reads no value."""
        pages = self._ssm.get_paginator("describe_parameters").paginate(
            ParameterFilters=[{"Key": "Name", "Option": "BeginsWith", "Values": [self.name("")]}]
        )
        return {held["Name"]: held["LastModifiedDate"].astimezone(UTC) for held in pages.search("Parameters[]")}

    def find_versions(self) -> tuple[Version, ...]:
        """Read the versions of the keys. Empty if they are not stored."""
        text = self._read(KEYS)
        return _versions(text) if text else ()

    def write(self, before: Keys, versions: tuple[Version, ...]) -> Keys:
        """Store other versions. Raises `Stopped` if another command stored others first: those stay."""
        parameter = self._parameter(KEYS)
        if _versions(parameter["Value"]) != before.versions:
            raise Stopped(_OVERTAKEN)
        number = self._write(KEYS, _json(versions))
        if number != parameter["Version"] + 1:  # another command wrote in between: keep the version that it deploys
            self._write(KEYS, self._parameter(f"{KEYS}:{number - 1}")["Value"])
            raise Stopped(_OVERTAKEN)
        return replace(before, versions=versions)

    def keep(self, secret: TypedSecret, secret_text: str) -> None:
        """Store a secret, which the next change of the stack gives to its function. Raises `NotReady`."""
        if not secret_text:
            raise NotReady("No secret was typed, which needs a terminal: nothing was changed.")
        self._write(secret.key, secret_text)

    def rotate(self) -> Keys:
        """Make a new CDN secret. The functions also accept the former one until `retire`.

        The former digest is written first, so that the secret that the CDN sends is accepted even after an
        interruption. A rotation that was begun but not deployed is continued: the CDN still sends the secret before it.
        """
        keys = self.keys()
        if keys.former_digest not in {None, digest_of(keys.cdn_secret)}:
            return keys
        self._write(FORMER_DIGEST, digest_of(keys.cdn_secret))
        self._write(CDN_SECRET, secrets.token_urlsafe(_BYTES))
        return self.keys()

    def retire(self) -> Keys:
        """Delete the former digest: the CDN sends the new secret everywhere."""
        self._delete(FORMER_DIGEST)
        return self.keys()

    def forget(self) -> None:
        """Delete all secrets of a removed stage."""
        for key in (RECORD_KEY, KEYS, CDN_SECRET, FORMER_DIGEST, *(secret.key for secret in TYPED)):
            self._delete(key)

    def _stored_or_made(self) -> tuple[Version, ...]:
        """Read the versions. Make a first one, or after a loss one with a number that was never deployed."""
        versions = self.find_versions()
        if versions and not self._lacks_newest(versions):
            return versions
        number = max((0, *self.live, *(version.number for version in versions))) + 1
        new_text = _json([Version.new(number, this_second()), *versions])
        if versions:
            self._write(KEYS, new_text)
        return _versions(self._find_or_make(KEYS, new_text))

    def _lacks_newest(self, versions: tuple[Version, ...]) -> bool:
        return bool(self.live) and self.live[0] not in {version.number for version in versions}

    def _find_or_make(self, key: str, new_key: str) -> str:
        secret = self._read(key)
        if secret:
            return secret
        with ignoring("ParameterAlreadyExists"):  # another operator was first: use that secret
            self._write(key, new_key, overwrite=False)
        return self._read(key) or ""

    def _parameter(self, key: str) -> dict[str, Any]:
        parameter: dict[str, Any] = self._ssm.get_parameter(Name=self.name(key), WithDecryption=True)["Parameter"]
        return parameter

    def _read(self, key: str) -> str | None:
        with ignoring("ParameterNotFound"):
            return str(self._parameter(key)["Value"])
        return None

    def _write(self, key: str, value: str, *, overwrite: bool = True) -> int:
        put = self._ssm.put_parameter(Name=self.name(key), Value=value, Type="SecureString", Overwrite=overwrite)
        return int(put["Version"])

    def _delete(self, key: str) -> None:
        with ignoring("ParameterNotFound"):
            self._ssm.delete_parameter(Name=self.name(key))


def _versions(text: str) -> tuple[Version, ...]:
    return tuple(map(Version.from_json, json.loads(text)))


def _json(versions: Iterable[Version]) -> str:
    return json.dumps([version.to_json() for version in versions])


def this_second() -> datetime:
    """Return the current time, as it is stored."""
    return datetime.now(UTC).replace(microsecond=0)


def _numbers(versions: Iterable[Version]) -> str:
    return " ".join(str(version.number) for version in versions)


def key_status(deployment: Deployed) -> Iterator[str]:
    """Show each secret's versions and age. A lost one is a fault. Without the right to read them, all but versions."""
    store, now = KeyStore(deployment.aws.client("ssm"), deployment.stage.name, deployment.state), deployment.now
    written_names, versions = store.written(), tuple[Version, ...]()
    try:
        lost_uses, versions = store.losses, store.find_versions()
    except ClientError as error:
        if code_of(error) not in DENIED:
            raise
        lost_uses = tuple(store.name(key) for key in (RECORD_KEY, KEYS) if store.name(key) not in written_names)
    for name in lost_uses:
        yield Fault(f"LOST: {name} is no longer stored. Do not deploy: docs/deploy.md, « Keys »")
    for key, label, note in _SECRETS:
        if made_at := written_names.get(store.name(key)):
            yield f"{label}: {_age(made_at, now)}{note}"
    for version in versions:
        state = "opens" if version != versions[0] else "seals and signs"
        state += "" if version.number in store.live else ", NOT DEPLOYED"
        state += "" if version.settled_at or version != versions[0] else ", former seals are left"
        yield f"Keys, version {version.number}: {_age(version.made_at, now)}; {state}"
    written_at = written_names.get(store.name(KEYS))
    if written_at and not versions:
        yield f"Keys: {_age(written_at, now)}; these credentials may not read their versions"
    ages = (
        ("keys", versions[0].made_at if versions else written_at),
        ("secret", written_names.get(store.name(CDN_SECRET))),
    )
    for kind, made_at in ages:
        if made_at and now - made_at > _ROTATED:
            deploy = command("deploy", deployment.stage.name, deployment.aws, f"--rotate-{kind}")
            yield f"  Warning: over a year old, to be renewed (docs/deploy.md, « Later »): {deploy}"


def _age(made_at: datetime, now: datetime) -> str:
    return f"of {made_at:%Y-%m-%d} ({(now - made_at).days} days)"
