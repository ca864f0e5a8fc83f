"""« Première connexion »: a proven code lets a browser choose a password, once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.login_methods import PASSKEYS_AT_MOST, Passkey
from chalicelib.domain.account.sessions import Session, Token
from chalicelib.domain.refusals import FieldsRefused, Refusal, Unavailable
from chalicelib.flows.family.change_password import PasswordChange
from chalicelib.flows.family.lost_password import LostPasswordForm, request_password
from chalicelib.flows.login_methods.code import code_request_of, prove_code
from chalicelib.flows.login_methods.first_login import (
    ask,
    ask_for_passkey,
    choose_passkey,
    choose_password,
    read_proof,
    seal_proof,
)
from chalicelib.flows.login_methods.passkeys import ask_for_new
from tests.support.admission import mailed_code
from tests.support.authenticator import field
from tests.support.aws import When, faults_of
from tests.support.logins import opens
from tests.support.passkeys import telephone
from tests.support.two_logins import COMES, settle_two_logins
from tests.support.world import EMAIL, PASSWORD, ROSSIGNOL, World

NEW = "Bruant4Zizi"


def prove(world: World, ref: AccountRef = ROSSIGNOL, email: str = EMAIL) -> str:
    """Type the right code, and return the browser's sealed proof."""
    request = code_request_of(world.services, ask(world.visit(), ref, email))
    assert request
    world.deliver()
    (login,) = prove_code(world.visit(), request, mailed_code(world))
    return seal_proof(world.services, request, login, world.now)


def choose(world: World, seal: str, new: str = NEW, confirmation: str = "") -> Token:
    proof = read_proof(world.services, seal, world.now)
    return choose_password(world.visit(), proof, PasswordChange("", new, confirmation or new))


def tried(world: World, seal: str, new: str = NEW) -> str:
    try:
        choose(world, seal, new)
    except (Refusal, Unavailable) as refusal:
        return type(refusal).__name__
    return "in"


def session(world: World, token: Token) -> Session:
    item = world.services.sessions.find(token)
    assert item
    return item


def test_a_first_password_opens_a_session_and_is_notified(world: World) -> None:
    world.settle(password=None)
    token = choose(world, prove(world))

    account = world.account()
    assert account.password
    assert (account.password.origin, account.last_login) == ("chosen", world.now)
    assert session(world, token).is_of(account, world.now)
    assert session(world, token).opened_by == "code"
    assert opens(world, NEW)
    world.deliver()
    assert "mot de passe" in world.mails()[-1].subject
    assert [correction.session for correction in account.access_corrections] == ["code"]
    assert [event["event"] for event in world.events() if event["event"] == "notice_dropped"] == []


def test_a_choice_ends_other_sessions_mailed_passwords_and_the_former_password(world: World) -> None:
    world.settle()
    before = choose(world, prove(world))
    request_password(world.visit(), LostPasswordForm(ROSSIGNOL.identifier, EMAIL))
    world.deliver()
    assert world.account().mailed_passwords

    choose(world, prove(world), "Pinson8Vert")

    account = world.account()
    assert account.mailed_passwords == ()
    assert not session(world, before).is_of(account, world.now)
    assert not opens(world, PASSWORD)


def choose_key(world: World, seal: str, challenge: str = "") -> str:
    """Choose a passkey, by default with the options of the current page, and return the outcome."""
    try:
        proof, phone = read_proof(world.services, seal, world.now), telephone()
        options = ask_for_passkey(world.services, world.account(), world.now)
        assert options
        choose_passkey(world.visit(), proof, field(phone.make(challenge or options.challenge)), "Mon appareil")
    except (Refusal, Unavailable) as refusal:
        return type(refusal).__name__
    return "in"


def test_a_passkey_is_chosen_instead_and_ends_as_much_as_a_password(world: World) -> None:
    world.settle(password=None)
    request_password(world.visit(), LostPasswordForm(ROSSIGNOL.identifier, EMAIL))
    world.deliver()
    token, second = prove(world), prove(world)
    before = world.account()

    assert choose_key(world, token) == "in"

    account = world.account()
    assert [passkey.name for passkey in account.passkeys] == ["Mon appareil"]
    assert account.mailed_passwords == ()
    assert account.stamp != before.stamp
    assert [correction.what for correction in account.access_corrections] == ["sign_in"]
    assert [choose_key(world, proof) for proof in (token, second)] == ["ProofOver"] * 2
    world.deliver()
    assert [event["event"] for event in world.events()].count("notice_mailed") == 1


def test_a_passkey_ends_a_mailed_password_in_use(world: World) -> None:
    """« Les mots de passe reçus par mail prennent fin »: so they do."""
    account = world.settle()
    assert account.password
    account_before = replace(account, password=replace(account.password, origin="mailed"))
    world.services.accounts.change(account, account_before)

    assert choose_key(world, prove(world)) == "in"

    assert not opens(world, PASSWORD)
    world.deliver()
    assert "Le mot de passe reçu par mail n'ouvre plus le compte." in world.mails()[-1].text


def test_a_passkey_made_for_another_proof_or_page_is_refused(world: World) -> None:
    world.settle()
    challenge = ask_for_new(world.services, world.account(), world.now).challenge
    choose(world, prove(world))

    assert choose_key(world, prove(world), challenge) != "in"
    assert world.account().passkeys == ()


@pytest.mark.parametrize("passkeys", [False, True])
def test_no_passkey_is_offered_by_a_network_without_or_to_a_login_with_eight(world: World, *, passkeys: bool) -> None:
    keys = tuple(Passkey(f"id{n}", "key", 0, "Clé", world.now) for n in range(PASSKEYS_AT_MOST if passkeys else 0))
    login = world.settle(passkeys=keys)
    settings = world.services.settings
    network = replace(settings.network, passkeys=passkeys)
    services = replace(world.services, settings=replace(settings, network=network))

    assert ask_for_passkey(services, login, world.now) is None


def test_a_proof_opens_nothing_without_a_choice(world: World) -> None:
    account = world.settle()
    token = prove(world)

    assert world.account() == account
    assert list(world.database.items(world.resources.sessions_table)) == []
    assert Token.parse(token) is None


def test_a_proof_counts_once_and_for_a_quarter_of_an_hour(world: World) -> None:
    world.settle()
    first, second = prove(world), prove(world)
    assert tried(world, first) == "in"
    assert tried(world, first) == "in", "the same form sent twice"
    assert tried(world, first, "Pinson8Vert") == "NotLoggedIn"
    assert tried(world, second, "Pinson8Vert") == "NotLoggedIn"
    assert opens(world, NEW)

    late = prove(world)
    world.wait(timedelta(minutes=15))
    assert tried(world, late, "Pinson8Vert") == "ProofOver"


@pytest.mark.parametrize("seal", ["", "x", "AAAA", "é", "A" * 500])
def test_a_browser_proves_nothing_by_a_text_of_its_own(world: World, seal: str) -> None:
    assert tried(world, seal) == "ProofOver"


@pytest.mark.parametrize(
    "change", [{"disabled": True}, {"emails": ("autre@example.org",)}, {"stamp": "another"}], ids=str
)
def test_an_account_changed_since_the_code_refuses_the_choice(world: World, change: dict[str, Any]) -> None:
    account = world.settle()
    token = prove(world)
    world.services.accounts.change(account, replace(world.account(), **change))

    assert tried(world, token) == "NotLoggedIn"
    assert world.account().password == account.password


@pytest.mark.parametrize("text", ["", "court1A", "Rossignol2026", "Evry1Xenakis"])
def test_the_rule_of_passwords_holds_and_a_refused_one_costs_no_proof(world: World, text: str) -> None:
    world.settle(password=None)
    token = prove(world)

    with pytest.raises(FieldsRefused) as refusal:
        choose(world, token, text)
    assert "nouveau" in refusal.value.fields
    with pytest.raises(FieldsRefused):
        choose(world, token, NEW, "Autre8Mot")
    assert tried(world, token) == "in"


def test_a_guardian_s_own_login_chooses_its_own_password_against_the_family_s_names(world: World) -> None:
    family = settle_two_logins(world)
    token = prove(world, COMES, "come@example.net")

    assert tried(world, token, "Rossignol2026") == "FieldsRefused"
    assert session(world, choose(world, token)).family_ref == ROSSIGNOL
    assert world.account() == family


def test_of_two_choices_at_once_one_counts(world: World) -> None:
    world.settle()
    token = prove(world)

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(lambda new: tried(world, token, new), (NEW, "Pinson8Vert")))

    assert sorted(outcomes) == ["NotLoggedIn", "in"]
    assert opens(world, (NEW, "Pinson8Vert")[outcomes.index("in")])


@faults_of("BatchGetItem", "SendMessageBatch", "BatchWriteItem", "UpdateItem")
def test_a_fault_at_each_call_of_a_choice_is_mended_by_the_same_form(world: World, call: str, when: When) -> None:
    world.settle()
    token = prove(world)
    with world.aws.failing(call, when):
        assert tried(world, token) == "Unavailable"

    assert tried(world, token) == "in"
    assert opens(world, NEW)
