"""The code that proves a mailbox: its recipient, how often it is mailed and tried, and the session it opens."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.account.sessions import Token
from chalicelib.domain.refusals import FieldsRefused, Refusal, Unavailable
from chalicelib.wings.admission.domain.applications import Answers, ApplicationRef, Sent
from chalicelib.wings.admission.domain.email_codes import CodeRequest
from chalicelib.wings.admission.flows.access import ask_for_status, code_request_of, mail_code, prove
from chalicelib.wings.admission.flows.entry import enter, read_admission_periods
from chalicelib.wings.admission.flows.start import ask_for_place, page_stamp
from chalicelib.wings.admission.mail import AdmissionCode
from chalicelib.work.post import job_from_json
from tests.support.admission import MERLE, SEASON, announce, application_of, mailbox_of, mailed_code, stores
from tests.support.aws import When
from tests.support.world import World

NUMBER = "P26-K4TN-8WCB"


@pytest.fixture(autouse=True)
def opened(world: World) -> None:
    announce(world)


def asked(world: World, email: str = MERLE, address: str = "") -> CodeRequest:
    """Ask for a place from a new client address, and return the code request of the browser's cookie."""
    stamp = page_stamp(world.services, world.now)
    world.wait(timedelta(seconds=5))
    admission_periods, visit = read_admission_periods(world.services, world.now), world.visit()
    client = replace(visit.client, address=address or f"192.0.2.{visit.client.request}")
    return known(world, ask_for_place(replace(visit, client=client), email, stamp, admission_periods))


def known(world: World, cookie: str) -> CodeRequest:
    code_request = code_request_of(world.services, cookie)
    assert code_request
    return code_request


def type_in(world: World, code_request: CodeRequest, code: str) -> Token:
    return prove(world.visit(), code_request, code)


def tried(world: World, code_request: CodeRequest, code: str) -> str:
    """Type a code, and return the outcome."""
    try:
        type_in(world, code_request, code)
    except FieldsRefused as refusal:
        return refusal.fields["code"][0]
    except (Refusal, Unavailable) as refusal:
        return type(refusal).__name__
    return "in"


def mailed(world: World) -> tuple[CodeRequest, str]:
    """Ask for a place, and return the request with its mailed code."""
    code_request = asked(world)
    world.deliver()
    return code_request, mailed_code(world)


def another(code: str, count: int = 1) -> str:
    return f"{(int(code) + count) % 1_000_000:06d}"


def mailed_to(world: World) -> list[str]:
    world.deliver()
    return [mail.to for mail in world.mails()]


def sent(world: World, email: str = MERLE, number: str = NUMBER) -> None:
    """Store an application as sent under a number."""
    applications = stores(world).applications
    ref = ApplicationRef(mailbox_of(world, email), SEASON)
    before = applications.find(ref)
    fields: dict[str, Any] = {"email": email, "started_at": world.now, "saved_at": world.now}
    applications.add_number(number, ref)
    applications.change(before, replace(before, **fields, sent=Sent(Answers(), number, world.now, world.now)))


def reasons(world: World) -> list[str]:
    return [event["reason"] for event in world.events() if event["event"] == "admission_dropped"]


def test_the_code_of_the_mail_opens_a_session_and_begins_the_application(world: World) -> None:
    code_request = asked(world)
    world.deliver()

    token = type_in(world, code_request, mailed_code(world))

    context = enter(world.visit(token))
    assert (context.application.email, context.application.started_at) == (MERLE, world.now)
    assert (context.season, context.is_open) == (SEASON, True)


def test_before_the_code_is_right_nothing_of_a_person_stands_anywhere_but_digests_that_end(world: World) -> None:
    asked(world)
    world.deliver()

    tables = (world.resources.table("Applications"), world.resources.table("Applicants"))
    items = [item for table in tables for item in world.database.items(table)]

    assert application_of(world).started_at is None
    assert [item for item in items if "@" in str(item).replace("'@", "'")] == []
    by_place = {item["site"]: item for item in items}
    assert set(by_place) == {"@client", "@code", "@mailed"}
    assert mailbox_of(world, MERLE) not in str(by_place["@mailed"])
    assert by_place["@code"]["expires"] <= (world.now + timedelta(hours=1)).timestamp()


def test_whoever_comes_again_goes_on_where_it_left(world: World) -> None:
    code_request = asked(world)
    world.deliver()
    type_in(world, code_request, mailed_code(world))
    draft = application_of(world)
    application = stores(world).applications.change(draft, replace(draft, draft=Answers(guardian="Mme Aimée Merle")))
    world.wait(timedelta(days=3))

    code_request = asked(world, email=" Merle@Example.org ".strip().lower())
    world.deliver()
    type_in(world, code_request, mailed_code(world))

    assert application_of(world) == application


def test_a_code_opens_once_and_again_only_where_its_form_was_sent_twice(world: World) -> None:
    code_request, code = mailed(world)

    outcomes = [tried(world, code_request, code), tried(world, code_request, code)]
    world.wait(timedelta(minutes=1))
    outcomes.append(tried(world, code_request, code))

    assert outcomes == ["in", "in", "applicant_code_wrong"]


def test_a_code_belongs_to_the_browser_that_asked_for_it(world: World) -> None:
    first, second = asked(world), asked(world)
    world.aws.hurry()
    world.deliver()
    codes = re_codes(world)

    assert [tried(world, first, code) for code in codes] == ["in", "applicant_code_wrong"]
    assert [tried(world, second, code) for code in codes] == ["applicant_code_wrong", "in"]


def re_codes(world: World) -> list[str]:
    lines = (line for mail in world.mails() for line in mail.text.splitlines())
    return [line.removeprefix("Code : ").replace(" ", "") for line in lines if line.startswith("Code : ")]


def test_five_tries_in_all_are_looked_at_whoever_comes_at_once(world: World) -> None:
    code_request, code = mailed(world)
    wrong = [another(code, count) for count in range(1, 13)]

    with ThreadPoolExecutor(12) as pool:
        outcomes = list(pool.map(lambda typed: tried(world, code_request, typed), wrong))

    assert sorted(outcomes) == ["CodeUsedUp"] * 7 + ["applicant_code_wrong"] * 5
    assert tried(world, code_request, code) == "CodeUsedUp"


def test_an_address_that_nobody_mailed_takes_as_many_tries_and_says_the_same(world: World) -> None:
    """A family's address gets no code: neither the messages nor the AWS calls may reveal it."""
    code_request, nobodys = asked(world), asked(world, "personne@example.org")
    world.deliver()
    assert stores(world).applicants.codes.find(nobodys.name)
    outcomes, calls = [], []
    for request in (code_request, CodeRequest("email", "famille@example.org", SEASON, world.now)):
        world.aws.calls.clear()
        outcomes.append([tried(world, request, "000000") for _ in range(6)])
        calls.append(list(world.aws.calls))

    assert outcomes[0] == outcomes[1] == ["applicant_code_wrong"] * 5 + ["CodeUsedUp"]
    assert calls[0] == calls[1]


def test_an_address_on_file_is_told_that_it_has_an_account_and_gets_no_code(world: World) -> None:
    account = world.settle()
    world.services.accounts.enter_mailboxes(account)
    asked(world, account.emails[0])

    world.deliver()

    (mail,) = world.mails()
    assert (mail.to, mail.subject) == (account.emails[0], "Vous avez déjà un compte sur l'extranet des conservatoires")
    assert "/extranet/usager/identifiant-perdu" in mail.text
    assert "01 99 00 10 03" in mail.text
    assert "Code :" not in mail.text
    assert [item for item in world.database.items(world.resources.table("Applicants")) if item["site"] == "@code"] == []


def test_an_application_that_is_begun_goes_on_though_its_address_came_to_be_an_account_s(world: World) -> None:
    sent(world, "rossignol@example.org")
    world.services.accounts.enter_mailboxes(world.settle())
    code_request = asked(world, "rossignol@example.org")
    world.deliver()

    assert tried(world, code_request, mailed_code(world)) == "in"


def test_a_former_address_of_an_account_or_of_one_that_is_closed_is_nobody_s(world: World) -> None:
    account = world.settle()
    world.services.accounts.enter_mailboxes(account)
    world.services.accounts.change(account, replace(account, emails=("nouvelle@example.org",)))
    asked(world, account.emails[0])

    world.deliver()

    assert world.mails()[-1].subject == "Votre code de pré-inscription"


def test_three_codes_an_hour_and_six_a_day_go_to_one_address_however_many_browsers_ask(world: World) -> None:
    counts = []
    for _ in range(4):
        for _ in range(7):
            asked(world)
        counts.append(len(mailed_to(world)))
        world.wait(timedelta(hours=1))

    assert counts == [3, 6, 6, 6]
    assert set(reasons(world)) == {"too_soon"}


def test_codes_counted_at_once_are_three(world: World) -> None:
    applicants = stores(world).applicants

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda request: applicants.codes.count_mail("x", request, world.now), "abcd"))

    assert sorted(results) == [False, True, True, True]


def test_a_number_brings_a_code_to_the_address_of_its_application_and_nowhere_else(world: World) -> None:
    sent(world)
    cookie = ask_for_status(world.visit(), " p26 k4tn8wcb ")
    assert mailed_to(world) == [MERLE]

    token = type_in(world, known(world, cookie), mailed_code(world))

    assert enter(world.visit(token)).application.number == NUMBER


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("nth", range(4))
def test_whichever_call_fails_the_same_code_opens_when_it_is_sent_again(world: World, when: When, nth: int) -> None:
    code_request, code = mailed(world)
    operations = ["UpdateItem", "GetItem", "UpdateItem", "BatchWriteItem"]

    with world.aws.failing(operations[nth], when, skips=operations[:nth].count(operations[nth])):
        assert tried(world, code_request, code) == "Unavailable"

    assert tried(world, code_request, code) == "in"
    assert application_of(world).started_at == world.now


def test_a_mail_that_fails_is_delivered_again_and_both_of_its_codes_work(world: World) -> None:
    code_request = asked(world)
    job = job_from_json(world.aws.queue_bodies())
    assert isinstance(job, AdmissionCode)
    with world.aws.failing("SendEmail", "after"), pytest.raises(Unavailable):
        mail_code(world.services, job, world.now)
    mail_code(world.services, job, world.now)

    codes = re_codes(world)
    assert len(codes) == 2
    assert [tried(world, code_request, code) for code in codes] == ["in", "in"]


def test_a_job_that_comes_too_late_or_of_another_key_mails_nothing(world: World) -> None:
    asked(world)
    world.wait(timedelta(minutes=31))

    assert mailed_to(world) == []
    assert reasons(world) == ["stale"]


def test_the_queue_and_the_record_hold_no_address_and_no_number(world: World) -> None:
    sent(world)
    asked(world)
    ask_for_status(world.visit(), NUMBER)
    waiting = world.aws.queue_bodies()

    assert waiting.count('"admission_code"') == 2
    assert [trace for trace in (MERLE, "K4TN") if trace in waiting + world.log.getvalue()] == []


@pytest.mark.parametrize(
    ("own", "other"), [(NUMBER, "P26-BBBB-CCCC"), (MERLE, "pie@example.org")], ids=["number", "address"]
)
def test_a_number_or_an_address_of_nobody_costs_and_says_the_same(world: World, own: str, other: str) -> None:
    sent(world)
    read_admission_periods(world.services, world.now)
    for typed in (own, other):
        world.aws.calls.clear()
        ask_for_status(world.visit(), typed)
        assert world.aws.calls == ["UpdateItem", "SendMessageBatch"]

    assert mailed_to(world) == [MERLE]
    assert reasons(world) == ["unknown"]
    assert application_of(world, "pie@example.org").started_at is None
