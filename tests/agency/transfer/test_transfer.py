"""`clef export` and `clef import all`: whole, continued after an interruption, refused where in doubt."""

import json
import re
import stat
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from agency.console.exit_codes import ExitCode
from agency.transfer.folder import line_of
from agency.transfer.import_all import ranked
from agency.transfer.stage_data import PASSING_TABLES, TABLES
from chalicelib import wiring
from chalicelib.domain.account.accounts import AccountRef
from chalicelib.flows.family.login import Credentials, log_in
from chalicelib.settings.wings import has
from chalicelib.wings.payment.stores import PaymentStore
from tests.support import items
from tests.support.clef import OPERATOR, Clef, CommandResult
from tests.support.world import EMAIL, PASSWORD, ROSSIGNOL, World
from tests.wings.payment.examples import OPEN, PAID

FILES = [*(f"tables/{table}.jsonl" for table in TABLES), "objects.jsonl", "network.toml"]
LATER = "2100000000"


@pytest.fixture
def exporter(clef: Clef) -> Clef:
    clef.policies = ("OperatorPolicy", "ExportPolicy")
    return clef


@pytest.fixture
def school(world: World) -> World:
    """Fill a stage: a family that pays, items as later versions write them, files, and parts that pass."""
    world.settle()
    if has("payment"):
        world.services.store(PaymentStore).revise_at(
            ROSSIGNOL, lambda payments: replace(payments, attempts=(PAID, OPEN))
        )
    for table in ("office", "enrolments", "staff"):
        later = {"site": {"S": f"a {table}"}, "identifier": {"S": "later"}, "set": {"SS": ["b", "a"]}}
        items.put(world, table, later | {"bytes": {"B": b"\x00\xff"}, "half": {"N": "1.5"}, "expires": {"N": LATER}})
    for site, expires in (("@session", LATER), ("@job", LATER), ("expired", "1")):
        items.put(world, "staff", {"site": {"S": site}, "identifier": {"S": "x"}, "expires": {"N": expires}})
    for key in ("documents/2027/site/family/b", "documents/2027/site/family/a", "invoices/x.pdf", "imports/y.csv"):
        world.services.documents.put(key, key.encode(), "application/pdf")
    return world


def stored(world: World) -> dict[str, Any]:
    """Read the items that stay, and the objects."""
    dynamo = world.aws.client("dynamodb")
    tables = {table: dynamo.scan(TableName=world.resources.table(table))["Items"] for table in TABLES}
    contents = {
        table: sorted(map(stable, (item for item in rows if not item["identifier"]["S"].startswith("act#"))))
        for table, rows in tables.items()
    }
    return contents | world.aws.digests(world.resources.documents_bucket)


def stable(item: dict[str, Any]) -> bytes:
    """Write an item with its names and its sets in order."""
    sets = {name: {kind: sorted(content) for kind, content in value.items()} if "SS" in value else value
            for name, value in item.items()}  # fmt: skip
    return line_of(dict(sorted(sets.items())))


def lines(folder: Path, name: str) -> list[Any]:
    return [json.loads(line) for line in (folder / name).read_text().splitlines()]


def import_into_empty(clef: Clef, world: World, folder: Path, answers: str = "local\n") -> CommandResult:
    world.aws.wipe(world.resources)
    clef.policies = ()  # by the deployment's
    return clef(f"import all {folder}", answers)


def test_a_stage_comes_back_whole_without_what_passes(exporter: Clef, school: World, tmp_path: Path) -> None:
    folder, before = tmp_path / "out", stored(school)

    result = exporter(f"export all {folder}")
    outcome = import_into_empty(exporter, school, folder)

    assert (result.code, outcome.code) == (ExitCode.DONE, ExitCode.DONE), result.err + outcome.err
    assert "empreintes des mots de passe" in result.err
    after, passing = stored(school), [item for item in before["Staff"] if b"a staff" not in item]
    assert [item for item in before["Staff"] if item not in after["Staff"]] == passing
    del before["imports/y.csv"], before["Staff"], before["Mailboxes"]
    assert {name: after[name] for name in before} == before
    assert not has("payment") or school.services.store(PaymentStore).find(ROSSIGNOL).attempts == (PAID, OPEN)
    assert school.services.mailboxes.find(school.services.record.pseudonyms.of_mailbox(EMAIL)).refs == (ROSSIGNOL,)
    assert "Les clés sont celles de l'export" in outcome.err


def test_each_file_is_private_described_and_dated(exporter: Clef, school: World, tmp_path: Path) -> None:
    folder = tmp_path / "out"

    result = exporter(f"export all {folder} --json")

    manifest = json.loads((folder / "manifest.json").read_text())
    assert result.json == manifest
    assert list(manifest["files"]) == FILES
    modes = {(path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in (folder, *folder.rglob("*"))}
    assert modes == {(True, 0o700), (False, 0o600)}
    assert manifest["files"]["tables/Accounts.jsonl"]["lines"] == len(lines(folder, "tables/Accounts.jsonl")) == 1
    assert [about["key"] for about in lines(folder, "objects.jsonl")] == sorted(
        key for key in school.aws.digests(school.resources.documents_bucket) if not key.startswith("imports/")
    )
    assert set(PASSING_TABLES) < set(manifest["left_out"])
    secrets = (school.services.settings.record_key, school.services.settings.key_ring("jobs").newest.secret.hex())
    assert not [path for path in folder.rglob("*.json*") for secret in secrets if secret in path.read_text()]


def test_an_export_goes_on_after_each_file(exporter: Clef, school: World, tmp_path: Path) -> None:
    folder, sizes = tmp_path / "out", dict[Path, int]()
    for number in range(len(TABLES) - 1):
        with school.aws.failing("Scan", "before", skips=1):
            assert exporter(f"export all {folder}").code == ExitCode.FAILED
        assert len(sizes := sizes | modified(folder)) == number + 1
        assert not list(folder.rglob("*.part"))
    assert "clef export all" in exporter(f"export check {folder}").err

    result = exporter(f"export all {folder}")

    assert (result.code, exporter(f"export check {folder}").code) == (ExitCode.DONE, ExitCode.DONE)
    assert sizes.items() <= modified(folder).items()


def modified(folder: Path, pattern: str = "*.jsonl") -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in folder.rglob(pattern) if path.is_file()}


def test_objects_written_before_an_interruption_stay(exporter: Clef, school: World, tmp_path: Path) -> None:
    with school.aws.failing("GET", "before", skips=2):  # the list, and one object
        exporter(f"export all {tmp_path}/out")
    times = modified(tmp_path / "out/objects", "*")

    assert exporter(f"export all {tmp_path}/out").code == ExitCode.DONE
    assert len(times) == 1
    assert times.items() <= modified(tmp_path / "out/objects", "*").items()


def test_a_family_logs_in_during_the_export(exporter: Clef, school: World, tmp_path: Path) -> None:
    folder = tmp_path / "out"

    def enter() -> None:
        before = len(school.aws.table_requests)
        log_in(school.visit(), Credentials(ROSSIGNOL, PASSWORD))
        del school.aws.table_requests[before:]  # the family's, not the operator's

    with school.aws.interrupted("Scan", enter, times=3):
        result = exporter(f"export all {folder}")

    assert result.code == ExitCode.DONE
    (line,) = lines(folder, "tables/Accounts.jsonl")
    assert line["Item"]["last_login"] == {"N": str(int(school.now.timestamp()))}
    assert import_into_empty(exporter, school, folder).code == ExitCode.DONE
    assert school.account().last_login == school.now


def cut_a_table(folder: Path) -> None:
    path = folder / "tables/Accounts.jsonl"
    path.write_bytes(path.read_bytes()[:-40])


def change_an_object(folder: Path) -> None:
    next(path for path in folder.joinpath("objects").rglob("*") if path.is_file()).write_bytes(b"other")


def lose_a_file(folder: Path) -> None:
    (folder / "tables/Office.jsonl").unlink()


def damage_the_manifest(folder: Path) -> None:
    (folder / "manifest.json").write_text('{"format": 2}')


def lead_out_of_the_folder(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    content = json.dumps({"key": "../../secret", "sha256": ""}) + "\n"
    (folder / "objects.jsonl").write_text(content)
    manifest["files"]["objects.jsonl"] |= {"lines": 1, "sha256": sha256(content.encode()).hexdigest()}
    (folder / "manifest.json").write_text(json.dumps(manifest))


def change_a_table_and_its_digest(folder: Path) -> None:
    path, manifest = folder / "tables/Accounts.jsonl", json.loads((folder / "manifest.json").read_text())
    path.write_text(path.read_text().replace(EMAIL, "intrus@example.org"))
    manifest["files"]["tables/Accounts.jsonl"]["sha256"] = sha256(path.read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))


DAMAGES = [cut_a_table, change_an_object, lose_a_file, damage_the_manifest, lead_out_of_the_folder,
           change_a_table_and_its_digest]  # fmt: skip


def test_a_damaged_export_is_refused_before_anything_is_written(exporter: Clef, school: World, tmp_path: Path) -> None:
    exporter(f"export all {tmp_path}/out")
    exporter.policies = ()
    school.aws.wipe(school.resources)
    for damage in DAMAGES:
        folder = copytree(tmp_path / "out", tmp_path / damage.__name__)
        damage(folder)
        result = exporter(f"export check {folder} --stage local")
        outcome = exporter(f"import all {folder}", "local\n")
        assert (result.code, outcome.code) == (ExitCode.FAILED, ExitCode.FAILED), damage.__name__
        assert "cet export ne sert pas" in result.err, damage.__name__
    assert not any(stored(school).values())


def test_an_export_says_which_key_it_is_bound_to(exporter: Clef, school: World, tmp_path: Path) -> None:
    exporter(f"export all {tmp_path}/out")
    path = copytree(tmp_path / "out", tmp_path / "unsigned")  # as the versions before signatures wrote it
    manifest = (path / "manifest.json").read_text()
    (path / "manifest.json").write_text(manifest.replace('"signature"', '"other"'))
    exporter.policies = ()
    for version, command, code, sentence in (
        (1, "export check out --stage local", ExitCode.DONE, "Lié à la clé de « local » (version 1)"),
        (1, "export check out", ExitCode.DONE, "Signature non vérifiée, faute de clé"),
        (1, "export check unsigned --stage local", ExitCode.TO_LOOK_AT, "Lié à aucune clé"),
        (2, "export check out --stage local", ExitCode.TO_LOOK_AT, "Lié à une clé que ce"),
        (2, "import all out --yes", ExitCode.TO_LOOK_AT, "Lié à une clé que ce"),
        (1, "import all unsigned --yes", ExitCode.TO_LOOK_AT, "Lié à aucune clé"),
    ):
        school.rotate("jobs", version)
        school.aws.wipe(school.resources)
        result = exporter(re.sub(r"out|unsigned", lambda name: f"{tmp_path}/{name[0]}", command))
        assert (result.code, sentence in result.err) == (code, True), f"{command}: {result.err}"


def test_an_unfinished_export_that_was_changed_does_not_go_on(exporter: Clef, school: World, tmp_path: Path) -> None:
    with school.aws.failing("Scan", "before", skips=1):
        exporter(f"export all {tmp_path}/out")
    change_a_table_and_its_digest(tmp_path / "out")

    assert "cet export ne sert pas" in exporter(f"export all {tmp_path}/out").err


@pytest.mark.wing("teaching")
def test_an_import_is_continued_after_any_call_and_done_once(exporter: Clef, school: World, tmp_path: Path) -> None:
    exporter(f"export all {tmp_path}/out")
    before = stored(school)
    school.aws.wipe(school.resources)
    exporter.policies = ()
    for call, skips in (("PUT", 1), ("PutItem", 0), ("PutItem", 2), ("BatchGetItem", 1), ("BatchWriteItem", 1)):
        with school.aws.failing(call, "after", skips=skips):
            assert exporter(f"import all {tmp_path}/out", "local\n").code == ExitCode.FAILED, call

    assert exporter(f"import all {tmp_path}/out", "local\n").code == ExitCode.DONE
    after = stored(school)
    assert {name: after[name] for name in ("Accounts", "Office", "Lessons", "invoices/x.pdf")} == {
        name: before[name] for name in ("Accounts", "Office", "Lessons", "invoices/x.pdf")
    }
    again = exporter(f"import all {tmp_path}/out", "local\n")
    assert (again.code, "déjà repris" in again.err) == (ExitCode.FAILED, True)
    entries = [*school.services.audit_trail.on("*", "export"), *school.services.audit_trail.on("*", "import")]
    assert [(entry.kind, entry.author.who) for entry in entries] == [("exported", OPERATOR)] + 7 * [
        ("stage_imported", OPERATOR)
    ]


@pytest.mark.parametrize(
    ("fill", "word"),
    [
        (lambda world: world.settle(AccountRef("evry-magnard", "x")), "Accounts, Mailboxes"),
        (lambda world: world.services.documents.put("documents/x", b"", "text/plain"), "Documents"),
    ],
)
def test_a_stage_in_use_is_left_alone(
    exporter: Clef, school: World, tmp_path: Path, fill: Callable[[World], object], word: str
) -> None:
    exporter(f"export all {tmp_path}/out")
    school.aws.wipe(school.resources)
    fill(school)
    before = stored(school)
    exporter.policies = ()

    result = exporter(f"import all {tmp_path}/out", "local\n")

    assert (result.code, f"n'est pas vide ({word})" in result.err) == (ExitCode.FAILED, True)
    assert stored(school) == before


@pytest.mark.parametrize(("place", "call"), [("Accounts", "PutItem"), ("Documents", "BatchGetItem")])
def test_a_write_meanwhile_stays(exporter: Clef, school: World, tmp_path: Path, place: str, call: str) -> None:
    def write() -> None:
        if place == "Accounts":
            school.settle(name="Famille Intruse")
        else:
            school.services.documents.put("invoices/x.pdf", b"other", "text/plain")

    exporter(f"export all {tmp_path}/out")

    with school.aws.interrupted(call, write):
        refused = import_into_empty(exporter, school, tmp_path / "out")

    assert (refused.code, f"({place}) n'est pas ici" in refused.err) == (ExitCode.FAILED, True)
    assert (school.account().name == "Famille Intruse") == (place == "Accounts")


def test_other_keys_are_said_before_anything_is_written(exporter: Clef, school: World, tmp_path: Path) -> None:
    exporter(f"export all {tmp_path}/out")
    school.rotate("jobs", 2)

    result = import_into_empty(exporter, school, tmp_path / "out", "non\n")
    assert (result.code, any(stored(school).values())) == (ExitCode.FAILED, False)
    assert "réinitialisez l'accès" in result.err

    outcome = exporter(f"import all {tmp_path}/out", "local\n")
    assert outcome.code == ExitCode.TO_LOOK_AT
    assert "À faire. Les clés (keys)" in outcome.out
    assert "record-key" not in outcome.out


def test_an_export_of_another_network_is_refused(exporter: Clef, school: World, tmp_path: Path) -> None:
    exporter(f"export all {tmp_path}/out")
    settings = school.services.settings
    network = replace(settings.network, name="Conservatoires de Saclay")
    school.services = replace(school.services, settings=replace(settings, network=network))

    with wiring.using(school.services):
        result = import_into_empty(exporter, school, tmp_path / "out")

    assert (result.code, any(stored(school).values())) == (ExitCode.FAILED, False)
    assert "celui d'un autre réseau, « Réseau des conservatoires 91 »" in result.err


def test_rotated_keys_are_the_same_keys(exporter: Clef, school: World, tmp_path: Path) -> None:
    exporter(f"export all {tmp_path}/out")
    school.rotate("jobs", 2, 1)

    assert import_into_empty(exporter, school, tmp_path / "out").code == ExitCode.DONE


def test_a_folder_is_not_mixed_with_others(exporter: Clef, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("x")
    exporter(f"export all {tmp_path}/out")

    assert "autre chose" in exporter(f"export all {tmp_path}").err
    assert "déjà un export fini" in exporter(f"export all {tmp_path}/out").err


def test_the_newest_file_of_a_folder_is_written_last() -> None:
    def listed(key: str, at: str) -> dict[str, Any]:
        return {"key": key, "at": at}

    files = [listed("f/a", "3"), listed("f/b", "1"), listed("f/c", "3"), listed("g/a", "2")]

    assert [rank for rank, _ in ranked(iter(files))] == [1, 0, 1, 0]
