"""The folder of an export: its manifest, its files, and their check (docs/export.md)."""

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from agency.console.private_file import private_file
from chalicelib.office.refusals import OfficeRefusal

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
OBJECTS: Final = "objects.jsonl"
NETWORK: Final = "network.toml"
_CHUNK: Final = 1 << 20  # bytes

Json = dict[str, Any]  # also an item in the form of DynamoDB's API: each value below the name of its type


class ExportFolder:
    """Reads and writes the files of an export, each private. Raises `OfficeRefusal`."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def find_manifest(self) -> Json | None:
        """Read the manifest. None for a new folder."""
        try:
            manifest: Json = json.loads((self.path / MANIFEST).read_bytes())
        except FileNotFoundError:
            if self.path.exists() and any(self.path.iterdir()):
                raise OfficeRefusal("export_other_files", folder=str(self.path)) from None
            return None
        except ValueError:
            manifest = {}
        if not _is_manifest(manifest):
            raise OfficeRefusal("export_damaged", file=MANIFEST)
        return manifest

    def read_complete(self) -> Json:
        """Read the manifest of a complete export."""
        manifest = self.find_manifest()
        if not (manifest and manifest["ended_at"]):
            raise OfficeRefusal("export_incomplete", folder=str(self.path))
        return manifest

    def write(self, name: str, chunks: Iterable[bytes]) -> Json:
        """Write a file, which appears once it is whole. Returns its number of lines and its digest."""
        digest, lines = hashlib.sha256(), 0
        with private_file(self.place(name)) as file:
            for chunk in chunks:
                digest.update(chunk)
                file.write(chunk)
                lines += chunk.count(b"\n")
        return {"lines": lines, "sha256": digest.hexdigest()}

    def lines(self, name: str) -> Iterator[Json]:
        """Read a file of JSON Lines, with the bytes of its items."""
        with self.place(name).open("rb") as file:
            yield from (json.loads(line, object_hook=_with_bytes) for line in file)

    def place(self, name: str) -> Path:
        """Return the place of a file. A name that leads out of the folder is refused."""
        path = (self.path / name).resolve()
        if not path.is_relative_to(self.path.resolve()):
            raise OfficeRefusal("export_damaged", file=name)
        return path

    def digest(self, name: str, kind: str = "sha256") -> str:
        """Compute the digest of a file. Empty without a file."""
        try:
            with self.place(name).open("rb") as file:
                return hashlib.file_digest(file, kind).hexdigest()
        except FileNotFoundError:
            return ""

    def check(self, manifest: Json, advance: Callable[[], None]) -> None:
        """Compare each file, and the content of each object, with its digest."""
        files = {name: part["sha256"] for name, part in manifest["files"].items()}.items()
        objects = ((f"objects/{listed['key']}", listed["sha256"]) for listed in self.lines(OBJECTS))
        for names in (files, objects):
            for name, digest in names:
                if self.digest(name) != digest:
                    raise OfficeRefusal("export_damaged", file=name)
                advance()


def signed_words(manifest: Json) -> str:
    """Write the part of a manifest that its signature covers: all but itself, so by their digests all files."""
    return json.dumps({name: part for name, part in manifest.items() if name != "signature"}, sort_keys=True)


def _is_manifest(line: Any) -> bool:  # noqa: ANN401 - any JSON
    """Whether some JSON has the form of a manifest. A complete one has the file of objects."""
    match line:
        case {
            "format": version, "id": str(), "stage": str(), "sites": [*_], "keys": {"record": str(), "versions": {}},
            "ended_at": None | str() as ended_at, "files": {**files},
        } if version == FORMAT and (OBJECTS in files or not ended_at):  # fmt: skip
            parts = [part if isinstance(part, dict) else {} for part in files.values()]
            return all(isinstance(part.get("lines"), int) and isinstance(part.get("sha256"), str) for part in parts)
    return False


def line_of(content: Json) -> bytes:
    """Write a line of JSON. Bytes are in Base64, as in AWS's own exports."""
    text = json.dumps(
        content, ensure_ascii=False, separators=(",", ":"), default=lambda value: base64.b64encode(value).decode()
    )
    return text.encode() + b"\n"


def _with_bytes(part: Json) -> Json:
    """Decode a binary value, or a set of them. An attribute's name has a map below it, so these are types."""
    match part:
        case {"B": str(text)}:
            return {"B": base64.b64decode(text)}
        case {"BS": [*text]}:
            return {"BS": list(map(base64.b64decode, text))}
    return part


def is_same(item: Json, other: Json | None) -> bool:
    """Whether two items are equal. The order of a set does not count."""
    return other is not None and _in_order({"M": item}) == _in_order({"M": other})


def _in_order(value: Json) -> Json:
    """Order the sets of a value."""
    ((kind, content),) = value.items()
    match kind:
        case "M":
            return {kind: {name: _in_order(part) for name, part in content.items()}}
        case "L":
            return {kind: list(map(_in_order, content))}
        case "SS" | "NS" | "BS":
            return {kind: sorted(content)}
    return value
