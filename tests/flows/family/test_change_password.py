"""Change a password: its rule, its proof, the sessions it ends, the notices it sends, races and faults."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.account.sessions import Token
from chalicelib.domain.family.households import Guardian, Household, Pupil
from chalicelib.domain.refusals import FieldsRefused, LoginRefused, NotLoggedIn, SlowedDown, Unavailable
from chalicelib.flows.family.change_password import PasswordChange, change_password, is_current, repeat
from chalicelib.flows.family.login import Credentials, log_in
from chalicelib.flows.family.security_notices import mail_notice
from chalicelib.flows.family.visit import Visitor, authenticate
from chalicelib.mail.jobs import NotConfirmedYet, PasswordChanged
from chalicelib.stores.attempts import AttemptTimes
from tests.support.aws import When
from tests.support.world import PASSWORD, ROSSIGNOL, World

NEW = "Merle7Moqueur"


def enter(world: World, password: str = PASSWORD) -> Visitor:
    token = log_in(world.services, Credentials(ROSSIGNOL, password), world.new_client(), world.now)
    return authenticate(world.services, token, world.client, world.now)


def family(world: World) -> Visitor:
    world.settle(emails=("a@example.org", "b@example.fr"))
    return enter(world)


def wish(world: World, me: Visitor, current: str = PASSWORD, new: str = NEW, again: str | None = None) -> Token:
    return change_password(
        world.services, me, PasswordChange(current, new, new if again is None else again), world.client, world.now
    )


def opens(world: World, password: str) -> bool:
    try:
        enter(world, password)
    except LoginRefused:
        return False
    return True


def refused(world: World, me: Visitor, **typed: str) -> dict[str, tuple[str, ...]]:
    with pytest.raises(FieldsRefused) as refusal:
        wish(world, me, **typed)
    return refusal.value.fields


def test_2_7_the_new_password_opens_and_the_old_one_does_not(world: World) -> None:
    me = family(world)

    wish(world, me)

    assert (opens(world, NEW), opens(world, PASSWORD)) == (True, False)


def test_2_7_other_sessions_end_and_this_one_goes_on_under_a_new_token(world: World) -> None:
    me, other = family(world), enter(world)

    token = wish(world, me)

    assert authenticate(world.services, token, world.client, world.now)
    for old in (me.token, other.token):
        with pytest.raises(NotLoggedIn):
            authenticate(world.services, old, world.client, world.now)


def test_2_7_a_notice_goes_to_every_address_on_file_one_letter_each(world: World) -> None:
    me = family(world)
    wish(world, me)

    world.deliver()

    assert sorted(mail.to for mail in world.mails()) == ["a@example.org", "b@example.fr"]
    assert all("a été modifié le 1er septembre 2026 à 9 h 00" in mail.text for mail in world.mails())
    assert not any(NEW in mail.text + mail.html for mail in world.mails())


def test_mailed_passwords_are_dropped_by_a_change(world: World) -> None:
    me = family(world)
    before = world.account()
    world.services.accounts.change(before, before.with_mailed_password("Xy34Xy34Xy34Xy34", "r", world.now))
    me = authenticate(world.services, me.token, world.client, world.now)

    wish(world, me)

    assert not opens(world, "Xy34Xy34Xy34Xy34")


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"current": ""}, {"actuel": ("current_missing",)}),
        ({"current": "Faux1234"}, {"actuel": ("current_wrong",)}),
        ({"new": "", "again": ""}, {"nouveau": ("new_missing",), "confirmation": ("confirmation_missing",)}),
        ({"again": "Merle7moqueur"}, {"confirmation": ("confirmation_differs",)}),
        ({"new": PASSWORD}, {"nouveau": ("password_same",)}),
        ({"new": "Court1a"}, {"nouveau": ("password_too_short",)}),
        ({"new": "Beaucoup2longbeaucoup"}, {"nouveau": ("password_too_long",)}),
        ({"new": "sansmajuscule1"}, {"nouveau": ("password_no_upper",)}),
        ({"new": "SANSMINUSCULE1"}, {"nouveau": ("password_no_lower",)}),
        ({"new": "SansChiffre"}, {"nouveau": ("password_no_digit",)}),
        ({"new": " Merle7Moqueur"}, {"nouveau": ("password_blank_ends",)}),
        ({"new": "Motdepasse1"}, {"nouveau": ("password_common",)}),
        ({"new": "Musique91"}, {"nouveau": ("password_common",)}),
        ({"new": "Aaaaaaa1"}, {"nouveau": ("password_common",)}),
        ({"new": "Xenakis91"}, {"nouveau": ("password_own_name",)}),
        ({"new": "Messiaen2026"}, {"nouveau": ("password_own_name",)}),
        ({"new": "Conservatoires91"}, {"nouveau": ("password_own_name",)}),
        ({"new": "MaxXEN1max"}, {"nouveau": ("password_own_name",)}),
    ],
)
def test_2_6_each_refusal_is_beside_its_field_and_changes_nothing(
    world: World, typed: dict[str, str], fields: dict[str, tuple[str, ...]]
) -> None:
    me = family(world)
    before = world.account()

    assert refused(world, me, **typed) == fields

    assert world.account() == before
    world.deliver()
    assert world.mails() == []


def test_a_slip_in_the_new_password_costs_no_try(world: World) -> None:
    me = family(world)
    for _ in range(30):
        refused(world, me, new="court")

    wish(world, me)

    assert opens(world, NEW)


def test_guessing_the_current_password_is_slowed_down_like_a_login(world: World) -> None:
    me = family(world)
    for _ in range(5):
        refused(world, me, current="Faux1234")

    with pytest.raises(SlowedDown) as slowed:
        wish(world, me)

    assert slowed.value.until == world.now + timedelta(minutes=1)


def test_two_changes_at_once_have_one_winner(world: World) -> None:
    me, other = family(world), enter(world)

    def attempt(given: tuple[Visitor, str]) -> str:
        try:
            wish(world, given[0], new=given[1])
        except NotLoggedIn:
            return "overtaken"
        return given[1]

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(attempt, [(me, "Grive1Draine"), (other, "Pinson2Nord")]))

    assert results.count("overtaken") == 1
    (winner,) = (each for each in results if each != "overtaken")
    assert [opens(world, each) for each in ("Grive1Draine", "Pinson2Nord", PASSWORD)] == [
        winner == "Grive1Draine",
        winner == "Pinson2Nord",
        False,
    ]
    world.deliver_patiently()
    assert len(world.mails()) == 2


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    ("call", "spared"), [("UpdateItem", 0), ("SendMessageBatch", 0), ("UpdateItem", 1), ("BatchWriteItem", 0)]
)
def test_a_fault_leaves_one_password_that_works_and_tells_only_what_is_true(
    world: World, call: str, spared: int, when: When
) -> None:
    me = family(world)

    with world.aws.failing(call, when, spared=spared), pytest.raises(Unavailable):
        wish(world, me)

    works = {password for password in (PASSWORD, NEW) if opens(world, password)}
    changed = call == "UpdateItem" and spared == 1 and when == "after"
    assert works == ({NEW} if changed else {PASSWORD})
    world.deliver_patiently()
    assert len(world.mails()) == (2 if changed else 0)


def test_a_notice_of_a_change_that_is_not_written_yet_waits_for_it(world: World) -> None:
    account = world.settle()
    job = PasswordChanged(
        request="r",
        asked_at=world.now,
        site=account.ref.site,
        identifier=account.ref.identifier,
        mailbox="m",
        stamp="s",
    )

    with pytest.raises(NotConfirmedYet):
        mail_notice(world.services, job, world.now)
    mail_notice(world.services, job, world.wait(timedelta(minutes=2)))

    assert (world.mails(), world.events()[-1]["event"]) == ([], "notice_dropped")


def test_a_family_without_an_address_changes_its_password_too(world: World) -> None:
    world.settle(emails=())

    wish(world, enter(world))

    assert opens(world, NEW)


def test_a_notice_to_an_address_that_is_no_longer_on_file_is_dropped(world: World) -> None:
    me = family(world)
    wish(world, me)
    account = world.account()
    world.database.write_together(world.services.accounts.put(replace(account, emails=("c@example.org",))))

    world.deliver()

    assert world.mails() == []
    assert [e["event"] for e in world.events()][-2:] == ["notice_dropped"] * 2


def test_a_family_with_a_dozen_addresses_gets_a_dozen_notices(world: World) -> None:
    world.settle(emails=tuple(f"a{number}@example.org" for number in range(12)))
    wish(world, enter(world))

    world.deliver()
    world.deliver()

    assert len(world.mails()) == 12


def test_a_change_clears_the_failed_tries(world: World) -> None:
    me = family(world)
    for _ in range(4):
        refused(world, me, current="Faux1234")

    wish(world, me)

    assert world.database.read(world.services.attempts.lookup(AttemptTimes.on_account(ROSSIGNOL))).times == ()


def test_a_family_s_own_names_are_refused_and_login_applies_no_rule(world: World) -> None:
    guardians = (Guardian("Aimée Rossignol", "lucarne.bleue@example.org"), Guardian("Côme Dubalai"))
    household = Household(guardians, pupils=(Pupil("Zoé"), Pupil("Timothée")), payer="Mme Vertbois")
    world.settle(password="Azerty2026", household=household)
    me = enter(world, "Azerty2026")

    guessed = ("Rossignol2026", "Aimee1980", "Dubalai91", "ZoeTimothee1", "Timoth33!", "LucarneBleue9", "Vertbois77")
    outcomes = {new: refused(world, me, current="Azerty2026", new=new) for new in guessed}

    assert outcomes == {new: {"nouveau": ("password_own_name",)} for new in guessed}
    assert wish(world, me, current="Azerty2026", new="Trois-Pommes7")


def tries(world: World) -> int:
    return len(world.database.read(world.services.attempts.lookup(AttemptTimes.on_account(ROSSIGNOL))).times)


def check(world: World, me: Visitor, typed: str) -> bool | str:
    try:
        return is_current(world.services, me.account, typed, world.new_client(), world.now)
    except SlowedDown:
        return "slowed"


def test_the_right_password_is_no_failed_try_however_often_it_is_asked_for(world: World) -> None:
    me = family(world)

    assert [check(world, me, PASSWORD) for _ in range(30)] == [True] * 30

    assert tries(world) == 0
    assert opens(world, PASSWORD)


def test_the_right_password_clears_the_failures_before_it_and_a_wrong_one_never_does(world: World) -> None:
    me = family(world)
    for _ in range(3):
        assert [check(world, me, "Faux1234") for _ in range(4)] == [False] * 4
        assert check(world, me, PASSWORD) is True

    assert [check(world, me, "Faux1234") for _ in range(6)] == [False] * 5 + ["slowed"]
    assert check(world, me, PASSWORD) == "slowed"
    assert tries(world) == 5


def test_parallel_guesses_behind_a_session_never_pass_the_limit(world: World) -> None:
    me = family(world)

    with ThreadPoolExecutor(20) as pool:
        outcomes = list(pool.map(lambda number: check(world, me, f"Devine{number:02d}"), range(20)))

    assert (outcomes.count(False), outcomes.count("slowed")) == (5, 15)


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_success_that_cannot_be_cleared_is_no_success(world: World, when: When) -> None:
    me = family(world)

    with world.aws.failing("BatchWriteItem", when), pytest.raises(Unavailable):
        check(world, me, PASSWORD)

    assert check(world, me, PASSWORD) is True


def test_a_change_overtaken_by_another_leaves_no_try_behind(world: World) -> None:
    """The current password is right, then the form is refused for another reason."""
    me = family(world)
    wish(world, me)

    with pytest.raises(NotLoggedIn):
        wish(world, me, new="Merle8Moqueur")

    assert tries(world) <= 1  # only the new password, which did not open


def test_a_form_sent_again_opens_only_if_its_confirmation_is_the_same(world: World) -> None:
    me = family(world)
    wish(world, me)

    with pytest.raises(NotLoggedIn):
        repeat(world.services, ROSSIGNOL, PasswordChange(PASSWORD, NEW, "Merle8Moqueur"), world.new_client(), world.now)
    assert repeat(world.services, ROSSIGNOL, PasswordChange(PASSWORD, NEW, NEW), world.new_client(), world.now)
