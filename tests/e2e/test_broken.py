"""The deployed stack with a failing part: no false message, no login, no lost mail."""

import re
from contextlib import AbstractContextManager
from typing import Any

import pytest

from chalicelib.domain.account.accounts import Account, new_stamp
from tests.support.breaker import Breaker, wait_for
from tests.support.french import plain
from tests.support.ses_events import bounce_event, complaint
from tests.support.stack_visitor import LOGIN, Visitor
from tests.support.world import EMAIL, ROSSIGNOL
from tools.local.post import Mail
from tools.stack.deployed import Stack

pytestmark = pytest.mark.e2e

LOST = "Votre mot de passe pour l'extranet"


def letters(stack: Stack, email: str) -> list[Mail]:
    return [mail for mail in stack.mails() if mail.to == email and LOST in plain(mail.subject)]


def password_in(mail: Mail) -> str:
    match = re.search(r"^Mot de passe : (\S+)$", plain(mail.text), re.MULTILINE)
    assert match
    return match.group(1)


def test_a_letter_that_never_leaves_is_a_dead_letter(stack: Stack, visitor: Visitor, breaker: Breaker) -> None:
    """Run before any login: the notice of a first use would be a dead letter too."""
    dead = breaker.outputs.mail_dead_letters_url
    with breaker.impatient_queue(), breaker.role_without(breaker.outputs.post_function, "ses"):
        visitor.ask_for_password("MAG2001", "bruyere@example.org")

        (letter,) = wait_for(lambda: breaker.jobs(dead))

    assert letters(stack, "bruyere@example.org") == []
    assert "bruyere" not in letter["Body"]
    breaker.sqs.purge_queue(QueueUrl=dead)


def test_a_letter_that_could_not_be_sent_is_sent_later(stack: Stack, visitor: Visitor, breaker: Breaker) -> None:
    queue = breaker.outputs.mail_queue_url
    with breaker.impatient_queue():
        with breaker.role_without(breaker.outputs.post_function, "ses"):
            visitor.ask_for_password("XEN3002", "alize@example.org")
            wait_for(lambda: [job for job in breaker.jobs(queue) if job["ReceiveCount"]])
            assert letters(stack, "alize@example.org") == []

        (letter, *_) = wait_for(lambda: letters(stack, "alize@example.org"))

    assert visitor.log_in("evry-xenakis", "XEN3002", password_in(letter)).status == 303


@pytest.mark.parametrize(
    ("family", "text"),
    [
        (("villabe-yves-henry", "HEN5001", "peuplier@example.fr"), "the first"),
        (("ris-orangis-messiaen", "MES4003", "nid@example.org"), "the second"),
    ],
)
def test_a_job_delivered_twice_mails_two_passwords_and_either_opens(
    stack: Stack, visitor: Visitor, breaker: Breaker, family: tuple[str, str, str], text: str
) -> None:
    (site, identifier, email), queue = family, breaker.outputs.mail_queue_url
    with breaker.idle_consumer():
        visitor.ask_for_password(identifier, email)
        (job,) = wait_for(lambda: [job for job in breaker.jobs(queue) if "lost_password" in job["Body"]])
        breaker.sqs.send_message(QueueUrl=queue, MessageBody=job["Body"])

    wait_for(lambda: len(letters(stack, email)) == 2)

    first, second = letters(stack, email)
    letter = first if text == "the first" else second
    assert visitor.log_in(site, identifier, password_in(letter)).status == 303


@pytest.mark.parametrize(("event", "kind"), [(bounce_event(), "bounced"), (complaint(), "complained")])
def test_a_returned_letter_is_remembered_on_the_account(stack: Stack, breaker: Breaker, event: str, kind: str) -> None:
    services = stack.services
    account = Account(ROSSIGNOL, "Famille Rossignol", (EMAIL,), new_stamp())
    services.database.write_together(services.accounts.put(account))

    breaker.publish("MailReturned", event)

    problems = wait_for(lambda: (stored := services.accounts.find(ROSSIGNOL)) and stored.failing_mailboxes)
    assert [problem.kind for problem in problems] == [kind]


def _no_table(breaker: Breaker, _stack: Stack) -> AbstractContextManager[Any]:
    return breaker.with_settings(breaker.outputs.api_function, CLEF_SESSIONS_TABLE="not-there")


def _no_right(breaker: Breaker, _stack: Stack) -> AbstractContextManager[Any]:
    return breaker.role_without(breaker.outputs.api_function, "dynamodb")


def _throttling(_breaker: Breaker, stack: Stack) -> AbstractContextManager[Any]:
    return stack.emulator.throttling_tables()


def _no_capacity(breaker: Breaker, _stack: Stack) -> AbstractContextManager[Any]:
    return breaker.without_capacity(breaker.outputs.api_function)


def _no_start(breaker: Breaker, _stack: Stack) -> AbstractContextManager[Any]:
    return breaker.with_settings(breaker.outputs.api_function, CLEF_RECORD_KEY="short")


@pytest.mark.parametrize("fault", [_no_table, _no_right, _throttling, _no_capacity, _no_start])
def test_a_failure_is_a_page_and_nobody_is_in(stack: Stack, visitor: Visitor, breaker: Breaker, fault: Any) -> None:
    family = {"site": "villabe-yves-henry", "identifiant": "DUO6002", "mot_de_passe": "Triangle4Vif"}
    with fault(breaker, stack):
        answer = visitor.post(LOGIN, family)

        assert (answer.status, answer.is_french_page) == (503, True)
        assert "Service momentanément indisponible" in answer.text
        assert visitor.cookies == {}

    assert visitor.post(LOGIN, family).status == 303


def test_a_queue_out_of_reach_is_told_and_not_promised(visitor: Visitor, breaker: Breaker) -> None:
    with breaker.role_without(breaker.outputs.api_function, "sqs"):
        answer = visitor.ask_for_password("MES4002", "nid@example.org")

    assert (answer.status, answer.is_french_page) == (503, True)
