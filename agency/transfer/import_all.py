"""`clef import all`: an export, into an empty stage."""

import time
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import groupby
from typing import Annotated, Final

import typer

from agency.console import output
from agency.console.connection import Connection, connect
from agency.console.exit_codes import ExitCode
from agency.console.options import LOCAL, AsJson, Stage
from agency.console.output import confirm_by_typing
from agency.transfer.export_all import Folder, check_files, signature_sentence
from agency.transfer.folder import OBJECTS, ExportFolder, Json, is_same
from agency.transfer.stage_data import READ_AT_ONCE, TABLES, StageData, in_parallel, is_kept, key_marks, signing_version
from chalicelib.domain.account.audit import AuditEntry, Author
from chalicelib.infra.batches import batches
from chalicelib.office.enrolment.period import NO_SITE
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.office.roster.applied_imports import index_mailboxes, refresh_summaries

_TRAIL: Final = "import"  # in the audit trail, in place of an account's pseudonym
_SAME_SECOND: Final = 1.1  # seconds: S3 lists times without fractions
_KEY: Final = ("site", "identifier")
_OTHER_RECORD_KEY: Final = (
    "La clé du journal (record-key) n'est pas celle de l'export : les nouvelles familles ne retrouveront pas leurs "
    "demandes par un code, les familles relient FranceConnect à nouveau, et le journal d'avant ne se compare plus à "
    "celui d'après. « Identifiant perdu » est refait à la fin par cette commande (comme par « clef families index »)."
)
_OTHER_VERSIONS: Final = (
    "Les clés (keys) ne sont pas celles de l'export : réinitialisez l'accès de chaque agent qui a une application ou "
    "des codes sur papier (« Personnel » ; pour vous-même, « clef staff reset »), et dites aux familles et aux "
    "enseignants abonnés à leur agenda d'en copier la nouvelle adresse."
)
_HOW: Final = (
    "Pour l'éviter, arrêtez ici : détruisez ce déploiement vide, remettez d'abord la copie des secrets de l'ancien "
    "(docs/export.md, « Keys »), déployez, puis relancez."
)
_SAME_KEYS: Final = "Les clés sont celles de l'export : tout ce qu'elles protègent marchera."


def import_all(
    folder: Folder,
    *,
    stage: Stage = LOCAL,
    yes: Annotated[bool, typer.Option("--yes", help="Oui d'avance, sans retaper le nom du déploiement.")] = False,
    as_json: AsJson = False,
) -> None:
    """Reprendre un export dans un déploiement vide : vérifié avant, relu après. La même commande reprend.

    Exemple : clef import all sortie --stage nouveau
    """
    connection, files = connect(stage), ExportFolder(folder)
    manifest = check_files(files)
    work = _Import(connection, files, manifest)
    version = signing_version(connection, manifest)
    work.check_stage()
    keys_lost = _lost_keys(manifest["keys"], key_marks(connection))
    for sentence in (signature_sentence(manifest, version), *((*keys_lost, _HOW) if keys_lost else (_SAME_KEYS,))):
        output.note(sentence)
    confirm_by_typing(f"Pour remplir le déploiement « {stage} », retapez son nom", stage, yes=yes)
    counts = work.run()
    if as_json:
        output.print_json({"counts": counts, "to_do": keys_lost})
    else:
        output.table("", ["Repris et relu", "Nombre"], list(counts.items()))
        for sentence in keys_lost:
            output.say(f"À faire. {sentence}")
    raise typer.Exit(ExitCode.DONE if version and not keys_lost else ExitCode.TO_LOOK_AT)


def _lost_keys(their_marks: Json, here: Json) -> list[str]:
    """List the consequences of each secret of the export that the stage does not have."""
    has_versions = their_marks["versions"].items() <= here["versions"].items()
    return [_OTHER_RECORD_KEY] * (their_marks["record"] != here["record"]) + [_OTHER_VERSIONS] * (not has_versions)


class _Import:
    def __init__(self, connection: Connection, folder: ExportFolder, manifest: Json) -> None:
        self._services = connection.services
        self._operator = connection.operator
        self._folder = folder
        self._manifest = manifest
        self._data = StageData(connection)
        self._now = self._services.clock()
        self._start, self._end = (f"export {manifest['id']}, {state}" for state in ("commencé", "fini"))

    def check_stage(self) -> None:
        """Raise `OfficeRefusal` unless the stage is of the export's network, with nothing or a part of this import."""
        if self._manifest["network"] != self._services.settings.network.name:
            raise OfficeRefusal("import_network", network=self._manifest["network"])
        missing = set(self._manifest["sites"]) - {site.code for site in self._services.settings.network.sites}
        if missing:
            raise OfficeRefusal("import_sites", sites=", ".join(sorted(missing)))
        notes = {entry.author.why for entry in self._services.audit_trail.on(NO_SITE, _TRAIL)}
        if self._end in notes:
            raise OfficeRefusal("import_done")
        full = [table for table in TABLES if next(self._data.items(table, self._now), None)]
        full += ["Documents"] * any(self._data.objects())
        if full and self._start not in notes:
            raise OfficeRefusal("import_not_empty", places=", ".join(full))

    def run(self) -> dict[str, int]:
        """Write everything, read it again, and rebuild the indexes. Returns the counts. Raises `OfficeRefusal`."""
        self._note(self._start)
        self._write_objects()
        for table in TABLES:
            with output.progress(table, self._manifest["files"][f"tables/{table}.jsonl"]["lines"]) as advance:
                for _ in in_parallel(partial(self._data.create_item, table), self._items(table)):
                    advance()
        counts = {table: self._verify_table(table) for table in TABLES} | {"Documents": self._verify_objects()}
        index_mailboxes(self._services)
        refresh_summaries(self._services, self._now)
        self._note(self._end)
        return counts

    def _note(self, why: str) -> None:
        author = Author(self._operator, why)
        self._services.audit_trail.add(AuditEntry("stage_imported", NO_SITE, _TRAIL, author, self._now))

    def _items(self, table: str) -> Iterator[Json]:
        """Read the items of a table's file that have not expired since."""
        items = (line["Item"] for line in self._folder.lines(f"tables/{table}.jsonl"))
        return (item for item in items if is_kept(table, item, self._now))

    def _write_objects(self) -> None:
        """Write the oldest object of each folder, then the second: pages take the last one for the newest."""
        last = max((rank for rank, _ in ranked(self._folder.lines(OBJECTS))), default=-1)
        with output.progress(OBJECTS, self._manifest["files"][OBJECTS]["lines"]) as advance:
            for due in range(last + 1):
                time.sleep(_SAME_SECOND if due else 0)
                for _ in in_parallel(self._write_object, self._objects_of(due)):
                    advance()

    def _objects_of(self, due: int) -> Iterator[Json]:
        return (listed for rank, listed in ranked(self._folder.lines(OBJECTS)) if rank == due)

    def _write_object(self, entry: Json) -> None:
        with self._folder.place(f"objects/{entry['key']}").open("rb") as body:
            self._data.put_object(entry["key"], Body=body, **entry["headers"])

    def _verify_table(self, table: str) -> int:
        """Read the items of a table again, and count them. Raises `OfficeRefusal` if one is not the export's."""
        number = 0
        for batch in batches(self._items(table), READ_AT_ONCE):
            items_here = self._data.find_items(table, [{name: item[name] for name in _KEY} for item in batch])
            by_key = {_key(item): item for item in items_here}
            for item in batch:
                if not is_same(item, by_key.get(_key(item))):
                    raise OfficeRefusal("import_other", place=table, key=" / ".join(_key(item)))
            number += len(batch)
        return number

    def _verify_objects(self) -> int:
        """Compare keys, sizes and ETags of the bucket with the export. Raises `OfficeRefusal`."""
        number = 0
        objects_here = ((item["Key"], item["Size"], item["ETag"].strip('"')) for item in self._data.objects())
        for entry in self._folder.lines(OBJECTS):
            if next(objects_here, None) != (entry["key"], entry["size"], entry["etag"]):
                raise OfficeRefusal("import_other", place="Documents", key=entry["key"])
            number += 1
        return number


def _key(item: Json) -> tuple[str, ...]:
    return tuple(item[name]["S"] for name in _KEY)


def ranked(lines: Iterable[Json]) -> Iterator[tuple[int, Json]]:
    """Give each object its place by time among those of its folder. Lines come by key."""
    for _, folder in groupby(lines, lambda listed: listed["key"].rpartition("/")[0]):
        objects = list(folder)
        times = sorted({listed["at"] for listed in objects})
        yield from ((times.index(listed["at"]), listed) for listed in objects)
