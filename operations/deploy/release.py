"""Releases: the stored bytes of a version, and the record of each deployment of a stage."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from operations.deploy.aws import Aws
from operations.deploy.commands import NotReady, Tell
from operations.deploy.keys import Keys
from operations.deploy.stack import find_stack
from operations.deploy.stages import Stage
from operations.deploy.store import DeploymentBucket
from operations.deploy.template import secret_parameters, with_code
from operations.package import PROJECT
from operations.package.files import TEMPLATE
from operations.package.parts import FAMILY, OFFICE
from operations.pages.bucket import StoredObject
from operations.pages.publish import PagesBucket
from operations.runtime import Architecture
from operations.version import commit, version

_MAKE_PAGES: Final = ("chalicelib", "templates", "operations/pages", "requirements.txt")


class Release(BaseModel):
    """A version, and its bytes by their SHA-256. `pages`: of the sources that render the static pages."""

    model_config = ConfigDict(frozen=True)

    version: str
    commit: str
    architecture: Architecture
    template: str
    packages: dict[str, str]
    pages: str

    @property
    def title(self) -> str:
        """The version as people read it."""
        return f"{self.version}, commit {self.commit}"

    @property
    def bytes(self) -> tuple[object, ...]:
        """All that a stage runs of it. Another commit may have the same bytes."""
        return self.template, self.packages, self.pages

    def deployable(self, store: DeploymentBucket) -> str:
        """Read the template, with the addresses of the packages in a bucket."""
        addresses = {name: store.address(digest) for name, digest in self.packages.items()}
        return with_code(store.read(self.template, ".json").decode(), addresses)


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
        return DeploymentRecord.model_validate_json(self.store.read_record(f"{self._folder}{name}"))

    def write(self, deployed: DeploymentRecord) -> None:
        """Store a record, or store it again with its smoke test."""
        self.store.write_record(f"{self._folder}{deployed.name}", deployed.model_dump_json().encode())

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
    """The version of a stage before a change. `given`: its parameters, with secrets masked."""

    record: DeploymentRecord
    template: str
    given: dict[str, str]
    pages: list[StoredObject]

    @classmethod
    def of(cls, aws: Aws, stage: Stage, release: Release) -> "FormerVersion | None":
        """Read it. None where nothing serves, no record exists, or the change keeps the same bytes."""
        state, store = find_stack(aws, stage.stack), DeploymentBucket(aws)
        record = History(store, stage.name).current()
        if state is None or not state.given or record is None or record.release.bytes == release.bytes:
            return None
        pages = PagesBucket(aws, state.outputs.pages_bucket).read()
        return cls(record, record.release.deployable(store), state.parameters, pages)

    def parameters(self, keys: Keys) -> dict[str, str]:
        """Compute the parameters of its template: the former values, with the present secrets."""
        given = self.given | secret_parameters(keys)
        return {name: given[name] for name in json.loads(self.template)["Parameters"] if name in given}

    def lacks(self, template: str) -> dict[str, dict[str, Any]]:
        """List the resources of another template that this version does not have."""
        own, others = (json.loads(text)["Resources"] for text in (self.template, template))
        return {name: resource for name, resource in others.items() if name not in own}


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
            packages = {name: (Path(folder) / name).read_bytes() for name in (FAMILY, OFFICE)}
            template = (Path(folder) / TEMPLATE).read_bytes()
        digests = {}
        for name, content in packages.items():
            digests[name] = store.put_package(content, now)
            tell(f"  {name}: {store.address(digests[name])} ({len(content) / 1e6:.1f} MB, commit {now})")
        return Release(
            version=version(),
            commit=now,
            architecture=architecture,
            template=store.put_package(template, now, ".json"),
            packages=digests,
            pages=pages_digest(),
        )


@dataclass(frozen=True)
class StoredRelease:
    """A release that is stored already. Its pages are rendered by this checkout, which must be of the same version."""

    release: Release
    origin: DeploymentBucket
    heading: str

    def bring(self, store: DeploymentBucket, stage: Stage, tell: Tell) -> Release:
        """Check that its pages can be made here, and carry its bytes to the stage's own bucket if it is another one."""
        release = self.release
        if release.pages != pages_digest():
            raise NotReady(
                f"The static pages of {release.title} are rendered by its own checkout, and this one has other files "
                f"(commit {commit()}). Nothing was changed: {_how_to_check_out(release)}."
            )
        if release.architecture != stage.settings.architecture:
            raise NotReady(
                f"{release.title} was packaged for {release.architecture}, and stages.toml has "
                f"{stage.settings.architecture} for {stage.name}: give both stages the same architecture."
            )
        for name, digest in release.packages.items():
            tell(f"  {name}: {digest}")
        if self.origin.name != store.name:
            store.put_package(self.origin.read(release.template, ".json"), release.commit, ".json")
            for digest in release.packages.values():
                store.put_package(self.origin.read(digest), release.commit)
            tell(f"  carried from {self.origin.name}")
        return release


Source = Checkout | StoredRelease  # where the bytes of a deployment come from


def _how_to_check_out(release: Release) -> str:
    if release.commit.endswith("+") or release.commit == "unknown":
        return "it was deployed with files that no commit has, so deploy a commit to that stage first"
    if commit().rstrip("+") == release.commit:
        return "`git status` lists its own files: take them away, then run the same command again"
    return f"git checkout {release.commit}, then run the same command again"


def pages_digest(project: Path = PROJECT) -> str:
    """Compute the SHA-256 of the sources that render the static pages, without hidden files and bytecode."""
    digest = hashlib.sha256()
    for name, content in _sources(project):
        digest.update(f"{name} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def _sources(project: Path) -> Iterator[tuple[str, bytes]]:
    for part in _MAKE_PAGES:
        paths = [project / part, *(project / part).rglob("*")]
        for path in sorted(path for path in paths if path.is_file() and path.suffix != ".pyc"):
            name = path.relative_to(project).as_posix()
            if not path.name.startswith(".") and not name.endswith("~"):
                yield name, path.read_bytes()
