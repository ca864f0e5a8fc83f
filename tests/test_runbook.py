"""The runbook covers every mailed alarm, and its queries use fields that exist in the log."""

import json
import re
from typing import Any, get_args

import pytest
from chalice.package import YAMLTemplateSerializer

from app import app
from chalicelib.infra.record import Event, StaffEvent
from operations.package import PROJECT
from operations.package.template_files import read_template
from tests.support.admission import START
from tests.support.events import LOST, event
from tests.support.world import EMAIL, ROSSIGNOL, Visitor, World
from tools.local.aws import RESOURCES

RUNBOOK = (PROJECT / "docs/runbook.md").read_text("utf-8")
EVENTS = {*get_args(Event), *get_args(StaffEvent)}
QUERIES = dict(
    re.findall(
        r"^# (.+)\n((?:[^#\n`].*\n)+)", RUNBOOK.partition("## Reading the record")[2].split("```")[1], re.MULTILINE
    )
)
# Words of queries that are no fields: commands, functions, and words between.
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
    "ways_changed",
    "identifier_given",
    "access_frozen",
    *("absences_due", "absence_mail", "lesson_cancelled", "course_told", "course_mail"),
)  # kinds of jobs
LAMBDAS_OWN = {"@type", "@initDuration"}  # of its REPORT lines


def fields(query: str) -> set[str]:
    """List the fields of a query."""
    bare = re.sub(r'"[^"]*"', "", query)
    aliases = set(re.findall(r"\bas (\w+)", bare))
    return set(re.findall(r"(?<![\w@])@?[A-Za-z_]\w*", bare)) - LANGUAGE - aliases


@pytest.fixture
def lines(world: World, visitor: Visitor) -> list[dict[str, Any]]:
    """Trigger the events that the queries search for, and read the log."""
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
    templates = (RESOURCES, RESOURCES.with_name("canary.yaml"))
    alarms = {
        name
        for template in templates
        for name, resource in YAMLTemplateSerializer().load_template(template.read_text("utf-8"))["Resources"].items()
        if resource.get("Type") == "AWS::CloudWatch::Alarm"
    }

    rows = re.findall(r"^\| \*\*[^|]+\*\* `(\w+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", RUNBOOK, re.MULTILINE)

    assert sorted(name for name, *_ in rows) == sorted(alarms)
    assert all(cell.strip() for row in rows for cell in row)


def test_the_dashboard_has_each_query_that_names_no_family_or_request() -> None:
    resources = read_template()["Resources"]
    body = json.loads(resources["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"])
    fields_of_events = {
        widget["properties"]["title"]: re.sub(r"SOURCE '\$\{\w+Log\}' \| ", "", widget["properties"]["query"])
        for widget in body["widgets"]
        if widget["type"] == "log"
    }

    assert fields_of_events == {
        title.partition(":")[0]: " ".join(query.split()) for title, query in QUERIES.items() if "…" not in query
    }


def test_dead_letters_that_nobody_asks_for_again_are_sent_again_and_each_queue_is_named() -> None:
    section = RUNBOOK.partition("### Dead letters")[2].partition("###")[0]
    queues = [
        name
        for name, resource in read_template()["Resources"].items()
        if "RedrivePolicy" in resource.get("Properties", {})
    ]

    assert [name for name in queues if f"`{name}`" not in section] == []
    assert [kind for kind in ASKED_BY_NOBODY if f"`{kind}`" not in section] == []
    assert "« Redrive to source queue(s) »" in section


@pytest.mark.parametrize("query", QUERIES.values(), ids=list(QUERIES))
def test_a_query_asks_for_what_the_record_has(lines: list[dict[str, Any]], query: str) -> None:
    names = set(re.findall(r'"([a-z_]+)"', query))
    fields_of_query = fields(query)

    of_these = [line for line in lines if line["event"] in names] if names else lines

    assert names <= EVENTS
    assert fields_of_query
    assert fields_of_query - LAMBDAS_OWN <= {name for line in of_these for name in line}


def test_the_events_it_names_are_those_of_the_record() -> None:
    (sentence,) = re.findall(r"^Events: (.+?)^`chalicelib/infra/record.py`", RUNBOOK, re.MULTILINE | re.DOTALL)

    bare = re.sub(r"\([^)]*\)", "", sentence)  # examples of an event's details
    assert set(re.findall(r"`(\w+)`", bare)) == EVENTS
