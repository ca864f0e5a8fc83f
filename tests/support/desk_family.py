"""A family as a secretary finds it on the desk."""

import re
from typing import Any

from werkzeug.test import TestResponse

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.rate_limits import LOGIN_OF_ACCOUNT
from chalicelib.stores.attempts import AttemptTimes
from tests.support.households import HOUSEHOLD
from tests.support.staff import DESK, PASSWORD
from tests.support.world import ROSSIGNOL, Visitor, World

FILE = f"{DESK}/familles/evry-xenakis/xen1"
WHY = {"raison": "la mère a appelé, elle a dit la date de naissance de Zélie"}
PROOF = {"mot_de_passe": PASSWORD}


def settle(world: World, **values: Any) -> Account:
    """Store the family, with its household."""
    emails = tuple(guardian.email for guardian in HOUSEHOLD.guardians if guardian.email)
    whole: dict[str, Any] = {"household": HOUSEHOLD, "display_identifier": "XEN 1", "emails": emails, **values}
    account = world.settle(**whole)
    world.services.accounts.enter_mailboxes(account)
    return account


def try_in_vain(world: World, times: int = 5, ref: AccountRef = ROSSIGNOL) -> None:
    """Reserve failed password attempts."""
    for _ in range(times):
        world.services.attempts.reserve(AttemptTimes.on_account(ref), LOGIN_OF_ACCOUNT, world.now)


def acts(world: World, ref: AccountRef = ROSSIGNOL) -> list[tuple[str, str]]:
    """List the audit trail of the family: kind and author."""
    pseudonym = world.services.record.pseudonyms.of(ref.site, ref.identifier)
    return [(entry.kind, entry.author.who) for entry in world.services.audit_trail.on(ref.site, pseudonym)]


def form_of(page: TestResponse, act: str) -> dict[str, str]:
    """Read the hidden fields of a form of the family's page, as a browser sends them."""
    body = page.text.partition(f' id="{act}"')[2].partition("</form>")[0]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', body))


def send(visitor: Visitor, act: str, path: str = "", **fields: str) -> TestResponse:
    """Open the family's page and send one of its forms."""
    return visitor.post(f"{FILE}/{path or act}", {**form_of(visitor.get(FILE), act), **WHY, **fields})


def said(visitor: Visitor, answer: TestResponse) -> str:
    """Follow the redirect of an act, and read the confirmation."""
    assert answer.status_code == 303, answer.text
    page = visitor.get(answer.headers["Location"])
    return " ".join(re.findall(r'role="status">\s*<h2>Information</h2>\s*<p>(.*?)</p>', page.text))
