"""Releases: the stored bytes of a version, and the record of each deployment of a stage."""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pydantic import BaseModel, ConfigDict

from chalicelib.settings.environment import load_network
from chalicelib.settings.wings import WINGS
from chalicelib.wings import ALL_WINGS
from operations.deploy.aws import Aws
from operations.deploy.commands import NotReady, Tell
from operations.deploy.stack import find_stack, table_names
from operations.deploy.stages import Stage
from operations.deploy.store import DeploymentBucket
from operations.deploy.template import telephones, with_code
from operations.deploy.typed_secrets import providers_of
from operations.deploy.wings import without
from operations.package.files import TEMPLATE
from operations.package.parts import FAMILY, NETWORK, OFFICE
from operations.pages.bucket import STORED, StoredObject
from operations.pages.build import build_for_any_stage
from operations.runtime import Architecture
from operations.version import commit, version

PAGES = ".pages"


class Release(BaseModel):
    """A version: its bytes by their SHA-256, and facts of its network.

    `parameters`: of the template. `site`: the code of a site. `providers`: the tables of the identity providers.
    `left_out`: the resources of wings that its network leaves out, by their names in the template, by wing.
    """

    model_config = ConfigDict(frozen=True)

    version: str
    commit: str
    architecture: Architecture
    template: str
    packages: dict[str, str]
    pages: str
    network: str = ""  # its file, as stages.toml has it
    parameters: dict[str, str] = {}  # an earlier version's record has none of these
    site: str = ""
    providers: tuple[str, ...] = ()
    left_out: dict[str, tuple[str, ...]] = {}

    @property
    def title(self) -> str:
        """The version as people read it."""
        return f"{self.version}, commit {self.commit}"

    @property
    def bytes(self) -> tuple[object, ...]:
        """All that a stage runs of it. Another commit may have the same bytes."""
        return self.template, self.packages, self.pages

    def deployable(self, store: DeploymentBucket, tables: Collection[str] = ()) -> str:
        """Read the template, with the addresses of the packages in a bucket. `tables`: those that the stack has."""
        addresses = {name: store.address(digest) for name, digest in self.packages.items()}
        names = {name for names in self.left_out.values() for name in names}
        return with_code(without(store.read(self.template, ".json").decode(), names, tables), addresses)

    def read_pages(self, store: DeploymentBucket) -> list[StoredObject]:
        """Read the static pages as they are for every stage."""
        return STORED.validate_json(store.read(self.pages, PAGES))


class DeploymentRecord(BaseModel):
    """A deployment of a stage. `is_tested`: it passed its smoke test. `before`: the record to go back to, if any."""

    model_config = ConfigDict(frozen=True)

    release: Release
    at: datetime
    by: str
    before: str = ""
    is_tested: bool = False

    @property
    def name(self) -> str:
        """The name of its record. Names sort by time."""
        return f"{self.at:%Y-%m-%dT%H:%M:%S.%fZ}"

    @property
    def title(self) -> str:
        """The deployment as people read it."""
        return f"{self.release.title}, of {self.at:%Y-%m-%d %H:%M} UTC by {self.by}"


@dataclass(frozen=True)
class History:
    """The deployments of a stage, one record each in the deployment bucket."""

    store: DeploymentBucket
    stage: str

    @property
    def _folder(self) -> str:
        return f"deployments/{self.stage}/"

    def current(self) -> DeploymentRecord | None:
        """Read the newest record. None if no version that writes records was deployed."""
        names = self.store.names(self._folder)
        return self.read(max(names)) if names else None

    def read(self, name: str) -> DeploymentRecord:
        """Read a record by its name."""
        return DeploymentRecord.model_validate_json(self.store.get(f"{self._folder}{name}"))

    def write(self, record: DeploymentRecord) -> None:
        """Store a record, or store it again with its smoke test."""
        self.store.put(f"{self._folder}{record.name}", record.model_dump_json().encode())

    def note(self, release: Release, now: datetime, *, is_first: bool, before: str | None = None) -> None:
        """Note that the stack runs a release. `before`: another record to go back to than the current one."""
        current = None if is_first else self.current()
        if current and current.release == release:
            return
        if before is None and current:
            is_other = current.is_tested and current.release.bytes != release.bytes
            before = current.name if is_other else current.before
        self.write(DeploymentRecord(release=release, at=now, by=self.store.aws.identity, before=before or ""))


@dataclass(frozen=True)
class FormerVersion:
    """The version of a stage before a change. `inputs`: its parameters, with secrets masked."""

    record: DeploymentRecord
    template: str
    inputs: dict[str, str]

    @classmethod
    def of(cls, aws: Aws, stage: Stage, release: Release) -> "FormerVersion | None":
        """Read the former version. None if nothing serves, there is no record, or the change keeps the same bytes."""
        state, store = find_stack(aws, stage.stack), DeploymentBucket(aws)
        record = History(store, stage.name).current()
        if state is None or not state.inputs or record is None or record.release.bytes == release.bytes:
            return None
        template = record.release.deployable(store, table_names(aws, state))
        return cls(record, template, state.parameters)

    def lacks(self, template: str) -> dict[str, dict[str, Any]]:
        """List the resources of another template that this version does not have."""
        old, new = (json.loads(text)["Resources"] for text in (self.template, template))
        return {name: resource for name, resource in new.items() if name not in old}


@dataclass(frozen=True)
class Checkout:
    """This checkout, packaged."""

    package: Callable[[Path, Architecture], None]
    heading: str = "Packaging and uploading"

    def bring(self, store: DeploymentBucket, stage: Stage, tell: Tell) -> Release:
        """Package, and store new files."""
        architecture, now = stage.settings.architecture, commit()
        with TemporaryDirectory() as folder:
            self.package(Path(folder), architecture)
            packages = {name: (Path(folder) / name).read_bytes() for name in (FAMILY, OFFICE, NETWORK)}
            template = (Path(folder) / TEMPLATE).read_bytes()
        network, digests = load_network(), {}
        for name, content in packages.items():
            digests[name] = store.put_package(content, now)
            tell(f"  {name}: {store.address(digests[name])} ({len(content) / 1000:,.0f} kB, commit {now})")
        return Release(
            version=version(),
            commit=now,
            architecture=architecture,
            network=stage.settings.network,
            template=store.put_package(template, now, ".json"),
            packages=digests,
            pages=store.put_package(STORED.dump_json(build_for_any_stage()), now, PAGES),
            parameters={"SenderAddress": network.sender_address, "Telephones": telephones()},
            site=network.sites[0].code,
            providers=providers_of(network),
            left_out={wing.name: wing.resources for wing in ALL_WINGS if wing not in WINGS},
        )


@dataclass(frozen=True)
class StoredRelease:
    """A release that is stored already. No file of this checkout goes into it."""

    release: Release
    origin: DeploymentBucket
    heading: str

    def bring(self, store: DeploymentBucket, stage: Stage, tell: Tell) -> Release:
        """Carry its bytes to the stage's own bucket if it is another one. Raises `NotReady`, or `Stopped`."""
        release = self.release
        release.read_pages(self.origin)  # a release of before has none
        if release.architecture != stage.settings.architecture:
            raise NotReady(
                f"{release.title} was packaged for {release.architecture}, and stages.toml has "
                f"{stage.settings.architecture} for {stage.name}: write {release.architecture} there, or deploy."
            )
        for name, digest in release.packages.items():
            tell(f"  {name}: {digest}")
        if self.origin.name != store.name:
            files = [(digest, ".zip") for digest in release.packages.values()]
            for digest, ending in (*files, (release.template, ".json"), (release.pages, PAGES)):
                store.put_package(self.origin.read(digest, ending), release.commit, ending)
            tell(f"  carried from {self.origin.name}")
        return release


Source = Checkout | StoredRelease  # where the bytes of a deployment come from
