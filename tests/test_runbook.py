"""The runbook: it says what to do about every alarm that mails, and its queries ask for what the record has."""

import re
from typing import Any, get_args

import pytest
from chalice.package import YAMLTemplateSerializer

from app import app
from chalicelib.infra.record import Event, StaffEvent
from operations.package import PROJECT
from tests.support.admission import START
from tests.support.events import LOST, event
from tests.support.world import EMAIL, ROSSIGNOL, Visitor, World
from tools.local.aws import RESOURCES

RUNBOOK = (PROJECT / "docs/runbook.md").read_text("utf-8")
EVENTS = {*get_args(Event), *get_args(StaffEvent)}
QUERIES = dict(re.findall(r"^# (.+)\n((?:[^#\n`].*\n)+)", RUNBOOK.split("```")[1], re.MULTILINE))
# What is no field: commands, functions, and words between.
LANGUAGE = {
    *("filter", "stats", "fields", "sort", "limit", "by", "as", "in", "desc"),
    *("bin", "count", "count_distinct", "ispresent", "pct"),
}
ASKED_BY_NOBODY = (
    "enrolment_submitted",
    "enrolment_decided",
    "password_changed",
    "email_changed",
    "login_added",
    "identifier_given",
    "access_frozen",
    *("absences_due", "absence_mail", "lesson_cancelled", "course_told", "course_mail"),
)  # kinds of jobs
LAMBDAS_OWN = {"@type", "@initDuration"}  # of its REPORT lines


def fields(query: str) -> set[str]:
    """List the fields that a query asks for."""
    bare = re.sub(r'"[^"]*"', "", query)
    aliases = set(re.findall(r"\bas (\w+)", bare))
    return set(re.findall(r"(?<![\w@])@?[A-Za-z_]\w*", bare)) - LANGUAGE - aliases


@pytest.fixture
def lines(world: World, visitor: Visitor) -> list[dict[str, Any]]:
    """Let happen what the queries ask about, and read what was recorded."""
    world.settle()
    for _ in range(6):
        visitor.log_in(ROSSIGNOL, "Faux1234")
    for _ in range(2):
        visitor.post(LOST, {"identifiant": ROSSIGNOL.identifier, "email": EMAIL})
    world.deliver()
    visitor.post(START, {"email": EMAIL, "site_web": "https://example.org", "depuis": ""})
    with world.aws.failing("BatchGetItem", "before"):
        visitor.log_in()
    app(event(headers={"x-clef-cdn": "a guess"}), None)
    return world.events()


def test_every_alarm_has_its_row_and_every_row_its_alarm() -> None:
    resources = YAMLTemplateSerializer().load_template(RESOURCES.read_text("utf-8"))["Resources"].items()
    alarms = {name for name, resource in resources if resource.get("Type") == "AWS::CloudWatch::Alarm"}

    rows = re.findall(r"^\| \*\*[^|]+\*\* `(\w+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", RUNBOOK, re.MULTILINE)

    assert sorted(name for name, *_ in rows) == sorted(alarms)
    assert all(cell.strip() for row in rows for cell in row)


def test_dead_letters_that_nobody_asks_for_again_are_sent_again_and_each_queue_is_named() -> None:
    section = RUNBOOK.partition("### Dead letters")[2].partition("###")[0]
    queues = [
        name
        for name, resource in YAMLTemplateSerializer().load_template(RESOURCES.read_text("utf-8"))["Resources"].items()
        if "RedrivePolicy" in resource.get("Properties", {})
    ]

    assert [name for name in queues if f"`{name}`" not in section] == []
    assert [kind for kind in ASKED_BY_NOBODY if f"`{kind}`" not in section] == []
    assert "« Redrive to source queue(s) »" in section


@pytest.mark.parametrize("query", QUERIES.values(), ids=list(QUERIES))
def test_a_query_asks_for_what_the_record_has(lines: list[dict[str, Any]], query: str) -> None:
    named = set(re.findall(r'"([a-z_]+)"', query))
    asked = fields(query)

    of_these = [line for line in lines if line["event"] in named] if named else lines

    assert named <= EVENTS
    assert asked
    assert asked - LAMBDAS_OWN <= {name for line in of_these for name in line}


def test_the_events_it_names_are_those_of_the_record() -> None:
    (listed,) = re.findall(r"^Events: (.+?)^`chalicelib/infra/record.py`", RUNBOOK, re.MULTILINE | re.DOTALL)

    bare = re.sub(r"\([^)]*\)", "", listed)  # what an event's details may be
    assert set(re.findall(r"`(\w+)`", bare)) == EVENTS
