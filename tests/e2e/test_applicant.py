"""Families without an account, as deployed: their own function answers them, and has no other rights."""

import json
import re
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest

from chalicelib.domain.enrolment.periods import PARIS, EnrolmentPeriod
from tests.support.admission import READ, START, stamp_of
from tests.support.breaker import Breaker, wait_for
from tests.support.events import scheduled
from tests.support.french import plain
from tests.support.open_week import open_week
from tests.support.roles import as_function, reached, refusal
from tests.support.stack_visitor import Visitor
from tools.stack.deployed import Stack

pytestmark = pytest.mark.e2e

FILE = "certificat"


def test_their_pages_come_from_their_own_function(visitor: Visitor, breaker: Breaker) -> None:
    with breaker.without_capacity(breaker.outputs.api_function):
        page = visitor.get(START)
    with breaker.without_capacity(breaker.outputs.applicant_function):
        answer, family = visitor.get(START), visitor.get("/extranet/compte")

    assert (page.status, page.is_french_page, page.headers["Cache-Control"]) == (200, True, "no-store")
    assert (answer.status, family.status) == (503, 303)


@pytest.fixture
def open_now(stack: Stack) -> Iterator[None]:
    with open_week(stack, stack.services.admission.periods):
        yield


@pytest.mark.usefixtures("open_now")
def test_a_mailbox_is_proven_with_the_rights_that_each_function_has(visitor: Visitor, stack: Stack) -> None:
    """The cookie passes the CDN, the post function mails the code, and the begun application is kept."""
    email, today = "merle@example.org", stack.services.clock().astimezone(PARIS).date()
    stamp = stamp_of(visitor.get(START).text)
    time.sleep(READ.total_seconds())

    answer = visitor.post(START, {"email": email, "site_web": "", "depuis": stamp})
    mail = wait_for(lambda: next((mail for mail in stack.mails() if mail.to == email), None))
    (code,) = re.findall(r"^Code : (\d{3} \d{3})$", plain(mail.text), re.MULTILINE)
    proof = visitor.post(f"{START}/code", {"code": code.replace(" ", "")})

    assert (answer.status, answer.headers["Location"]) == (303, f"{START}/code")
    assert (proof.status, proof.headers["Location"]) == (303, f"{START}/demande")
    assert "__Host-clef-demande" in visitor.cookies
    applications = stack.services.admission.applications
    season = str(EnrolmentPeriod(today, today).season)
    assert [application.email for application in applications.all(season)] == [email]


@pytest.mark.parametrize("function", ["offers_function", "rolls_function"])
def test_the_jobs_of_each_hour_and_morning_run_as_deployed(stack: Stack, breaker: Breaker, function: str) -> None:
    """MiniStack runs no schedule: the rule is read from it, and the function invoked as the rule would."""
    rules = stack.aws.client("events").list_rules()["Rules"]
    name = getattr(breaker.outputs, function)
    configuration = stack.aws.client("lambda").get_function_configuration(FunctionName=name)
    payload = json.dumps(scheduled("event-1", *(rule["Arn"] for rule in rules)))

    answer = stack.aws.client("lambda").invoke(FunctionName=configuration["FunctionName"], Payload=payload)

    rules_found = {(rule["ScheduleExpression"], rule["State"]) for rule in rules}
    assert rules_found == {("rate(1 hour)", "ENABLED"), ("cron(0 5 * * ? *)", "ENABLED")}
    assert (answer.get("FunctionError"), json.load(answer["Payload"])) == (None, None)
    assert configuration["Timeout"] == timedelta(minutes=5).total_seconds()


@pytest.fixture
def folders(stack: Stack, breaker: Breaker) -> Iterator[tuple[str, ...]]:
    """Make an object in each folder of the bucket of documents."""
    keys = tuple(f"{folder}/2027/{FILE}" for folder in ("documents", "invoices", "requests"))
    for key in keys:
        stack.aws.client("s3").put_object(Bucket=breaker.outputs.documents_bucket, Key=key, Body=b"%PDF-")
    yield keys
    for key in keys:
        stack.aws.client("s3").delete_object(Bucket=breaker.outputs.documents_bucket, Key=key)


def test_neither_visitor_s_function_reaches_the_other(stack: Stack, breaker: Breaker, folders: tuple[str, ...]) -> None:
    new_families, every_table = (
        {"Applications", "Applicants", "Places"},
        set(stack.outputs.tables) - {"Staff", "Teaching"},
    )

    assert reached(stack, breaker.outputs.applicant_function, folders) == new_families | {"Office", "requests"}
    assert reached(stack, breaker.outputs.api_function, folders) == every_table - new_families | {
        *("documents", "invoices")
    }
    assert reached(stack, breaker.outputs.offers_function, folders) == {"Applications", "Places", "Office"}
    assert reached(stack, breaker.outputs.rolls_function, folders) == {"Teaching", "Lessons"}


def test_a_new_family_s_function_lists_no_documents(stack: Stack, breaker: Breaker, folders: tuple[str, ...]) -> None:
    s3 = as_function(stack, breaker.outputs.applicant_function, "s3")

    refusals = {
        prefix: refusal(s3.list_objects_v2, Bucket=breaker.outputs.documents_bucket, Prefix=prefix)
        for prefix in ("", *(key.rpartition("/")[0] for key in folders))
    }

    assert {prefix for prefix, code in refusals.items() if not code} == {"requests/2027"}
    assert set(refusals.values()) == {"", "AccessDenied"}
