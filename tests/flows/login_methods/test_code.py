"""The code that proves a login: its recipients, its limits, and the logins that it proves."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.keys import Use
from chalicelib.domain.account.login_codes import LoginCodeRequest, Purpose
from chalicelib.domain.account.rate_limits import LOGIN_OF_ADDRESS, LOST_OF_ADDRESS
from chalicelib.domain.refusals import FieldsRefused, Refusal, Unavailable
from chalicelib.flows.family.lost_password import LostSlowedDown
from chalicelib.flows.login_methods.code import ask_code, code_request_of, mail_code, prove_code
from chalicelib.mail.account_jobs import LoginCode
from chalicelib.stores.attempts import AttemptTimes
from tests.support.admission import mailbox_of, mailed_code
from tests.support.aws import When, faults_of
from tests.support.two_logins import COMES, settle_two_logins
from tests.support.world import EMAIL, ROSSIGNOL, World

WRONG = ["BatchGetItem", "UpdateItem", "GetItem", "UpdateItem"]  # the client's tries, this code's, it, and one more
TWIN = AccountRef("villabe-yves-henry", ROSSIGNOL.identifier)
COME = "come@example.net"


def ask(
    world: World,
    purpose: Purpose = "first",
    identifier: str = ROSSIGNOL.identifier,
    email: str = EMAIL,
    site: str = ROSSIGNOL.site,
) -> LoginCodeRequest:
    """Ask for a code, and return the request of the browser's cookie."""
    mailbox = mailbox_of(world, email) if email else ""
    request = LoginCodeRequest(purpose, site, identifier, mailbox, "a subject" if purpose == "link" else "", world.now)
    code_request = code_request_of(world.services, ask_code(world.visit(), request))
    assert code_request == request
    return code_request


def type_in(world: World, request: LoginCodeRequest, code: str, address: str = "192.0.2.7") -> list[AccountRef]:
    return [login.ref for login in prove_code(world.visit(address=address), request, code)]


def tried(world: World, request: LoginCodeRequest, code: str, address: str = "192.0.2.7") -> str:
    """Type a code, and return the outcome."""
    try:
        type_in(world, request, code, address)
    except FieldsRefused as refusal:
        return refusal.fields["code"][0]
    except (Refusal, Unavailable) as refusal:
        return type(refusal).__name__
    return "proven"


def mailed_to(world: World) -> list[str]:
    world.deliver()
    return [mail.to for mail in world.mails()]


def reasons(world: World) -> list[str]:
    return [event["reason"] for event in world.events() if event["event"] == "sign_in_code_dropped"]


def another(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


@pytest.mark.parametrize(
    ("fields", "values", "reason"),
    [
        pytest.param({"identifier": "nobody"}, {}, "unknown", id="unknown identifier"),
        pytest.param({"email": "autre@example.org"}, {}, "unknown", id="another address"),
        pytest.param({}, {"emails": ()}, "unknown", id="no address on file"),
        pytest.param({}, {"disabled": True}, "unknown", id="a closed account"),
        pytest.param({"email": "zoé@example.org"}, {"emails": ("zoé@example.org",)}, "undeliverable", id="not ASCII"),
    ],
)
def test_known_and_unknown_are_asked_and_refused_by_the_same_calls(
    world: World, fields: dict[str, Any], values: dict[str, Any], reason: str
) -> None:
    world.settle(**values)
    world.aws.calls.clear()
    request = ask(world, **fields)
    assert world.aws.calls == ["UpdateItem", "SendMessageBatch"]
    assert (mailed_to(world), reasons(world)) == ([], [reason])

    world.aws.calls.clear()
    assert tried(world, request, "123456") == "applicant_code_wrong"
    assert world.aws.calls == WRONG, "as for a wrong code of a known login"


def test_a_wrong_site_is_forgiven_if_only_one_has_the_pair(world: World) -> None:
    world.settle()
    request = ask(world, site=TWIN.site)
    world.deliver()
    assert type_in(world, request, mailed_code(world)) == [ROSSIGNOL]

    world.settle(TWIN)
    assert type_in(world, request, mailed_code(world)) == [TWIN]


def test_a_guardian_s_address_proves_their_own_login_only_whichever_identifier_is_typed(world: World) -> None:
    settle_two_logins(world)

    for identifier in (ROSSIGNOL.identifier, COMES.identifier):
        request = ask(world, identifier=identifier, email=COME)
        assert mailed_to(world)[-1] == COME
        assert type_in(world, request, mailed_code(world)) == [COMES]
    request = ask(world, identifier=COMES.identifier)
    assert mailed_to(world)[-1] == EMAIL
    assert type_in(world, request, mailed_code(world)) == [ROSSIGNOL]


def test_an_address_alone_proves_all_its_logins_by_one_mail(world: World) -> None:
    for ref in (ROSSIGNOL, TWIN):
        world.services.accounts.enter_mailboxes(world.settle(ref))
    world.services.accounts.enter_mailboxes(world.settle(AccountRef(TWIN.site, "closed"), disabled=True))
    request = ask(world, "link", identifier="", site="")

    assert mailed_to(world) == [EMAIL]
    assert all(site in world.mails()[0].text for site in ("Evry - Xénakis", "Villabé"))
    assert sorted(type_in(world, request, mailed_code(world)), key=str) == [ROSSIGNOL, TWIN]


def test_an_identifier_alone_is_mailed_to_all_addresses_of_its_login_and_no_other_guardian_s(world: World) -> None:
    family = settle_two_logins(world)
    emails = (*family.emails, "maison@example.org")
    world.services.accounts.change(family, replace(family, emails=emails, household=replace(family.household)))
    request = ask(world, "link", email="")

    assert COME not in mailed_to(world)
    assert type_in(world, request, mailed_code(world)) == [ROSSIGNOL]


def test_a_login_s_code_does_not_open_another_request(world: World) -> None:
    world.settle()
    request, proof = ask(world), ask(world, "prove", email="")
    world.deliver()
    first, second = (mail.text for mail in world.mails())

    assert first != second
    code = mailed_code(world)
    assert [tried(world, request, code), tried(world, proof, code)] == ["applicant_code_wrong", "proven"]
    assert [tried(world, replace(proof, name="forged"), code)] == ["applicant_code_wrong"]


def test_five_tries_are_compared_however_many_come_at_once(world: World) -> None:
    world.settle()
    request = ask(world)
    world.deliver()
    wrong, right = another(mailed_code(world)), mailed_code(world)

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda _: tried(world, request, wrong), range(7)))

    assert sorted(outcomes) == ["CodeUsedUp"] * 2 + ["applicant_code_wrong"] * 5
    assert tried(world, request, right) == "CodeUsedUp"


def test_a_code_is_used_once_but_for_a_double_click_and_ends_after_half_an_hour(world: World) -> None:
    world.settle()
    request, late = ask(world), ask(world)
    world.deliver()
    mails = [mail.text for mail in world.mails()]
    code = mailed_code(world)
    right = request if tried(world, request, code) == "proven" else late
    assert tried(world, right, code) == "proven"
    world.wait(timedelta(minutes=1))
    assert tried(world, right, code) == "applicant_code_wrong"
    world.wait(timedelta(minutes=9))
    assert [tried(world, asked, code) for asked in (request, late)] == ["CodeUsedUp"] * 2
    assert len(mails) == 2


@pytest.mark.parametrize("change", [{"disabled": True}, {"emails": ("autre@example.org",)}])
def test_a_login_closed_or_moved_since_the_mail_is_not_proven(world: World, change: dict[str, Any]) -> None:
    account = world.settle()
    request = ask(world)
    world.deliver()
    world.services.accounts.change(account, replace(account, **change))

    assert tried(world, request, mailed_code(world)) == "CodeUsedUp"


def job(world: World, request: LoginCodeRequest, use: Use = "questions") -> LoginCode:
    question = request.sign(world.services.settings.key_ring(use))
    return LoginCode(request="request-2", asked_at=world.now, question=question)


@faults_of("UpdateItem", "GetItem", "BatchGetItem", "BatchWriteItem")
def test_a_fault_at_each_call_of_a_proof_leaves_a_code_that_still_works(world: World, call: str, when: When) -> None:
    world.settle()
    request = ask(world)
    world.deliver()
    code = mailed_code(world)

    with world.aws.failing(call, when):
        assert tried(world, request, code) == "Unavailable"
    assert tried(world, request, code) == "proven"


@faults_of("UpdateItem", "SendMessageBatch")
def test_a_fault_while_asking_leaves_nothing_half_done(world: World, call: str, when: When) -> None:
    world.settle()
    with world.aws.failing(call, when), pytest.raises(Unavailable):
        ask(world)
    request = ask(world)
    world.deliver()

    assert tried(world, request, mailed_code(world)) == "proven"


def test_a_known_login_s_wrong_code_makes_the_calls_of_an_unknown_one_s(world: World) -> None:
    world.settle()
    request = ask(world)
    assert mailed_to(world) == [EMAIL]
    world.aws.calls.clear()

    assert tried(world, request, another(mailed_code(world))) == "applicant_code_wrong"
    assert world.aws.calls == WRONG


def test_wrong_codes_are_counted_with_the_failed_logins_of_a_client_address(world: World) -> None:
    world.settle()
    request = ask(world)
    world.deliver()
    wrong, right = another(mailed_code(world)), mailed_code(world)
    key = AttemptTimes.from_address("192.0.2.7")
    for _ in range(LOGIN_OF_ADDRESS.ceiling - 1):
        world.services.attempts.reserve(key, LOGIN_OF_ADDRESS, world.now)

    assert [tried(world, request, code) for code in (wrong, wrong, right)] == [
        *("applicant_code_wrong", "SlowedDown", "SlowedDown")
    ]
    assert [event["event"] for event in world.events()][-2:] == ["login_slowed"] * 2
    assert tried(world, request, right, "192.0.2.8") == "proven", "one of five tries was counted"


def test_three_mails_leave_in_an_hour_and_two_for_an_identifier_that_a_stranger_may_know(world: World) -> None:
    world.settle()
    for _ in range(3):
        ask(world, "link", email="")
    assert len(mailed_to(world)) == 2
    for _ in range(2):
        ask(world)
    assert len(mailed_to(world)) == 3, "the family has one left"
    assert reasons(world) == ["too_soon"] * 2

    for _ in range(4):
        ask(world, "prove", email="")
    assert len(mailed_to(world)) == 3 + 3, "strangers use up no code of a family that is logged in"


def test_a_client_address_is_counted_with_its_requests_for_lost_passwords(world: World) -> None:
    world.settle()
    ask(world)

    key = AttemptTimes.lost_from_address("192.0.2.7")
    for _ in range(29):
        world.services.attempts.reserve(key, LOST_OF_ADDRESS, world.now)
    with pytest.raises(LostSlowedDown):
        ask(world)


def test_a_job_that_comes_too_late_or_of_another_key_mails_nothing(world: World) -> None:
    world.settle()
    mail_code(world.services, job(world, ask(world), "jobs"), world.now)
    world.wait(timedelta(minutes=10))
    world.deliver()

    assert (world.mails(), reasons(world)) == ([], ["stale"] * 2)


@faults_of("BatchGetItem", "GetItem", "UpdateItem", "SendEmail")
def test_a_mail_that_fails_is_delivered_again_and_all_its_codes_work(world: World, call: str, when: When) -> None:
    world.settle()
    request = ask(world)
    with world.aws.failing(call, when), pytest.raises(Unavailable):
        mail_code(world.services, job(world, request), world.now)
    mail_code(world.services, job(world, request), world.now)

    assert len(world.mails()) == 1 + ((call, when) == ("SendEmail", "after"))
    for mail in world.mails():
        assert tried(world, request, mail.text.partition("Code : ")[2][:7].replace(" ", "")) == "proven"
