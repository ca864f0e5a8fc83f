"""docs/export.md describes each attribute of each table, as the codecs store it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from agency.transfer.stage_data import PASSING_TABLES, TABLES
from chalicelib.infra.dynamo.values import encode_item
from chalicelib.stores.audit_trail import AuditTrail
from chalicelib.stores.consultations import Consultations, StaffActs
from chalicelib.wings.teaching.stores.calendars import LinkOwners
from tests.support.stored_examples import full
from tools.local import aws

ROOT = Path(__file__).parents[3]
# The kinds of tests/data/stored.json, and those of other codecs, by their table. The others pass.
KINDS: dict[str, list[Any]] = {
    "Accounts": ["Accounts"],
    "Office": ["Campaigns", "Erasures", "Tombstones", AuditTrail],
    "Enrolments": ["Enrolments"],
    "Billing": ["Billing"],
    "Applications": ["Applications"],
    "Places": ["Pools", "Rankings", "SeasonStatisticsStore"],
    "Staff": ["AppliedImports", "Managers", "Members", "Teachers", "Turns", Consultations, StaffActs],
    "Teaching": ["CountedStore", "Messages", "Opinions", "Rolls", "Timetables", "UnexcusedStore"],
    "Lessons": ["Announcements", "Assessments", "Calendars", "CourseChangesStore", LinkOwners],
}
PASSING = {"ApplicantSessions", "Codes", "DeskJobs", "Sessions", "StaffSessions"}
SHARED = {"site", "identifier", "expires", "version", "stamp", "summary"}


def names_in(value: Any) -> Iterator[str]:
    """List the names of attributes at all depths. In the examples, keys of other maps are no identifiers."""
    ((kind, content),) = value.items()
    parts = content.values() if kind == "M" else content if kind == "L" else ()
    if kind == "M":
        yield from (name for name in content if name.isidentifier())
    for part in parts:
        yield from names_in(part)


def example(codec: Any) -> Any:
    return encode_item(codec.encode(full(codec.kind)))


def described(heading: str) -> set[str]:
    """List the words in code of a section, or of the text before the sections."""
    (section,) = re.findall(rf"(?ms)^##+ {heading}\n(.*?)(?=^##|\Z)", (ROOT / "docs/export.md").read_text())
    return set(re.findall(r"\w+", " ".join(re.findall(r"`([^`]+)`", section))))


def test_every_stored_attribute_is_described_under_its_table() -> None:
    sample = json.loads((ROOT / "tests/data/stored.json").read_text())
    names = described("The items") | SHARED
    missing = [
        f"{table}: {name}"
        for table, kinds in KINDS.items()
        for kind in kinds
        for name in names_in({"M": sample[kind]["full"] if isinstance(kind, str) else example(kind.codec)})
        if name not in names | described(table)
    ]

    assert missing == []
    assert {kind for kinds in KINDS.values() for kind in kinds if isinstance(kind, str)} | PASSING == set(sample)


def test_every_table_is_exported_or_passes() -> None:
    assert {*TABLES, *PASSING_TABLES} == set(aws.TABLES)
    assert [table for table in TABLES if not described(table) and table != "Mailboxes"] == []
