"""The explanation of each cause for the secretary: all have French words with their facts and remedy."""

import re
from datetime import timedelta
from typing import get_args

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.audit import AuditEntry, Author
from chalicelib.domain.account.diagnosis import Cause, CauseCode
from chalicelib.domain.account.rate_limits import LOGIN_OF_ACCOUNT
from chalicelib.office.helpdesk.show import AccountOverview, account_overview
from chalicelib.presentation.office.causes import WORDS, PageExplanation, explain
from chalicelib.stores.attempts import AttemptTimes
from tests.support.world import EMAIL, ROSSIGNOL, World

TWIN = AccountRef("evry-magnard", "xen1")
AUTHOR = Author("Mme Houx", "radiée")


def overview(world: World, text: str = "xen 1", site: str | None = None) -> AccountOverview:
    return account_overview(world.services, text, site, world.now)


def explanations(world: World) -> list[PageExplanation]:
    page = overview(world)
    return [explain(finding, page, world.services.settings.network) for finding in page.causes]


def try_in_vain(world: World, ref: AccountRef, times: int = 1) -> None:
    for _ in range(times):
        world.services.attempts.reserve(AttemptTimes.on_account(ref), LOGIN_OF_ACCOUNT, world.now)


def pseudonym(world: World, ref: AccountRef = ROSSIGNOL) -> str:
    return world.services.record.pseudonyms.of(ref.site, ref.identifier)


def test_a_wait_is_told_with_its_way_out(world: World) -> None:
    world.settle(display_identifier="XEN 1")
    try_in_vain(world, ROSSIGNOL, 5)

    assert overview(world).waits_until == world.now + timedelta(minutes=1)
    assert explanations(world) == [
        PageExplanation(
            "5 essais ont échoué : le prochain ne sera regardé qu'à partir de 9 h 01.",
            "« Mot de passe perdu » est accepté sans attendre ; sinon, levez l'attente.",
            "deblocage",
        )
    ]


def test_the_wrong_site_is_told_with_the_right_one(world: World) -> None:
    world.settle()
    try_in_vain(world, TWIN, 2)

    (explanation,) = explanations(world)

    assert "Evry - Magnard (2, le dernier le 1er septembre 2026 à 9 h 00)" in explanation.sentence
    assert "Faites choisir « Evry - Xénakis »" in explanation.to_do


def test_who_disabled_an_account_and_why_is_told(world: World) -> None:
    world.settle(disabled=True)
    world.services.audit_trail.add(AuditEntry("disabled", ROSSIGNOL.site, pseudonym(world), AUTHOR, world.now))

    assert explanations(world)[0].sentence == (
        "Le compte est désactivé depuis le 1er septembre 2026 à 9 h 00, par Mme Houx : « radiée »."
    )


def test_every_cause_has_its_words_and_names_no_command(world: World) -> None:
    world.settle()
    page = overview(world)

    assert WORDS.keys() == set(get_args(CauseCode))
    for code in WORDS:
        for emails in ((), (EMAIL,)):
            cause = Cause(code, world.now, emails, ("evry-magnard",), 2)
            explanation = explain(cause, page, world.services.settings.network)
            assert explanation.sentence.endswith(".")
            assert explanation.to_do.endswith(".")
            assert not re.search(r"clef|--|\{", f"{explanation.sentence} {explanation.to_do}")


@pytest.mark.parametrize("cause", ["never_activated", "mailed_unused", "nothing"])
def test_no_login_method_is_told_through_a_mailbox_that_is_not_there(world: World, cause: CauseCode) -> None:
    world.settle()

    explanation = explain(Cause(cause, world.now), overview(world), world.services.settings.network)

    assert "Mot de passe perdu" not in explanation.to_do


@pytest.mark.parametrize(("count", "words"), [(1, "Un essai a échoué le 1er"), (3, "3 essais ont échoué en 24 heures")])
def test_tries_are_counted_in_french(world: World, count: int, words: str) -> None:
    world.settle()
    try_in_vain(world, ROSSIGNOL, count)

    assert words in explanations(world)[0].sentence
