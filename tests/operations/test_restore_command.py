"""`make restore`: the second tables, its output, questions and note, and their end."""

import json
from argparse import ArgumentTypeError
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.infra.dynamo.database import Delete, Put
from operations.deploy.checks import Deployed, Fault
from operations.deploy.commands import FAILED, OK, NotReady, Stopped
from operations.restore.__main__ import parse_second
from operations.restore.differences import TABLES, RestoreChoice
from operations.restore.notes import RestoreNotes, restore_status
from operations.restore.restore import Restore
from operations.restore.tables import find_second_tables
from tests.support.account import AnsweringAws
from tests.support.enrolled_families import rossignol
from tests.support.operator import TABLE, Operator
from tests.support.world import EMAIL, ROSSIGNOL, World

AT = datetime(2026, 9, 1, 6, tzinfo=UTC)
NOTHING, ONE_SITE = RestoreChoice(), RestoreChoice(site=ROSSIGNOL.site)


def window(first: datetime, last: datetime, status: str = "ENABLED") -> dict[str, Any]:
    times = {"EarliestRestorableDateTime": first, "LatestRestorableDateTime": last} if status == "ENABLED" else {}
    recovery = {"PointInTimeRecoveryStatus": status, **times}
    return {"ContinuousBackupsDescription": {"PointInTimeRecoveryDescription": recovery}}


OPEN = window(AT - timedelta(days=30), AT + timedelta(minutes=55))

UNREAD: Any = None  # the stack's state and outputs, which the lines of a restore do not need


class Desk:
    """An operator who restores the world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.stage = Operator(world.aws).stage
        self.output: list[str] = []
        self.answer = "y"
        self.requests: list[dict[str, Any]] = []
        self.live = {table: world.resources.table(table) for table in TABLES}
        self.client = world.aws.client("dynamodb")
        rossignol(world)

    def restore(self, choice: RestoreChoice = NOTHING, window: dict[str, Any] = OPEN, **how: Any) -> Restore:
        aws = AnsweringAws(self.world.aws, describe_continuous_backups=window)
        aws.session.register("before-call.dynamodb.RestoreTableToPointInTime", self._note)
        services, bucket = self.world.services, self.world.resources.documents_bucket
        return Restore(
            aws, self.stage, services, self.live, bucket, AT, self.output.append, self.ask, choice, pause=0, **how
        )

    def _note(self, **call: Any) -> None:
        self.requests.append(json.loads(call["params"]["body"]))

    def ask(self, question: str) -> str:
        self.output.append(question)
        return self.answer

    def text(self) -> str:
        return "\n".join(self.output)

    def tables(self) -> list[str]:
        names = self.client.get_paginator("list_tables").paginate().search("TableNames[]")  # others left tables
        return [name for name in names if name.startswith(f"clef-{self.stage.name}-restore-")]

    def lose(self) -> None:
        self.world.database.write_together(
            Delete(self.live["Accounts"], {"site": ROSSIGNOL.site, "identifier": ROSSIGNOL.identifier})
        )


@pytest.fixture
def desk(world: World) -> Iterator[Desk]:
    result = Desk(world)
    yield result
    for name in result.tables():
        result.client.delete_table(TableName=name)


def test_a_rehearsal_makes_all_tables_of_one_second_and_is_noted(desk: Desk) -> None:
    restore = desk.restore()
    state = Deployed(restore.aws, desk.stage, UNREAD, UNREAD, AT)
    assert list(restore_status(state)) == ["Restore: never rehearsed (docs/runbook.md, « Restore »)"]

    assert (restore.run(), restore.run()) == (OK, OK)

    assert {name.rpartition("-")[2] for name in desk.tables()} == set(TABLES)
    assert len(desk.requests) == len(TABLES)  # the second run takes them as they are
    assert {each["RestoreDateTime"] for each in desk.requests} == {int(AT.timestamp())}
    assert {tuple(each["GlobalSecondaryIndexOverride"]) for each in desk.requests} == {()}
    assert "Nothing was copied back" in desk.text()
    line, tables = restore_status(state)
    assert line.startswith("Restore: rehearsal on 20")
    assert "to 2026-09-01T06:00:00Z: tables ready after 0 minutes, second tables not deleted yet" in line
    assert tables.startswith("  10 second tables of 2026-09-01T06:00:00Z, ")

    assert restore.finish() == OK

    assert desk.tables() == []
    (line,) = restore_status(state)
    assert "done after 0 minutes" in line


def test_second_tables_are_a_line_of_status_and_after_a_week_a_fault(desk: Desk) -> None:
    aws, prefix = desk.restore().aws, f"clef-{desk.stage.name}-restore-"
    for name in ("20260901T060000Z-Staff", "20260902T060000Z-Accounts", "20260902T060000Z-Staff", "x-Staff-A1"):
        desk.client.create_table(TableName=f"{prefix}{name}", **TABLE)
    made_at = find_second_tables(aws, desk.stage.name)[-1].made_at

    for days, is_faulty in ((6, False), (8, True)):
        state = Deployed(aws, desk.stage, UNREAD, UNREAD, made_at + timedelta(days=days))
        _, first, second = restore_status(state)

        assert second.startswith(f"  2 second tables of 2026-09-02T06:00:00Z, {days} days old, which nothing erases")
        assert f"make restore STAGE={desk.stage.name} AT=2026-09-01T06:00:00Z ARGS=" in first
        assert [isinstance(line, Fault) for line in (first, second)] == [is_faulty] * 2, days


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (window(AT + timedelta(seconds=1), AT + timedelta(hours=1)), "to a second from 2026-09-01T06:00:01Z to 2026-"),
        (window(AT - timedelta(days=9), AT - timedelta(seconds=1)), "2026-09-01T06:00:00Z is not one: give AT another"),
        (window(AT, AT, "DISABLED"), "has no point-in-time recovery: switch it on"),
    ],
)
def test_a_second_that_cannot_be_restored_is_refused(desk: Desk, answer: dict[str, Any], sentence: str) -> None:
    with pytest.raises(NotReady, match=sentence):
        desk.restore(window=answer).run()

    assert desk.tables() == []
    assert RestoreNotes(desk.restore().aws, desk.stage.name).find() is None


def test_a_family_comes_back_once_asked_and_is_found_by_its_address(desk: Desk) -> None:
    desk.restore().run()
    desk.lose()
    desk.answer = ""
    with pytest.raises(NotReady, match="Nothing was copied back"):
        desk.restore(ONE_SITE).run()
    assert desk.world.services.accounts.find(ROSSIGNOL) is None
    desk.answer = "y"

    assert desk.restore(ONE_SITE).run() == OK

    pseudonym = desk.world.services.record.pseudonyms.of_mailbox(EMAIL)
    assert ROSSIGNOL in desk.world.services.mailboxes.find(pseudonym).refs
    assert "  evry-xenakis xen1: Accounts missing now" in desk.output
    assert "Copy these 1 back? [y/N] " in desk.output
    note = RestoreNotes(desk.restore().aws, desk.stage.name).find()
    assert note
    assert (note.copied, note.line.startswith("restore of 1 items on ")) == (1, True)


def test_a_slip_in_an_erased_name_is_refused(desk: Desk) -> None:
    desk.restore().run()
    desk.lose()

    with pytest.raises(NotReady, match=r"--erased: no difference is of or mentions evry-xenakis xen-1\."):
        desk.restore(RestoreChoice(is_all=True), erased_names=frozenset({("evry-xenakis", "xen-1")})).run()

    assert desk.world.services.accounts.find(ROSSIGNOL) is None


def test_what_changes_while_it_is_copied_is_named_and_fails_the_command(desk: Desk) -> None:
    desk.restore().run()
    desk.world.services.accounts.revise(ROSSIGNOL, lambda account: replace(account, name="X"))

    def overtake() -> None:
        desk.world.settle(ROSSIGNOL, name="Y")

    with desk.world.aws.interrupted("UpdateItem", overtake):
        code = desk.restore(ONE_SITE).run()

    assert code == FAILED
    assert "  LEFT, as it changed since it was compared: evry-xenakis xen1: Accounts changed (name)" in desk.output
    assert desk.world.account(ROSSIGNOL).name == "Y"


def test_a_fault_ends_all_before_the_next_table_and_says_what_was_copied_back(desk: Desk) -> None:
    desk.restore().run()
    (bills,) = (name for name in desk.tables() if name.endswith("-Billing"))
    keys = ({"site": ROSSIGNOL.site, "identifier": f"xen{number}"} for number in (2, 3))
    desk.world.database.write_all(Put(bills, key) for key in keys)
    desk.lose()

    with desk.world.aws.failing("PutItem", "before", skips=1), pytest.raises(Stopped, match="the same command does"):
        desk.restore(ONE_SITE).run()

    note = RestoreNotes(desk.restore().aws, desk.stage.name).find()
    assert (note and note.copied, "  1 copied back" in desk.output) == (1, True)
    assert desk.world.services.accounts.find(ROSSIGNOL) is None  # whose table is the last


def test_it_names_no_person(desk: Desk) -> None:
    desk.restore().run()
    before = desk.world.account(ROSSIGNOL)
    desk.world.settle(ROSSIGNOL, name="X", emails=("other@example.org",))

    desk.restore(RestoreChoice(is_all=True), lists_all=True).run()

    assert "Accounts changed (" in desk.text()
    persons = (*before.emails, *(pupil.name for pupil in before.household.pupils), before.name, "other@example.org")
    assert [word for word in persons if word in desk.text()] == []


@pytest.mark.parametrize("text", ["2026-09-01", "2026-09-01T06:00:00", "2026-09-01T06:00:00.5Z", "hier"])
def test_a_second_is_written_in_utc(text: str) -> None:
    assert parse_second("2026-09-01T06:00:00Z") == AT
    with pytest.raises(ArgumentTypeError, match="is not a second like 2027-09-03T08:15:00Z"):
        parse_second(text)
