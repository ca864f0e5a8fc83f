"""The proof before a sensitive change: a password or a code, and back to the page that asked."""

from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.sessions import Session, Token
from tests.support.admission import mailed_code
from tests.support.forms import forms_of
from tests.support.world import EMAIL, PASSWORD, ROSSIGNOL, Visitor, World

ACCESS = "/extranet/compte/acces"
PROOF = f"{ACCESS}/preuve"
ASKING = {
    "": ACCESS,
    "inconnue": ACCESS,
    "https://example.org": ACCESS,
    "cles": f"{ACCESS}/cles",
    "e-mail": "/extranet/compte/famille/e-mail",
    "responsable": "/extranet/compte/famille/acces",
    "mot-de-passe": "/extranet/compte/mot-de-passe",
    "connexions": "/extranet/compte/mot-de-passe/connexions",
}


def come_in(world: World, visitor: Visitor, *, ref: AccountRef = ROSSIGNOL) -> Token:
    """Open a session by FranceConnect."""
    token, account = Token.new(ref.site), world.account(ref)
    session = replace(Session.open(token, account, world.now, by="franceconnect", previous_login=None))
    world.database.write_together(world.services.sessions.put(session))
    visitor.show(token.cookie)
    return token


def is_proven(world: World, token: Token) -> bool:
    session = world.services.sessions.find(token)
    return session is not None and session.is_proven(world.now)


def test_a_password_proves_and_leads_back_to_the_page_that_asked(world: World, visitor: Visitor) -> None:
    world.settle()
    token = come_in(world, visitor)
    assert not is_proven(world, token)
    for suite, path in ASKING.items():
        target = suite if path != ACCESS else ""
        assert f'name="suite" value="{target}"' in visitor.get(f"{PROOF}?suite={suite}").text

        answer = visitor.post(PROOF, {"mot_de_passe": PASSWORD, "suite": suite})

        assert (answer.status_code, answer.headers["Location"]) == (303, path)
    assert is_proven(world, token)
    world.wait(timedelta(minutes=10))
    assert not is_proven(world, token)


def test_a_login_without_a_password_is_proven_by_a_code_and_comes_back(world: World, visitor: Visitor) -> None:
    world.settle(password=None)
    token = come_in(world, visitor)
    assert 'name="mot_de_passe"' not in visitor.get(f"{PROOF}?suite=e-mail").text
    answer = visitor.post(PROOF, {"action": "code", "suite": "e-mail"})
    assert answer.headers["Location"] == f"{ACCESS}/code?suite=e-mail"
    assert 'name="suite" value="e-mail"' in visitor.get(f"{ACCESS}/code?suite=e-mail").text
    world.deliver()
    assert "Quelqu'un d'autre a peut-être ouvert votre compte" in world.mails()[-1].text
    code = mailed_code(world)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    assert visitor.post(f"{ACCESS}/code", {"code": wrong, "suite": "e-mail"}).status_code == 422
    assert not is_proven(world, token)

    answer = visitor.post(f"{ACCESS}/code", {"code": code, "suite": "e-mail"})

    assert answer.headers["Location"] == "/extranet/compte/famille/e-mail"
    assert is_proven(world, token)


def test_a_code_of_another_account_or_purpose_proves_nothing_here(world: World, visitor: Visitor) -> None:
    world.settle()
    ref = AccountRef(ROSSIGNOL.site, "xen2")
    world.settle(ref, emails=("autre@example.org",))
    come_in(world, visitor, ref=ref)
    visitor.post(PROOF, {"action": "code"})
    world.deliver()
    token = come_in(world, visitor)

    assert visitor.post(f"{ACCESS}/code", {"code": mailed_code(world)}).status_code == 422
    assert not is_proven(world, token)


def test_a_code_without_a_session_leads_to_the_login(world: World, visitor: Visitor) -> None:
    world.settle()
    come_in(world, visitor)
    visitor.post(PROOF, {"action": "code"})
    world.deliver()
    visitor.show(None)

    assert visitor.post(f"{ACCESS}/code", {"code": mailed_code(world)}).headers["Location"] == "/extranet/usager"


def test_pages_that_ask_for_the_password_take_a_proof_of_a_login_without_one(world: World, visitor: Visitor) -> None:
    """A change of address, of the password and of the other sessions (OWASP ASVS 5.0, 7.5.1)."""
    world.settle(password=None)
    come_in(world, visitor)
    cookie = come_in(world, visitor)
    pages = {
        "/extranet/compte/famille/e-mail": {"action": "ajouter", "email": "neuve@example.org"},
        "/extranet/compte/mot-de-passe/connexions": {"connexion": "toutes"},
        "/extranet/compte/mot-de-passe": {"nouveau": "Bruant4Zizi", "confirmation": "Bruant4Zizi"},
    }
    for path, form in pages.items():
        assert "confirmez d'abord que c'est vous" in visitor.get(path).text
        assert visitor.post(path, form).status_code == 422, path
    session = world.services.sessions.find(cookie)
    assert session
    world.services.sessions.prove(session, world.now)
    for path, fields in pages.items():
        page = visitor.get(path).text
        assert "aucun mot de passe n'est demandé" in page, path
        entry = next(form for form in forms_of(page) if form.path == path)
        assert visitor.post(path, entry.fields | fields).status_code in {200, 303}, path
    assert world.account().password


def test_a_proof_replaces_no_password_that_there_is_when_it_changes(world: World, visitor: Visitor) -> None:
    world.settle()
    session = world.services.sessions.find(come_in(world, visitor))
    assert session
    world.services.sessions.prove(session, world.now)

    answer = visitor.post("/extranet/compte/mot-de-passe", {"nouveau": "Bruant4Zizi", "confirmation": "Bruant4Zizi"})

    assert "Saisissez votre mot de passe actuel" in answer.text
    assert world.account().emails == (EMAIL,)
