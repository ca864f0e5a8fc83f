"""The code that proves an address: five tries, thirty minutes, a notice to the former mailboxes, races and faults."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from chalicelib.domain.account.sessions import Token
from chalicelib.domain.family.corrections import Actor
from chalicelib.domain.refusals import FieldsRefused, LoginRefused, NotLoggedIn, NotThere, Unavailable
from chalicelib.flows.family.change_password import PasswordChange as NewPassword
from chalicelib.flows.family.change_password import change_password
from chalicelib.flows.family.family import CoordinatesMoved
from chalicelib.flows.family.family_email import CodeGone, prove
from chalicelib.flows.family.login import Credentials, log_in
from chalicelib.flows.family.security_notices import NOTICE
from chalicelib.flows.family.visit import Visitor
from chalicelib.mail.account_jobs import EmailChanged
from tests.support.aws import When, faults_of
from tests.support.email_change import (
    AIMEE,
    COME,
    NEW,
    ask_for_code,
    back,
    enter,
    leave_to_the_office,
    name_of,
    notices,
    prove_it,
    send_form,
    settle,
)
from tests.support.households import change_account
from tests.support.logins import facts_of_job, is_in, lose_password, opens
from tests.support.world import PASSWORD, ROSSIGNOL, World

WRONG = ("000000", "000001", "000002", "000003", "000004", "000005")


def try_wrong(world: World, me: Visitor, name: str, code: str) -> str:
    try:
        prove_it(world, me, (code, name))
    except FieldsRefused as refusal:
        return refusal.fields["code"][0]
    except CodeGone:
        return "gone"
    return "right"


def wrong_codes(digits: tuple[str, str]) -> list[str]:
    return [each for each in WRONG if each != digits[0].replace(" ", "")][:5]


def test_the_right_code_makes_the_address_count_and_those_on_file_before_are_told_by_whom(world: World) -> None:
    request = ask_for_code(world, settle(world), by="2")

    prove_it(world, enter(world), request)

    account = world.account()
    assert (account.emails, [each.email for each in account.household.guardians]) == ((NEW, COME), [NEW, COME])
    assert account.pending_email is None
    (trace,) = account.access_corrections
    assert (trace.what, trace.old, trace.new, trace.at) == ("emails", (AIMEE, COME), (NEW, COME), world.now)
    assert trace.actor == Actor("family", "Côme Rossignol")
    world.deliver()
    assert notices(world) == [COME, AIMEE]
    text = world.mails()[-1].text
    assert "Côme Rossignol a changé les adresses e-mail de votre compte" in text
    assert NEW not in text


def test_it_costs_four_round_trips_at_most(world: World) -> None:
    me = settle(world, origin="mailed")
    request = ask_for_code(world, me)
    world.aws.calls.clear()

    prove_it(world, me, request)

    assert [each for each in world.aws.calls if each != "SendMessageBatch"] == [
        "GetItem",
        "GetItem",
        "BatchWriteItem",
        "UpdateItem",
    ]


@pytest.mark.parametrize(("text", "code"), [("", "code_missing"), ("12345", "code_wrong"), ("codecode", "code_wrong")])
def test_what_is_no_code_costs_no_try(world: World, text: str, code: str) -> None:
    me = settle(world)
    _, name = ask_for_code(world, me)

    assert try_wrong(world, me, name, text) == code
    pending = world.account().pending_email
    assert pending
    assert not pending.tries


def test_after_five_wrong_codes_the_right_one_is_no_good_either(world: World) -> None:
    me = settle(world)
    request = ask_for_code(world, me)

    submission = [try_wrong(world, me, request[1], code) for code in wrong_codes(request)]

    assert submission == ["code_wrong"] * 4 + ["gone"]
    with pytest.raises(CodeGone):
        prove_it(world, me, request)
    assert world.account().emails == (AIMEE, COME)
    assert [each["event"] for each in world.events()].count("email_code_refused") == 5


def test_many_guesses_at_once_are_five_in_all(world: World) -> None:
    me = settle(world)
    request = ask_for_code(world, me)
    ready = [back(world, me.token) for _ in range(24)]

    def guess(number: int) -> str:
        try:
            prove(world.visit(), ready[number], f"{number:06}", request[1])
        except FieldsRefused as refusal:
            return refusal.fields["code"][0]
        except CodeGone:
            return "gone"
        except Unavailable:
            return "raced"
        return "right"

    with ThreadPoolExecutor(12) as pool:
        submission = list(pool.map(guess, range(24)))

    pending_email = world.account().pending_email
    assert pending_email
    assert len(pending_email.tries) == 5
    assert submission.count("code_wrong") + submission.count("gone") + submission.count("raced") == 24
    assert submission.count("code_wrong") <= 4


def test_another_code_asked_for_since_makes_the_first_one_void(world: World) -> None:
    me = settle(world)
    first = ask_for_code(world, me)
    second = ask_for_code(world, me, "remplacer-1", "autre@example.org")

    with pytest.raises(CodeGone):
        prove_it(world, me, first)
    assert try_wrong(world, me, second[1], first[0]) == "code_wrong"
    prove_it(world, me, second)

    assert world.account().emails == ("autre@example.org", COME)


def test_the_network_may_have_left_addresses_to_the_office_since(world: World) -> None:
    me = settle(world)
    request = ask_for_code(world, me)
    leave_to_the_office(world)

    with pytest.raises(NotThere):
        prove_it(world, me, request)


def test_an_address_that_the_office_took_away_meanwhile_is_not_replaced_any_more(world: World) -> None:
    me = settle(world)
    request = ask_for_code(world, me)
    change_account(world, emails=(COME,))

    with pytest.raises(CoordinatesMoved):
        prove_it(world, me, request)

    assert world.account().emails == (COME,)
    world.deliver_patiently()
    assert notices(world) == []
    change_account(world, emails=(AIMEE, COME, NEW))
    prove_it(world, me, request)
    assert world.account().emails == (NEW, COME), "what the office put on file meanwhile is there once"


@pytest.mark.parametrize("origin", ["chosen", "mailed"])
def test_a_password_in_the_former_mailbox_opens_nothing_and_one_kept_ends(world: World, origin: str) -> None:
    me, other = settle(world, origin=origin), enter(world)
    lose_password(world, email=AIMEE)
    world.deliver()
    mailed, ends = world.mailed_password(), origin == "mailed"

    token = prove_it(world, me, ask_for_code(world, me))

    assert [opens(world, password) for password in (mailed, PASSWORD)] == [False, not ends]
    assert [is_in(world, former.token) for former in (me, other)] == [not ends] * 2
    assert (token is not None) is ends
    if token:
        assert back(world, token).account.password is None
        world.wait(timedelta(minutes=2))
        lose_password(world, email=NEW)
        world.deliver()
        assert opens(world, world.mailed_password())


@pytest.mark.parametrize("origin", ["chosen", "mailed"])
def test_a_form_sent_twice_at_once_is_one_change_told_once_and_both_stay_inside(world: World, origin: str) -> None:
    me = settle(world, origin=origin)
    request = ask_for_code(world, me)
    visitors = [back(world, me.token) for _ in range(2)]

    with ThreadPoolExecutor(2) as pool:
        tokens = list(pool.map(lambda inside: prove(world.visit(), inside, *request), visitors))

    assert [each.what for each in world.account().access_corrections].count("emails") == 1
    for token in tokens:
        assert back(world, token or me.token)
    assert all(isinstance(token, Token) for token in tokens) is (origin == "mailed")
    world.deliver_patiently()
    assert notices(world) == [COME, AIMEE]


@pytest.mark.parametrize("how", ["the code is wrong", "the password is another's", "the account is closed"])
def test_nobody_comes_in_by_repeating_a_code(world: World, how: str) -> None:
    me = settle(world, origin="mailed")
    request = ask_for_code(world, me)
    late = back(world, me.token)
    prove_it(world, me, request)
    account = world.account()
    if how == "the password is another's":
        world.services.accounts.change(account, account.with_password("hash", "chosen", world.now))
    elif how == "the account is closed":
        world.services.accounts.change(account, account.with_disabled(is_disabled=True))

    with pytest.raises(NotLoggedIn):
        prove(world.visit(), late, wrong_codes(request)[0] if how == "the code is wrong" else request[0], request[1])


def test_an_address_asked_for_before_the_password_was_changed_is_not_proven_after(world: World) -> None:
    me = settle(world)
    request = ask_for_code(world, me)
    new = NewPassword(PASSWORD, "Merle7Moqueur", "Merle7Moqueur")
    token = change_password(world.visit(), back(world, me.token), new)

    with pytest.raises(CodeGone):
        prove_it(world, back(world, token), request)


@pytest.mark.parametrize("origin", ["chosen", "mailed"])
@faults_of("SendMessageBatch", "BatchWriteItem", "UpdateItem")
def test_a_fault_leaves_one_state_or_the_other_told_if_so(world: World, call: str, when: When, origin: str) -> None:
    me = settle(world, origin=origin)
    given = ask_for_code(world, me)

    fails = call != "BatchWriteItem" or origin == "mailed"
    with world.aws.failing(call, when):
        if fails:
            with pytest.raises(Unavailable):
                prove_it(world, me, given)
        else:
            prove_it(world, me, given)

    done = not fails or (call, when) == ("UpdateItem", "after")
    assert world.account().emails == ((NEW, COME) if done else (AIMEE, COME))
    world.deliver_patiently()
    assert notices(world) == ([COME, AIMEE] if done else [])
    if not done:
        prove_it(world, me, given)
        assert world.account().emails == (NEW, COME)


def test_a_notice_goes_to_an_address_of_that_change_only(world: World) -> None:
    send_form(world, settle(world), "retirer-2", "")
    decision = world.account().access_corrections[0].decision

    mailbox = world.services.record.pseudonyms.of_mailbox("stranger@example.org")
    job = EmailChanged(**facts_of_job(world), mailbox=mailbox, decision=decision)

    NOTICE.send(world.services, job, world.now)

    assert world.mails() == []
    assert world.events()[-1]["reason"] == "undeliverable"


def test_the_next_login_forgets_an_address_that_nobody_proved(world: World) -> None:
    ask_for_code(world, settle(world))
    world.wait(timedelta(minutes=30))

    with pytest.raises(LoginRefused):
        log_in(world.visit(), Credentials(ROSSIGNOL, "Faux1234"))
    assert name_of(world)
    log_in(world.visit(), Credentials(ROSSIGNOL, PASSWORD))

    assert world.account().pending_email is None
    assert NEW not in world.aws.everything(world.resources)
