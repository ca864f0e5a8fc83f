"""One account as the office acts on it: the one that was meant, by somebody who says why."""

from dataclasses import replace

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.audit import AuditEntry, Author
from chalicelib.domain.account.rate_limits import LOGIN_OF_ACCOUNT
from chalicelib.office.helpdesk import access as desk
from chalicelib.office.helpdesk.access import DeskRequest
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.stores.attempts import Tries
from tests.support.world import ROSSIGNOL, World

AUTHOR = Author("Mme Houx", "la famille a appelé")
ASKED = DeskRequest(" XEN 1 ", None, AUTHOR)
TWIN = AccountRef("evry-magnard", "xen1")


def audit_entries(world: World, ref: AccountRef = ROSSIGNOL) -> list[AuditEntry]:
    pseudonym = world.services.record.pseudonyms.of(ref.site, ref.identifier)
    return list(world.services.audit_trail.on(ref.site, pseudonym))


def kinds(world: World, ref: AccountRef = ROSSIGNOL) -> list[str]:
    return [act.kind for act in audit_entries(world, ref)]


def try_in_vain(world: World) -> None:
    for _ in range(5):
        world.services.attempts.reserve(Tries.on_account(ROSSIGNOL), LOGIN_OF_ACCOUNT, world.now)


@pytest.mark.parametrize("author", [Author("", "appel"), Author("Mme Houx", "  ")])
def test_every_act_has_a_name_and_a_reason(world: World, author: Author) -> None:
    world.settle()
    try_in_vain(world)
    asked = replace(ASKED, author=author)

    for refused in (
        lambda: desk.unlock(world.services, asked, world.now),
        lambda: desk.switch(world.services, asked, world.now, disabled=True),
        lambda: desk.resend(world.services, asked, None, world.now),
    ):
        with pytest.raises(OfficeRefusal, match="author_missing"):
            refused()
    assert not world.account().disabled


@pytest.mark.parametrize(
    ("typed", "site", "code"),
    [
        ("xen2", None, "family_unknown"),
        ("xen1", "bondoufle-gounod", "family_unknown"),
        ("xen1", "paris", "site_unknown"),
        (" ", None, "identifier_malformed"),
        ("x" * 65, None, "identifier_malformed"),
        ("xen1", None, "several_sites"),
    ],
)
def test_the_account_is_the_one_that_was_meant_or_none(world: World, typed: str, site: str | None, code: str) -> None:
    world.settle()
    world.settle(TWIN)

    with pytest.raises(OfficeRefusal, match=code):
        desk.switch(world.services, DeskRequest(typed, site, AUTHOR), world.now, disabled=True)


def test_of_an_identifier_of_two_sites_the_one_asked_is_changed(world: World) -> None:
    world.settle()
    world.settle(TWIN)

    desk.switch(world.services, DeskRequest("xen1", TWIN.site, AUTHOR), world.now, disabled=True)

    assert world.account(TWIN).disabled
    assert not world.account().disabled
    assert (kinds(world), kinds(world, TWIN)) == ([], ["disabled"])
