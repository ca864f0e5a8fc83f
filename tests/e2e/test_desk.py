"""Staff, as deployed: their own function answers them, with the office's rights on the families' tables."""

import json

import pytest

from chalicelib.domain.staff.desk_jobs import DeskJob
from chalicelib.office.jobs import publication
from chalicelib.office.jobs.job_run import MOST_TRIES
from chalicelib.office.jobs.jobs import find_job, start
from tests.support.breaker import Breaker, wait_for
from tests.support.desk_walk import fresh_code
from tests.support.desk_work import MANAGER
from tests.support.roles import KEY, as_function, reached, refusal
from tests.support.stack_visitor import HOME, Visitor
from tools.local.staff import STAFF
from tools.stack.deployed import Stack

pytestmark = pytest.mark.e2e

DESK = "/extranet/bureau"
SECRETARY = next(staff for staff in STAFF if staff.role == "secretary")


def log_in(visitor: Visitor) -> None:
    """Log in with an unused code."""
    visitor.post(f"{DESK}/connexion", {"courriel": SECRETARY.email, "mot_de_passe": SECRETARY.password})
    answer = visitor.post(f"{DESK}/code", {"code": fresh_code(SECRETARY.totp)})
    assert answer.status == 303, answer.text


def test_the_desk_comes_from_its_own_function(visitor: Visitor, breaker: Breaker) -> None:
    with breaker.without_capacity(breaker.outputs.api_function):
        page = visitor.get(f"{DESK}/connexion")
    with breaker.without_capacity(breaker.outputs.desk_function):
        answer, family = visitor.get(f"{DESK}/connexion"), visitor.get(HOME)

    assert (page.status, page.is_french_page, page.headers["Cache-Control"]) == (200, True, "no-store")
    assert (answer.status, family.status) == (503, 303)


def test_a_secretary_enters_with_the_rights_that_the_function_has(visitor: Visitor) -> None:
    log_in(visitor)

    page = visitor.get(DESK)

    assert (page.status, page.is_french_page) == (200, True)
    assert "__Host-clef-bureau" in visitor.cookies
    assert visitor.get(f"{DESK}/personnel").status == 404  # managers only


def test_a_family_s_function_is_denied_every_act_of_the_office(stack: Stack, breaker: Breaker) -> None:
    dynamodb = as_function(stack, breaker.outputs.api_function, "dynamodb")
    site = {"KeyConditionExpression": "site = :site", "ExpressionAttributeValues": {":site": KEY["site"]}}
    condition = {"ConditionExpression": "attribute_exists(e2e)"}

    rights = {
        (name, act)
        for name, table in stack.outputs.tables.items()
        for act, code in {
            "query": refusal(dynamodb.query, TableName=table, **site),
            "scan": refusal(dynamodb.scan, TableName=table),
            "delete": refusal(dynamodb.delete_item, TableName=table, Key=KEY, **condition),
        }.items()
        if not code
    }
    calls = {
        (name, act)
        for name in ("Office", "Billing", "Staff", "Teaching")
        for act, code in {
            "put": refusal(dynamodb.put_item, TableName=stack.outputs.tables[name], Item=KEY, **condition),
            "update": refusal(dynamodb.update_item, TableName=stack.outputs.tables[name], Key=KEY, **condition),
        }.items()
        if not code
    }
    indexes = {
        name
        for name in ("Accounts", "Enrolments")
        if not refusal(dynamodb.query, TableName=stack.outputs.tables[name], IndexName="summaries", **site)
    }

    # « Ce n'est pas moi » finds its account by the mailbox of its mail.
    assert (rights, calls, indexes) == ({("Mailboxes", "query")}, set(), set())


def test_the_desk_s_function_reaches_the_office_s_work_and_no_family_s_session(stack: Stack, breaker: Breaker) -> None:
    assert "Sessions" not in reached(stack, breaker.outputs.desk_function, ())
    dynamodb = as_function(stack, breaker.outputs.desk_function, "dynamodb")
    site = {"KeyConditionExpression": "site = :site", "ExpressionAttributeValues": {":site": KEY["site"]}}
    for name in ("Accounts", "Enrolments"):
        assert not refusal(dynamodb.query, TableName=stack.outputs.tables[name], IndexName="summaries", **site)


def test_a_job_of_the_desk_is_started_by_the_post_and_recorded(stack: Stack) -> None:
    job = start(stack.services, DeskJob.ask(publication.KIND, MANAGER, stack.services.clock()))

    assert (
        wait_for(lambda: ended if (ended := find_job(stack.services, job.id)) and ended.is_over else None).state
        == "done"
    )


def test_a_job_that_keeps_failing_is_a_dead_letter_and_done_once_redriven(stack: Stack, breaker: Breaker) -> None:
    job, services = DeskJob.ask(publication.KIND, MANAGER, stack.services.clock()), stack.services
    services.staff.jobs.create(job)
    event, function = {"job": job.id, "tries": MOST_TRIES}, breaker.outputs.desk_jobs_function
    with breaker.role_without(function, "dynamodb"):
        stack.aws.client("lambda").invoke(FunctionName=function, InvocationType="Event", Payload=json.dumps(event))
        (letter,) = wait_for(lambda: breaker.jobs(breaker.outputs.mail_dead_letters_url))
    assert json.loads(letter["Body"])["requestPayload"] == event

    breaker.sqs.purge_queue(QueueUrl=breaker.outputs.mail_dead_letters_url)  # a redrive, which the emulator lacks
    breaker.sqs.send_message(QueueUrl=breaker.outputs.mail_queue_url, MessageBody=letter["Body"])

    wait_for(lambda: (found := find_job(services, job.id)) and found.state == "done")


def test_the_index_of_summaries_is_as_declared(stack: Stack) -> None:
    table = stack.aws.client("dynamodb").describe_table(TableName=stack.outputs.accounts_table)["Table"]

    (index,) = table["GlobalSecondaryIndexes"]
    assert index["Projection"] == {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["summary"]}
    assert json.dumps(index["KeySchema"]) == json.dumps(table["KeySchema"])
