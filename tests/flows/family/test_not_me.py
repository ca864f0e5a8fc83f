"""« Ce n'est pas moi » behind the link of a notice: sessions, passwords, addresses, mails, races and faults."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest

from chalicelib.domain.account.change_links import LinkGone
from chalicelib.domain.account.coordinates import freezes, frozen_at
from chalicelib.domain.account.login_methods import IdentityLink
from chalicelib.domain.account.sessions import Token
from chalicelib.domain.family.corrections import Actor
from chalicelib.domain.refusals import LoginRefused, NotLoggedIn, Unavailable
from chalicelib.flows.family.change_password import PasswordChange, change_password
from chalicelib.flows.family.login import Credentials, log_in
from chalicelib.flows.family.not_me import disown_change, mail_password, read_change
from chalicelib.flows.family.visit import Visitor
from chalicelib.flows.login_methods.changes import MethodsAuthor, change_methods
from chalicelib.flows.login_methods.entry import logins_of, open_account
from chalicelib.mail.account_jobs import AccessFrozen
from chalicelib.mail.jobs import NotConfirmedYet
from tests.support.aws import When
from tests.support.change_links import last_link, links
from tests.support.email_change import AIMEE, COME, NEW, ask_for_code, back, prove_it, settle
from tests.support.login_methods import LINK, TELEPHONE
from tests.support.logins import facts_of_job, lose_password, opens
from tests.support.two_logins import COMES, settle_two_logins
from tests.support.world import PASSWORD, ROSSIGNOL, World

STOLEN = "Merle7Moqueur"


def change(world: World, me: Visitor, new: str = STOLEN) -> Token:
    """Change the password, and deliver its notices."""
    token = change_password(world.visit(), back(world, me.token), PasswordChange(PASSWORD, new, new))
    world.deliver_patiently()
    return token


def readdress(world: World, me: Visitor, action: str = "remplacer-1") -> None:
    """Replace an address, and deliver the notices."""
    prove_it(world, me, ask_for_code(world, me, action))
    world.deliver_patiently()


def changed(world: World) -> str:
    """Change the password of a new family, and return the link mailed to the first guardian."""
    change(world, settle(world))
    return last_link(world, AIMEE)


def job(world: World, decision: str = "") -> AccessFrozen:
    return AccessFrozen(**facts_of_job(world), decision=decision or freezes(world.account())[-1].decision)


def push(world: World, link: str) -> None:
    disown_change(world.visit(), link)


def passwords_mailed(world: World) -> list[tuple[str, str]]:
    """List the recipients and passwords of the mails sent after the button was pressed."""
    matches = ((mail.to, re.search(r"^Mot de passe : (\S+)$", mail.text, re.MULTILINE)) for mail in world.mails())
    return [(to, password[1]) for to, password in matches if password]


def events(world: World, *names: str) -> list[str]:
    return [event["event"] for event in world.events() if event["event"] in names]


def test_sessions_end_the_password_is_void_and_one_is_mailed_to_every_address(world: World) -> None:
    token = change(world, settle(world))

    push(world, last_link(world, AIMEE))

    with pytest.raises(NotLoggedIn):
        back(world, token)
    assert not opens(world, STOLEN)
    assert frozen_at(world.account()) == world.now
    world.deliver()
    (first, password), (second, same) = passwords_mailed(world)
    assert ({first, second}, password) == ({AIMEE, COME}, same)
    assert opens(world, password)
    assert opens(world, password), "the other guardian too, with the same mail"
    assert frozen_at(world.account()) is None


def test_the_addresses_before_the_change_count_again_and_the_other_one_is_told_without_a_password(world: World) -> None:
    readdress(world, settle(world))

    push(world, last_link(world, AIMEE))
    world.deliver()

    account = world.account()
    assert (account.emails, [each.email for each in account.household.guardians]) == ((AIMEE, COME), [AIMEE, COME])
    assert sorted(to for to, _ in passwords_mailed(world)) == [COME, AIMEE]
    notice = [mail for mail in world.mails() if mail.to == NEW][-1]
    assert notice.subject == "Votre adresse e-mail a été retirée du compte - Evry - Xénakis"
    assert "ce-n-est-pas-moi" not in notice.text, "who was taken off by the family puts nothing back"


def test_a_password_and_an_address_changed_each_has_a_link_that_does_all(world: World) -> None:
    token = change(world, settle(world))
    thief = back(world, token)
    prove_it(world, thief, ask_for_code(world, thief, current=STOLEN))
    world.wait(timedelta(minutes=5))
    world.deliver()
    of_password, of_address = links(world, AIMEE)

    push(world, of_password)

    assert world.account().emails == (AIMEE, COME)
    assert read_change(world.visit(), of_address).frozen_at == world.now
    assert not opens(world, STOLEN)


def test_a_thief_who_linked_his_own_franceconnect_in_the_place_of_theirs_is_shut_out(world: World) -> None:
    settle(world, links=(LINK,), passkeys=(TELEPHONE,))
    thief, by = IdentityLink("a-thief", world.now), MethodsAuthor(Actor("family"), "login")
    for decide in (
        lambda login: login.with_link(thief),
        lambda login: login.without_login_method(LINK.subject).without_login_method(TELEPHONE.id),
    ):
        change_methods(world.visit(), world.account(), decide, by)
        world.wait(timedelta(minutes=1))
    token = open_account(world.visit(), world.account(), world.account(), "franceconnect")
    world.deliver_patiently()
    first, second = links(world, COME)

    push(world, first)
    push(world, second)
    world.deliver_patiently()

    account = world.account()
    assert (account.links, account.passkeys, account.password) == ((), (), None)
    assert logins_of(world.services, thief.subject)[0].links == (), "the index leads to an account without it"
    with pytest.raises(NotLoggedIn):
        back(world, token)
    assert events(world, "access_frozen", "access_frozen_again") == ["access_frozen", "access_frozen_again"]
    assert opens(world, passwords_mailed(world)[-1][1])


def test_a_guardian_s_own_login_is_taken_back_alone(world: World) -> None:
    settle_two_logins(world, passkeys=(TELEPHONE,))
    by = MethodsAuthor(Actor("family", "M. Côme Merle"), "passkey")
    add = lambda login: login.with_link(LINK)  # noqa: E731 - a decision
    change_methods(world.visit(), world.account(COMES), add, by)
    world.deliver_patiently()

    push(world, last_link(world, "come@example.net"))
    world.deliver_patiently()

    his = world.account(COMES)
    assert (his.links, his.password) == ((), None)
    assert [to for to, _ in passwords_mailed(world)] == ["come@example.net"]
    assert (world.account().passkeys, opens(world, PASSWORD)) == ((TELEPHONE,), True)


def test_what_was_mailed_before_opens_nothing_and_a_code_that_waits_proves_nothing(world: World) -> None:
    token = change(world, settle(world))
    lose_password(world, email=AIMEE)
    world.deliver()
    ((_, mail),) = passwords_mailed(world)
    ask_for_code(world, back(world, token), current=STOLEN)

    push(world, last_link(world, AIMEE))

    assert not opens(world, mail)
    assert world.account().pending_email is None


def test_a_password_asked_for_meanwhile_goes_to_an_address_that_counts_again_only(world: World) -> None:
    readdress(world, settle(world))
    push(world, last_link(world, AIMEE))
    for email in (NEW, AIMEE):
        lose_password(world, email=email)
    world.deliver()

    assert NEW not in {to for to, _ in passwords_mailed(world)}
    assert all(opens(world, password) for _, password in passwords_mailed(world)[:1])


def test_looking_posts_nothing_and_the_button_costs_three_round_trips_and_a_message(world: World) -> None:
    token, before = changed(world), world.account()
    world.aws.calls.clear()

    assert read_change(world.visit(), token).frozen_at is None
    assert world.aws.calls == ["Query", "GetItem"]
    assert world.account() == before

    world.aws.calls.clear()
    push(world, token)
    push(world, token)
    assert world.aws.calls == ["Query", "GetItem", "SendMessageBatch", "UpdateItem", "Query", "GetItem"]


def test_pressed_twice_no_second_wave_of_mails_leaves(world: World) -> None:
    token = changed(world)
    push(world, token)
    world.deliver()
    after, count = world.account(), len(world.mails())

    push(world, token)
    push(world, last_link(world, COME))

    world.deliver_patiently()
    assert (world.account(), len(world.mails())) == (after, count)
    assert events(world, "access_frozen", "access_frozen_again") == ["access_frozen", *["access_frozen_again"] * 2]


def test_two_guardians_who_press_at_once_freeze_once_and_are_mailed_once(world: World) -> None:
    change(world, settle(world))
    tokens = [last_link(world, email) for email in (AIMEE, COME)]

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda sealed: push(world, sealed), tokens))

    assert len(freezes(world.account())) == 1
    world.deliver()
    world.deliver_patiently()
    assert sorted(to for to, _ in passwords_mailed(world)) == [COME, AIMEE]


def log_in_again(world: World, _: Token) -> None:
    log_in(world.visit(), Credentials(ROSSIGNOL, STOLEN))


def change_again(world: World, token: Token) -> None:
    inside = back(world, token)
    change_password(world.visit(), inside, PasswordChange(STOLEN, "Pinson8Rieur", "Pinson8Rieur"))


@pytest.mark.parametrize("attack", [log_in_again, change_again])
@pytest.mark.parametrize("order", range(2))
def test_whoever_is_there_with_the_stolen_password_is_out_whichever_comes_first(
    world: World, attack: Callable[[World, Token], None], order: int
) -> None:
    token = change(world, settle(world))
    link = last_link(world, AIMEE)

    def try_attack() -> None:
        with suppress(LoginRefused, NotLoggedIn, Unavailable):
            attack(world, token)

    acts = (try_attack, lambda: push(world, link))
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda act: act(), acts if order else acts[::-1]))

    assert world.account().password is None
    assert not any(opens(world, password) for password in (PASSWORD, STOLEN, "Pinson8Rieur"))
    with pytest.raises(NotLoggedIn):
        back(world, token)


@pytest.mark.parametrize(
    ("call", "when"),
    [
        ("GetItem", "before"),
        ("SendMessageBatch", "before"),
        ("SendMessageBatch", "after"),
        ("UpdateItem", "before"),
        ("UpdateItem", "after"),
    ],
)
def test_a_failed_call_leaves_all_as_it_was_or_done_and_the_button_works(world: World, call: str, when: When) -> None:
    sealed, before = changed(world), world.account()

    with world.aws.failing(call, when), pytest.raises(Unavailable):
        push(world, sealed)

    is_done = (call, when) == ("UpdateItem", "after")
    assert (world.account() == before) is not is_done
    push(world, sealed)
    world.deliver_patiently()
    assert events(world, "access_frozen", "access_frozen_again") == [
        "access_frozen_again" if is_done else "access_frozen"
    ]
    assert sorted(to for to, _ in passwords_mailed(world)) == [COME, AIMEE]


@pytest.mark.parametrize(
    ("call", "when"),
    [
        ("GetItem", "before"),
        ("UpdateItem", "before"),
        ("UpdateItem", "after"),
        ("SendEmail", "before"),
        ("SendEmail", "after"),
    ],
)
def test_a_failed_mail_comes_again_and_every_address_has_a_password(world: World, call: str, when: When) -> None:
    push(world, changed(world))
    known = job(world)

    with world.aws.failing(call, when, skips=1 if call == "SendEmail" else 0), pytest.raises(Unavailable):
        mail_password(world.services, known, world.now)
    mail_password(world.services, known, world.now)

    last = dict(passwords_mailed(world))
    assert set(last) == {AIMEE, COME}
    assert opens(world, last[AIMEE])


def test_the_mail_waits_until_it_is_true_and_what_never_was_is_told_to_nobody(world: World) -> None:
    change(world, settle(world))
    event, count = job(world, "never-written"), len(world.mails())

    with pytest.raises(NotConfirmedYet):
        mail_password(world.services, event, world.now)
    mail_password(world.services, event, world.wait(timedelta(minutes=2)))

    assert len(world.mails()) == count
    assert world.events()[-1]["reason"] == "not_written"


def test_a_mail_that_comes_late_mails_none_once_a_password_was_used_or_the_account_is_closed(world: World) -> None:
    push(world, changed(world))
    notice = job(world)
    account = world.account()
    world.services.accounts.change(account, account.with_disabled(is_disabled=True))
    mail_password(world.services, notice, world.now)
    account = world.account()
    world.services.accounts.change(
        account, account.with_disabled(is_disabled=False).with_password("h", "chosen", world.now)
    )
    mail_password(world.services, notice, world.now)

    assert [event["reason"] for event in world.events() if event["event"] == "frozen_dropped"] == [
        "disabled",
        "superseded",
    ]
    assert passwords_mailed(world) == []


@pytest.mark.parametrize("error", [(500, "InternalServerError"), (400, "BadRequestException")])
def test_an_address_whose_mail_fails_each_time_keeps_none_from_the_others(world: World, error: tuple[int, str]) -> None:
    push(world, changed(world))

    with world.aws.failing("SendEmail", "before", times=1, error=error), suppress(Unavailable):
        mail_password(world.services, job(world), world.now)

    assert [to for to, _ in passwords_mailed(world)] == [COME]


def test_a_link_is_over_after_seven_days_and_one_of_no_account_always(world: World) -> None:
    token = changed(world)
    account = world.account()
    world.wait(timedelta(days=7))

    for act in (read_change, disown_change):
        with pytest.raises(LinkGone):
            act(world.visit(), token)
    world.wait(timedelta(days=-6))
    world.services.accounts.erase(account)
    for act in (read_change, disown_change):
        with pytest.raises(LinkGone):
            act(world.visit(), token)

    assert events(world, "link_gone", "access_frozen") == ["link_gone"] * 4


def test_the_record_the_queue_and_the_link_say_nothing_of_whose_it_is(world: World) -> None:
    readdress(world, settle(world))
    token = last_link(world, AIMEE)
    push(world, token)

    for text in (world.log.getvalue(), world.aws.queue_bodies(), token):
        assert not re.search(r"ossignol|example\.org|Aimée", text)
    assert token not in world.log.getvalue() + world.aws.everything(world.resources)
