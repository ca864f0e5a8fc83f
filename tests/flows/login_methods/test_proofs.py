"""The proof of a login method is stored, and ends it: a former partner's FranceConnect goes with his address."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from chalicelib.domain.account.accounts import Password
from chalicelib.domain.account.audit import Author
from chalicelib.domain.account.login_codes import LoginCodeRequest
from chalicelib.domain.account.login_methods import CHOSEN
from chalicelib.domain.account.mailed_codes import CodeUsedUp
from chalicelib.domain.account.sessions import OpenedBy, Session, Token
from chalicelib.domain.refusals import NotLoggedIn
from chalicelib.flows.family.visit import Visitor, enter
from chalicelib.flows.login_methods.code import code_request_of
from chalicelib.flows.login_methods.franceconnect import link
from chalicelib.flows.login_methods.passkeys import add_passkey, ask_for_new
from chalicelib.flows.login_methods.prove import ask_for_proof, prove_by_code, prove_by_password
from chalicelib.office.helpdesk.access import HelpdeskCase
from chalicelib.office.helpdesk.email import AddressChange, change_email
from chalicelib.office.roster.import_families import FamilyImport, carry_out
from chalicelib.office.roster.survey import ImportOptions, survey_families
from tests.support.admission import mailed_code
from tests.support.authenticator import field
from tests.support.family_files import ROSSIGNOL as ROW
from tests.support.family_files import but, file
from tests.support.login_methods import TELEPHONE
from tests.support.logins import is_in
from tests.support.passkeys import telephone
from tests.support.two_logins import AIMEE, settle_family
from tests.support.world import EMAIL, PASSWORD, ROSSIGNOL, World

COME = "come@example.net"
IN_FILE = but(ROW, guardian=AIMEE)
INSIDE = replace(TELEPHONE, by=AIMEE, proof=CHOSEN)


def link_his(world: World) -> None:
    mailbox = world.services.record.pseudonyms.of_mailbox(COME)
    link(world.visit(), [world.account()], LoginCodeRequest("link", "", "", mailbox, "a-person", world.now))


def visit(world: World, by: OpenedBy = "login") -> Visitor:
    token = Token.new(ROSSIGNOL.site)
    session = Session.open(token, world.account(), world.now, by=by, previous_login=None)
    world.database.write_together(world.services.sessions.put(session))
    return enter(world.visit(token))


def ask_code(world: World, visitor: Visitor) -> tuple[LoginCodeRequest, str]:
    request = code_request_of(world.services, ask_for_proof(world.visit(), visitor))
    assert request
    world.deliver()
    return request, mailed_code(world)


def at_the_desk(world: World) -> None:
    case = HelpdeskCase("XEN1", None, Author("Mme Houx", "séparation"))
    change_email(world.services, case, AddressChange(old=COME), world.now)


def by_the_yearly_file(world: World) -> None:
    yearly_file = file(IN_FILE)
    survey = survey_families(world.services, yearly_file, lambda _: None, world.now)
    carry_out(FamilyImport(world.services, survey, ImportOptions(apply=True), world.now), yearly_file, lambda _: None)


def by_a_write_that_forgets_the_rule(world: World) -> None:
    account = world.account()
    world.services.accounts.change(account, replace(account, emails=(EMAIL,)))


@pytest.mark.parametrize("leave", [at_the_desk, by_the_yearly_file, by_a_write_that_forgets_the_rule])
def test_his_method_ends_with_his_address_and_a_proven_one_stays(world: World, leave: Callable[[World], None]) -> None:
    settle_family(world, passkeys=(INSIDE,))
    link_his(world)
    assert world.account().links[0].proof == COME
    his = visit(world)
    world.deliver()
    before = len(world.mails())

    leave(world)

    account = world.account()
    assert (account.emails, account.links, account.passkeys) == ((EMAIL,), (), (INSIDE,))
    assert not is_in(world, his.token)
    traces = [(change.old, change.new) for change in account.access_corrections if change.what == "sign_in"]
    assert traces[1:] == ([] if leave is by_a_write_that_forgets_the_rule else [(("franceconnect",), ())])
    world.deliver()
    mails = {mail.to: mail.text for mail in world.mails()[before:]}
    if leave is at_the_desk:
        named = "la clé d'accès « Téléphone d'Aimée », ajoutée le 20 août 2026 à 11 h 00 par Mme Aimée Rossignol"
        assert {to: named in text for to, text in mails.items()} == {EMAIL: True, COME: False}
        assert all("FranceConnect qu'une adresse retirée avait prouvés" in text for text in mails.values())
    elif leave is by_the_yearly_file:
        assert {to: "FranceConnect est retiré" in text for to, text in mails.items()} == {EMAIL: True}


def test_a_method_added_inside_keeps_the_last_proof_of_its_session(world: World) -> None:
    family = settle_family(world)
    account, session = replace(family, password=Password("hash", world.now, "mailed")), visit(world).session

    proofs = [session.proof_of(family), session.proof_of(account), replace(session, proof=COME).proof_of(family)]

    assert proofs == [CHOSEN, f"{EMAIL} {COME}", COME]


def test_a_code_proves_by_the_addresses_that_had_it_until_one_leaves(world: World) -> None:
    settle_family(world)
    visitor = visit(world, "passkey")
    (request, code), (late, late_code) = (ask_code(world, visitor), ask_code(world, visitor))

    prove_by_code(world.visit(), visitor, request, code)

    login = enter(world.visit(visitor.token))
    assert (login.session.proof, login.session.is_proven(world.now)) == (f"{EMAIL} {COME}", True)
    challenge = ask_for_new(world.services, login.login, world.now).challenge
    at_the_desk(world)
    with pytest.raises(NotLoggedIn):
        add_passkey(world.visit(), login, field(telephone().make(challenge)), "Clé")
    with pytest.raises(CodeUsedUp):
        prove_by_code(world.visit(), visitor, late, late_code)
    prove_by_password(world.visit(), visitor, PASSWORD)
    assert enter(world.visit(visitor.token)).session.proof == ""
