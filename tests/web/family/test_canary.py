"""The canary's account logs in, reads « Accueil » and logs out. Its password lies in the settings of a function."""

from dataclasses import replace
from typing import Final

import pytest

from app import app
from chalicelib.domain.account.accounts import CANARY
from chalicelib.domain.account.logins import opening_emails
from chalicelib.flows.login_methods.entry import open_logins
from chalicelib.wings.payment.flows.pay import NOTICE_PATH
from tests.support.enrolment import CONTINUES, FOYER, ZELIE_KEY, open_season
from tests.support.passkeys import give, outcome, response, telephone
from tests.support.world import EMAIL, PASSWORD, ROSSIGNOL, Visitor, World

HOME: Final = "/extranet/compte"
LOGOUT: Final = f"{HOME}/deconnexion"
PARTS: Final = {
    "eleve": ZELIE_KEY,
    "facture": "x",
    "numero": "R27-BCDF-GHJK",
    "lien": "x",
    "tentative": "x",
    "annee": "2026",
}
ADDRESSES: Final = sorted(
    path.format(**PARTS) for path in app.routes if path.startswith(HOME) and path != LOGOUT and NOTICE_PATH not in path
)
FORM: Final = FOYER | CONTINUES | {
    "actuel": PASSWORD, "nouveau": "Nouveau-Secret-27", "confirmation": "Nouveau-Secret-27", "mot_de_passe": PASSWORD,
    "email": "intrus@example.org", "action": "ajouter", "eleve": ZELIE_KEY, "identifiant": ROSSIGNOL.identifier,
}  # fmt: skip


@pytest.fixture
def canary(world: World) -> World:
    """Store the canary with an address and a household, as if its account had once been misused."""
    before = open_season(world)
    world.services.accounts.change(before, replace(before, role=CANARY))
    return world


def outcomes(visitor: Visitor, address: str) -> set[tuple[int, str | None]]:
    """List the statuses and targets of a page and its form."""
    visits = (visitor.get(address), visitor.post(address, FORM))
    return {(answer.status_code, answer.headers.get("Location")) for answer in visits}


def test_it_opens_no_page_but_its_first_one_and_sends_no_form(canary: World, visitor: Visitor) -> None:
    for_strangers = {address: outcomes(visitor, address) for address in ADDRESSES}
    canary.deliver()
    before, mails, statuses = canary.account(), len(canary.mails()), []

    for address in ADDRESSES:
        visitor.log_in()
        statuses += [(address, status) for status, _ in outcomes(visitor, address) - for_strangers[address]]
    canary.deliver()

    path = f"{HOME}/reinscription/pieces/envoyee"  # which only redirects to a page that is refused
    assert [one for one in statuses if one[1] not in {404, 405}] == [(HOME, 200), (path, 303)]
    assert replace(canary.account(), last_login=before.last_login) == before
    assert len(canary.mails()) == mails
    assert "Page introuvable" in visitor.get(f"{HOME}/acces").text
    assert visitor.post(LOGOUT).headers["Location"] == "/extranet/usager"


def test_no_other_door_opens_it(canary: World, visitor: Visitor) -> None:
    phone = telephone()
    give(canary, phone)
    visitor.post(f"{HOME}/mot-de-passe-perdu", {"identifiant": ROSSIGNOL.identifier, "email": EMAIL})
    visitor.post(f"{HOME}/identifiant-perdu", {"email": EMAIL})
    canary.deliver()

    assert canary.mails() == []
    assert opening_emails(canary.account()) == ()  # so no code either, of a first login or for FranceConnect
    assert outcome(canary, response(canary, phone)) == "PasskeyUnusable"
    assert open_logins(canary.services, ROSSIGNOL) == ()
