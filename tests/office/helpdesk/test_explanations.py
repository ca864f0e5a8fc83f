"""What the secretary reads of each cause: every one has its French words, with its facts and what to type."""

import re
from datetime import timedelta
from typing import get_args

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.audit import AuditEntry, Author
from chalicelib.domain.account.diagnosis import Cause, CauseCode
from chalicelib.domain.account.rate_limits import LOGIN_OF_ACCOUNT
from chalicelib.office.helpdesk.explanations import WORDS, explain, explain_on_page
from chalicelib.office.helpdesk.show import AccountOverview, account_overview
from chalicelib.stores.attempts import Tries
from tests.support.world import EMAIL, ROSSIGNOL, World

TWIN = AccountRef("evry-magnard", "xen1")
AUTHOR = Author("Mme Houx", "radiée")


def overview(world: World, typed: str = "xen 1", site: str | None = None) -> AccountOverview:
    return account_overview(world.services, typed, site, world.now)


def explanations(world: World, site: str | None = None) -> list[tuple[str, str]]:
    read = overview(world, site=site)
    return [explain(finding, read, world.services.settings.network) for finding in read.causes]


def try_in_vain(world: World, ref: AccountRef, times: int = 1) -> None:
    for _ in range(times):
        world.services.attempts.reserve(Tries.on_account(ref), LOGIN_OF_ACCOUNT, world.now)


def pseudonym(world: World, ref: AccountRef = ROSSIGNOL) -> str:
    return world.services.record.pseudonyms.of(ref.site, ref.identifier)


def test_a_wait_is_told_with_its_way_out(world: World) -> None:
    world.settle(display_identifier="XEN 1")
    try_in_vain(world, ROSSIGNOL, 5)

    assert overview(world).waits_until == world.now + timedelta(minutes=1)
    assert explanations(world) == [
        (
            "5 essais ont échoué : le prochain ne sera regardé qu'à partir de 9 h 01.",
            "« Mot de passe perdu » est accepté sans attendre ; sinon « clef desk unlock 'XEN 1' ».",
        )
    ]


def test_the_wrong_site_is_told_with_the_right_one(world: World) -> None:
    world.settle()
    try_in_vain(world, TWIN, 2)

    ((what, to_do),) = explanations(world)

    assert "Evry - Magnard (2, le dernier le 1er septembre 2026 à 9 h 00)" in what
    assert "Faites choisir « Evry - Xénakis »" in to_do


def test_a_command_to_type_names_the_site_where_the_identifier_is_at_two(world: World) -> None:
    world.settle(disabled=True)
    world.settle(TWIN)

    assert explanations(world, ROSSIGNOL.site)[0][1].endswith("« clef desk enable xen1 --site evry-xenakis ».")


def test_who_disabled_an_account_and_why_is_told(world: World) -> None:
    world.settle(disabled=True)
    world.services.audit_trail.add(AuditEntry("disabled", ROSSIGNOL.site, pseudonym(world), AUTHOR, world.now))

    assert explanations(world)[0][0] == (
        "Le compte est désactivé depuis le 1er septembre 2026 à 9 h 00, par Mme Houx : « radiée »."
    )


def test_every_cause_has_its_words(world: World) -> None:
    world.settle()
    read = overview(world)

    assert WORDS.keys() == set(get_args(CauseCode))
    for cause in WORDS:
        for emails in ((), (EMAIL,)):
            finding = Cause(cause, world.now, emails, ("evry-magnard",), 2)
            what, to_do = explain(finding, read, world.services.settings.network)
            assert what.endswith(".")
            assert to_do.endswith(".")
            assert "{" not in what + to_do


def test_on_a_page_every_cause_says_the_same_and_names_no_command(world: World) -> None:
    world.settle()
    read, network = overview(world), world.services.settings.network

    for code in WORDS:
        for emails in ((), (EMAIL,)):
            cause = Cause(code, world.now, emails, ("evry-magnard",), 2)
            said, explained = explain_on_page(cause, read, network), explain(cause, read, network)
            assert said.what == explained[0]
            assert said.to_do.endswith(".")
            assert not re.search(r"clef|--|\{", f"{said.what} {said.to_do}")
            assert bool(said.act) == ("clef" in WORDS[code][1])


@pytest.mark.parametrize("cause", ["never_activated", "mailed_unused", "nothing"])
def test_no_way_in_is_told_through_a_mailbox_that_is_not_there(world: World, cause: CauseCode) -> None:
    world.settle()

    _, to_do = explain(Cause(cause, world.now), overview(world), world.services.settings.network)

    assert "Mot de passe perdu" not in to_do


@pytest.mark.parametrize(("count", "words"), [(1, "Un essai a échoué le 1er"), (3, "3 essais ont échoué en 24 heures")])
def test_tries_are_counted_in_french(world: World, count: int, words: str) -> None:
    world.settle()
    try_in_vain(world, ROSSIGNOL, count)

    assert words in explanations(world)[0][0]
