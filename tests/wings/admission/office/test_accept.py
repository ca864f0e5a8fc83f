"""Acceptance makes one account for each application and site, under all races and faults, and never a stranger's."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.family.households import Course, Guardian, Household, Pupil
from chalicelib.domain.refusals import Unavailable
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.stores.accounts import Accounts
from chalicelib.wings.admission.office.accept import AccountChoice
from chalicelib.wings.admission.office.accept import accept as accept_as_shown
from chalicelib.wings.admission.office.applications import ApplicationQuery, search_applications
from chalicelib.wings.admission.office.decide import AdmissionDecisionInput, CandidateVersion
from tests.support.applications import ALBA, NEW_EMAIL, NUMBER, WHOLE
from tests.support.aws import When
from tests.support.refusals import sentence_of
from tests.support.stored_applications import (
    PIE,
    PIE_NUMBER,
    accept,
    application_of,
    before_the_write,
    decide,
    open_admission,
    send_again,
    standing,
    states,
    stored,
    withdraw,
)
from tests.support.world import ROSSIGNOL, World

DECLINE = AdmissionDecisionInput("declined", "M. Orme", "Pas de place.")
GEAI = AccountRef("evry-xenakis", "pi27001")
ALBA_THERE = Pupil("Alba Geai", date(2018, 3, 14), (Course("Piano", "Débutant"),))
NILS_THERE = Pupil("Nils Geai", date(2021, 9, 30), (Course("Éveil musical"),))


@pytest.fixture(autouse=True)
def season(world: World) -> None:
    open_admission(world)
    application_of(world)


def refusal(world: World, name: str, **values: Any) -> OfficeRefusal:
    with pytest.raises(OfficeRefusal) as error:
        accept(world, name, **values)
    return error.value


def accounts(world: World) -> dict[AccountRef, Account]:
    return {account.ref: account for account in world.services.accounts.all()}


def subjects(world: World) -> list[str]:
    return [mail.subject for mail in world.mails()]


# The account.


def test_acceptance_makes_the_account_with_its_household_by_one_write(world: World) -> None:
    world.aws.calls.clear()
    accept(world, "Alba", words="Bienvenue à vous.")

    assert world.aws.calls.count("PutItem") == 1
    ((ref, account),) = accounts(world).items()
    assert ref == GEAI
    assert (account.name, account.display_identifier, account.emails) == ("Famille Geai", "PI27001", (NEW_EMAIL,))
    assert (account.application, account.password) == (NUMBER, None)
    assert account.household == Household(
        (Guardian("Mme Inès Geai", NEW_EMAIL, "06 99 00 20 01"),), WHOLE.address, (ALBA_THERE,)
    )
    assert states(world) == {"Alba": "accepted", "Nils": "sent"}
    outcome = standing(world, ALBA.key)
    assert (outcome.account, outcome.slot) == ((GEAI.site, GEAI.identifier), ("evry-xenakis", "Piano", "Débutant"))


def test_the_family_is_welcomed_and_gets_its_password_by_mot_de_passe_perdu(world: World) -> None:
    accept(world, "Alba", words="Bienvenue à vous.")
    world.deliver()

    (mail,) = world.mails()
    assert (mail.to, mail.subject) == (NEW_EMAIL, "Votre pré-inscription est acceptée : bienvenue - Evry - Xénakis")
    assert "Identifiant : PI27001\n" in mail.text
    assert "Bienvenue à vous." in mail.text
    assert "/extranet/usager/mot-de-passe-perdu" in mail.text
    mailbox = world.services.record.pseudonyms.of_mailbox(NEW_EMAIL)
    assert world.services.mailboxes.find(mailbox).refs == (GEAI,)


def test_a_sibling_joins_the_account_of_the_same_site(world: World) -> None:
    accept(world, "Alba")
    accept(world, "Nils")
    world.deliver()

    assert {ref: account.household.pupils for ref, account in accounts(world).items()} == {
        GEAI: (ALBA_THERE, NILS_THERE)
    }
    assert len(subjects(world)) == 2


def test_at_another_site_it_is_another_account_under_another_identifier(world: World) -> None:
    accept(world, "Nils")
    world.deliver()
    accept(world, "Alba", wish=1)
    world.deliver()

    first, second = (mail.text for mail in world.mails())
    assert "un autre identifiant" not in first
    assert "un autre identifiant pour Evry - Xénakis : PI27001." in second
    assert "Identifiant : PI27002\n" in second
    assert {ref: account.household.pupils for ref, account in accounts(world).items()} == {
        GEAI: (NILS_THERE,),
        AccountRef("evry-magnard", "pi27002"): (Pupil("Alba Geai", ALBA.born_on, (Course("Violon", "Débutant"),)),),
    }


def test_an_identifier_that_exists_is_refused_with_its_dashes_or_without(world: World) -> None:
    world.settle(AccountRef("evry-xenakis", "xen-1"))

    for text in ("XEN 1", "xen-1", "---"):
        assert refusal(world, "Alba", identifier=text).code in {"request_identifier_taken", "identifier_malformed"}
    assert states(world)["Alba"] == "sent"


def test_what_is_no_wish_is_not_accepted(world: World) -> None:
    application, harp = stored(world), AccountChoice(("evry-xenakis", "Harpe", ""))
    version = CandidateVersion.of(application, ALBA.key)

    with pytest.raises(OfficeRefusal, match="request_wish_unknown") as error:
        accept_as_shown(
            world.services, application, version, AdmissionDecisionInput("accepted", "Mme Lyre"), world.now, choice=harp
        )

    assert "Piano, Débutant, Evry - Xénakis (mercredi, samedi) ; Violon" in sentence_of(error.value)


# An existing account.


def test_an_address_that_is_a_family_s_is_told_and_joined_on_purpose_only(world: World) -> None:
    family = world.settle(ROSSIGNOL, emails=(NEW_EMAIL,), display_identifier="XEN 1")
    world.services.accounts.enter_mailboxes(family)

    error = refusal(world, "Alba")
    assert error.code == "request_has_account"
    assert "XEN 1 (Famille Rossignol)" in sentence_of(error)
    assert (states(world)["Alba"], accounts(world)) == ("sent", {ROSSIGNOL: family})

    accept(world, "Alba", account="XEN 1")
    world.deliver()

    account = world.account()
    assert (account.household.pupils, account.password) == ((ALBA_THERE,), family.password)
    assert (account.name, account.emails, account.application) == ("Famille Rossignol", (NEW_EMAIL,), "")
    assert "votre mot de passe reste le même" in world.mails()[-1].text


def test_a_child_that_is_a_pupil_there_has_a_course_more(world: World) -> None:
    violin = Course("Violon", "Cycle 1", "M. Archet")
    world.settle(household=Household(pupils=(replace(ALBA_THERE, courses=(violin,)),)))

    accept(world, "Alba", account="xen1")

    assert world.account().household.pupils == (replace(ALBA_THERE, courses=(violin, Course("Piano", "Débutant"))),)


def test_a_closed_account_is_not_joined_and_a_given_one_is_not_changed(world: World) -> None:
    world.settle(disabled=True)
    assert refusal(world, "Alba", account="xen1").code == "request_account_closed"
    assert refusal(world, "Alba", account="xen99").code == "family_unknown"

    accept(world, "Nils")

    assert refusal(world, "Alba", account="xen1").code == "request_account_given"


# Repeated and concurrent.


def test_again_is_content_whoever_asks_and_says_who_did(world: World) -> None:
    accept(world, "Alba")
    before = accounts(world)
    world.wait(timedelta(hours=2))

    result = accept(world, "Alba", by="M. Orme")
    world.deliver()

    assert (result.is_new, result.decision.by) == (False, "Mme Lyre")
    assert (accounts(world), len(subjects(world))) == (before, 1)


def test_what_is_accepted_is_declined_no_more(world: World) -> None:
    accept(world, "Alba")

    with pytest.raises(OfficeRefusal, match="request_accepted_before"):
        decide(world, DECLINE, "Alba")


@pytest.mark.parametrize(
    ("happen", "code"),
    [
        (send_again, "request_resent"),
        (lambda world: withdraw(world, ALBA.key), "request_withdrawn"),
        (lambda world: decide(world, DECLINE, "Alba"), "decide_meanwhile"),
        (lambda world: accept(world, "Alba", by="M. Orme"), "decide_meanwhile"),
    ],
)
def test_who_comes_first_wins_and_no_account_is_left_over(
    world: World, monkeypatch: pytest.MonkeyPatch, happen: Callable[[World], object], code: str
) -> None:
    before_the_write(monkeypatch, lambda: happen(world))

    assert refusal(world, "Alba").code == code
    assert len(accounts(world)) == (states(world)["Alba"] == "accepted")


@contextmanager
def together(count: int) -> Iterator[Callable[[Callable[[], object]], None]]:
    """Start some acts at the same moment. Refusals are results too."""
    gate, answers = Barrier(count), []

    with ThreadPoolExecutor(count) as pool:

        def start(act: Callable[[], object]) -> None:
            def run() -> object:
                gate.wait()
                try:
                    return act()
                except OfficeRefusal as error:
                    return error.code

            answers.append(pool.submit(run))

        yield start
    for answer in answers:
        answer.result()


def test_two_siblings_accepted_at_once_share_one_account(world: World) -> None:
    with together(2) as start:
        start(lambda: accept(world, "Alba"))
        start(lambda: accept(world, "Nils"))
    world.deliver()

    ((_, account),) = accounts(world).items()
    assert set(account.household.pupils) == {ALBA_THERE, NILS_THERE}
    assert len(subjects(world)) == 2


def test_accepted_and_withdrawn_at_once_is_one_of_both_and_the_account_says_which(world: World) -> None:
    with together(2) as start:
        start(lambda: accept(world, "Alba"))
        start(lambda: withdraw(world, ALBA.key))
    world.deliver_patiently()

    is_withdrawn = standing(world, ALBA.key).withdrawn_at is not None
    was_accepted = standing(world, ALBA.key).account is not None
    assert is_withdrawn != was_accepted
    assert len(accounts(world)) == len(subjects(world)) == was_accepted


def test_another_family_s_identifier_is_never_taken_over(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    create = Accounts.create

    def after_another(self: Accounts, account: Account) -> None:
        monkeypatch.setattr(Accounts, "create", create)
        create(self, Account(account.ref, "Famille Sittelle", ("sittelle@example.org",), "stamp"))
        create(self, account)

    monkeypatch.setattr(Accounts, "create", after_another)

    accept(world, "Alba")
    world.deliver()

    assert accounts(world)[GEAI].household == Household()
    assert standing(world, ALBA.key).account == ("evry-xenakis", "pi27002")
    assert "Identifiant : PI27002\n" in world.mails()[-1].text
    assert len(accounts(world)) == 2


# Faults.


CALLS = {"GetItem": 3, "BatchGetItem": 1, "PutItem": 1, "UpdateItem": 2, "BatchWriteItem": 3, "SendMessageBatch": 1}


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("call", "skip"), [(call, skip) for call, count in CALLS.items() for skip in range(count)])
def test_after_a_fault_at_any_call_accepting_again_ends_it(world: World, call: str, skip: int, when: When) -> None:
    with world.aws.failing(call, when, skips=skip), pytest.raises(Unavailable):
        accept(world, "Alba")
    world.deliver_patiently()
    assert len(subjects(world)) <= len(accounts(world)) <= 1

    accept(world, "Alba", by="M. Orme")
    world.deliver()

    ((ref, account),) = accounts(world).items()
    assert account.household.pupils == (ALBA_THERE,)
    assert standing(world, ALBA.key).account == (ref.site, ref.identifier)
    assert len(subjects(world)) == 1


def test_a_sibling_s_acceptance_ends_what_a_fault_left_and_tells_of_both(world: World) -> None:
    with world.aws.failing("PutItem", "before"), pytest.raises(Unavailable):
        accept(world, "Alba")
    world.deliver_patiently()
    assert (states(world)["Alba"], subjects(world)) == ("accepted", [])
    candidates = search_applications(world.services, ApplicationQuery(is_awaited=True), world.now).pupils
    assert [(one.candidate.first_name, one.lacks_account) for one in candidates] == [("Alba", True), ("Nils", False)]

    accept(world, "Nils")
    world.deliver()

    ((_, account),) = accounts(world).items()
    assert set(account.household.pupils) == {ALBA_THERE, NILS_THERE}
    assert len(subjects(world)) == 2


def test_an_account_that_was_to_be_joined_is_joined_by_accepting_again(world: World) -> None:
    world.settle(ROSSIGNOL)
    with world.aws.failing("UpdateItem", "before", skips=1), pytest.raises(Unavailable):
        accept(world, "Alba", account="xen1")

    accept(world, "Alba")

    assert {ref: account.household.pupils for ref, account in accounts(world).items()} == {ROSSIGNOL: (ALBA_THERE,)}


def test_two_requests_at_once_get_two_identifiers(world: World) -> None:
    application_of(world, "pie@example.org", PIE, PIE_NUMBER)
    with together(2) as start:
        start(lambda: accept(world, "Nils"))
        start(lambda: accept(world, "Ugo", number=PIE_NUMBER, wish=1))

    assert sorted(ref.identifier for ref in accounts(world)) == ["pi27001", "pi27002"]
    assert {account.name for account in accounts(world).values()} == {"Famille Geai", "Famille Pie"}
