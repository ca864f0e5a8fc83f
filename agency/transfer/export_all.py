"""`clef export`: a whole stage to files in open formats, and their check."""

import json
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Final

import typer

from agency.console import output
from agency.console.connection import Connection, connect
from agency.console.exit_codes import ExitCode
from agency.console.options import LOCAL, AsJson, Stage
from agency.transfer.folder import FORMAT, MANIFEST, NETWORK, OBJECTS, ExportFolder, Json, line_of
from agency.transfer.stage_data import (
    PASSING_KEYS,
    PASSING_OBJECTS,
    PASSING_TABLES,
    TABLES,
    StageData,
    in_parallel,
    key_marks,
    sign,
    signing_version,
)
from chalicelib.domain.account.audit import AuditEntry, Author
from chalicelib.office.enrolment.export import EXPORT_TRAIL
from chalicelib.office.enrolment.period import NO_SITE
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.settings.environment import NETWORK_FILE
from operations.version import commit, version

Folder = Annotated[Path, typer.Argument(metavar="DOSSIER", help="Le dossier de l'export.")]
_HEADERS: Final = ("ContentType", "ContentDisposition", "CacheControl", "Metadata")
_CHUNK: Final = 1 << 20  # bytes
_UNVERIFIED: Final = (
    "Signature non vérifiée, faute de clé : un fichier changé avec son empreinte ne s'y verrait pas. « --stage » la "
    "vérifie, par la clé du déploiement."
)
_UNPROVEN: Final = "un fichier changé avec son empreinte ne s'y verrait pas. Ne vous fiez qu'à une copie sûre."
_UNKNOWN_KEY: Final = f"Lié à une clé que ce déploiement n'a pas : {_UNPROVEN}"
_UNSIGNED: Final = f"Lié à aucune clé, comme les exports des versions d'avant la signature : {_UNPROVEN}"


def export_all(folder: Folder, *, stage: Stage = LOCAL, as_json: AsJson = False) -> None:
    """Écrire tout un déploiement dans un dossier : tables, pièces et factures, journal. La même commande reprend.

    Exemple : clef export all sortie --stage prod
    """
    export = _Export(connect(stage), ExportFolder(folder), stage)
    output.note(
        "Ce dossier tiendra toutes les données des familles et les empreintes des mots de passe : gardez-le sur un "
        "disque chiffré, ne l'envoyez pas tel quel, effacez-le ensuite. Les clés du déploiement n'y sont pas."
    )
    _print_outcome(export.run(), as_json=as_json)


def check(
    folder: Folder,
    *,
    stage: Annotated[str, typer.Option("--stage", help="Vérifier la signature, par la clé de ce déploiement.")] = "",
    as_json: AsJson = False,
) -> None:
    """Relire tout un export : les fichiers sont là, entiers, tels qu'ils ont été écrits. Sans --stage, sans AWS.

    Exemple : clef export check sortie --stage prod
    """
    files = ExportFolder(folder)
    manifest = files.read_complete()
    version = signing_version(connect(stage), manifest) if stage else ""
    _print_outcome(check_files(files, manifest), as_json=as_json)
    output.note(signature_sentence(manifest, version) if stage else _UNVERIFIED)
    if stage and not version:
        raise typer.Exit(ExitCode.TO_LOOK_AT)


def signature_sentence(manifest: Json, version: str) -> str:
    """Say which key an export is bound to. `version`: of the key that signed it, empty without one."""
    if version:
        return f"Lié à la clé de « {manifest['stage']} » (version {version}) : rien n'y a changé depuis l'export."
    return _UNKNOWN_KEY if manifest.get("signature") else _UNSIGNED


def check_files(folder: ExportFolder, manifest: Json | None = None) -> Json:
    """Read all files again, and return the manifest. Raises `OfficeRefusal` for a damaged or incomplete export."""
    manifest = manifest or folder.read_complete()
    with output.progress("Relecture", len(manifest["files"]) + manifest["files"][OBJECTS]["lines"]) as advance:
        folder.check(manifest, advance)
    return manifest


class _Export:
    def __init__(self, connection: Connection, folder: ExportFolder, stage: str) -> None:
        self._connection = connection
        self._services, self._clock = connection.services, connection.services.clock
        self._data = StageData(connection)
        self._folder = folder
        self._stage = stage

    def run(self) -> Json:
        """Write the files that are not written yet, then read all again. Returns the manifest."""
        manifest = self._begin()
        author = Author(self._connection.operator, f"tout le déploiement, export {manifest['id']}")
        self._services.audit_trail.add(AuditEntry("exported", NO_SITE, EXPORT_TRAIL, author, self._clock()))
        for name, lines in self._files():
            if name not in manifest["files"]:
                begun_at = self._clock().isoformat()
                count = self._folder.write(name, _shown(name, lines))
                manifest["files"][name] = count | {"started_at": begun_at, "ended_at": self._clock().isoformat()}
                self._save(manifest)
        check_files(self._folder, manifest)
        manifest["ended_at"] = self._clock().isoformat()
        self._save(manifest)
        return manifest

    def _save(self, manifest: Json) -> None:
        manifest["signature"] = sign(self._connection, manifest)
        self._folder.write(MANIFEST, [json.dumps(manifest, ensure_ascii=False, indent=1).encode() + b"\n"])

    def _begin(self) -> Json:
        """Continue an interrupted export, or begin one. Raises `OfficeRefusal` for a complete or another stage's."""
        network, marks = self._services.settings.network, key_marks(self._connection)
        manifest = self._folder.find_manifest()
        if manifest and (manifest["stage"], manifest["keys"]["record"]) != (self._stage, marks["record"]):
            raise OfficeRefusal("export_of_another", stage=manifest["stage"])
        if manifest and manifest["ended_at"]:
            raise OfficeRefusal("export_done", at=manifest["ended_at"])
        if manifest and not signing_version(self._connection, manifest):
            raise OfficeRefusal("export_damaged", file=MANIFEST)
        passing = [f"{table}: {key}" for table, keys in PASSING_KEYS.items() for key in keys]
        return manifest or {
            "format": FORMAT,
            "id": secrets.token_hex(8),
            "clef": version(),
            "commit": commit(),
            "stage": self._stage,
            "address": network.public_url,
            "network": network.name,
            "sites": [site.code for site in network.sites],
            "keys": marks,
            "left_out": [*PASSING_TABLES, *passing, PASSING_OBJECTS],
            "started_at": self._clock().isoformat(),
            "ended_at": None,
            "files": {},
        }

    def _files(self) -> Iterator[tuple[str, Iterable[bytes]]]:
        """List the files with their lines, read as they are written. Tables first, as their items name objects."""
        for table in TABLES:
            yield f"tables/{table}.jsonl", (line_of({"Item": item}) for item in self._data.items(table, self._clock()))
        files = in_parallel(self._write_object, self._data.objects())
        yield OBJECTS, (line_of(about) for about in files if about)
        for log, group in self._data.logs().items():
            yield f"record/{log}.jsonl", map(line_of, self._data.events(group))
        yield NETWORK, NETWORK_FILE.read_bytes().splitlines(keepends=True)

    def _write_object(self, entry: Json) -> Json | None:
        """Write the content of an object, unless an interrupted run wrote it, and describe it."""
        name, content = f"objects/{entry['Key']}", self._data.find_object(entry["Key"])
        if content is None:
            return None
        etag = content["ETag"].strip('"')
        if self._folder.digest(name, "md5") != etag:
            self._folder.write(name, content["Body"].iter_chunks(_CHUNK))
        return {
            "key": entry["Key"],
            "size": content["ContentLength"],
            "etag": etag,
            "sha256": self._folder.digest(name),
            "at": content["LastModified"].isoformat(),
            "headers": {header: content[header] for header in _HEADERS if content.get(header)},
        }


def _shown(name: str, lines: Iterable[bytes]) -> Iterator[bytes]:
    """Show the progress of a file."""
    with output.progress(name) as advance:
        yield from advance.over(lines)


def _print_outcome(manifest: Json, *, as_json: bool) -> None:
    if as_json:
        output.print_json(manifest)
    else:
        output.table("", ["Fichier", "Lignes"], [(name, part["lines"]) for name, part in manifest["files"].items()])
        output.say("Relu : chaque fichier est entier. Ce que chacun tient : docs/export.md.")
        output.say("Laissé de côté, car passager : sessions, essais, codes, travaux du bureau, fichiers à importer.")
