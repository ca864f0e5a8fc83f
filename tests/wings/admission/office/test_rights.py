"""The data rights of applicants: their data is exported and erased, with or without an account."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.audit import Author, Erasure
from chalicelib.domain.refusals import Unavailable, WriteConflict
from chalicelib.domain.staff.turns import Turn
from chalicelib.infra.dynamo.revise import RACES
from chalicelib.office.helpdesk.access import HelpdeskCase
from chalicelib.office.helpdesk.notes import add_note
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.office.rights.erasure import erase
from chalicelib.office.rights.subject_access import export, personal_data
from chalicelib.wings.admission.domain.applications import AdmissionDecision, Application, CandidateRef, Standing
from chalicelib.wings.admission.domain.pools import Offer, Pool, PoolRef
from chalicelib.wings.admission.office.applications import audited_as
from chalicelib.wings.admission.office.rights import application_named, erase_application, export_application
from tests.support.admission import applicant, application_of, stores
from tests.support.applications import ALBA, NEW_EMAIL, NILS
from tests.support.aws import faults_of
from tests.support.old_applications import NUMBER, send_application, traces_of
from tests.support.two_logins import settle_two_logins
from tests.support.world import ROSSIGNOL, Visitor, World

AUTHOR = Author("Mme Houx", "demande écrite")


def erase_it(world: World) -> None:
    """Erase it as the command does."""
    application = application_named(world.services, NUMBER)
    assert application
    erase_application(world.services, application, "Mme Houx", "asked", world.now)


def test_an_application_is_found_by_its_number_however_it_is_typed(world: World) -> None:
    application = send_application(world)

    assert application_named(world.services, "p26 k4tn 8wcb") == application
    assert application_named(world.services, "xen 1") is None
    assert application_named(world.services, "R26-K4TN-8WCB") is None  # a receipt of the re-enrolment
    with pytest.raises(OfficeRefusal, match="request_unknown"):
        application_named(world.services, "P26-AAAA-AAAA")


def test_all_that_is_held_is_given_and_that_it_was_is_noted(world: World) -> None:
    application = send_application(world)

    data = export_application(world.services, application, AUTHOR, world.now)

    assert data.application == application
    assert len(data.uploads) == 1
    assert [(act.kind, act.author) for act in data.acts] == [("exported", AUTHOR)]
    assert [seen.kind for seen in data.consultations] == ["request_read"]


def test_an_erased_application_leaves_no_trace_and_its_page_opens_nothing(world: World, visitor: Visitor) -> None:
    application = send_application(world)
    applicant(world, visitor, NEW_EMAIL)
    export_application(world.services, application, AUTHOR, world.now)
    assert len(traces_of(world, application)) > 8

    erase_it(world)

    assert traces_of(world, application) == []
    assert world.aws.documents(world.resources) == {}
    assert visitor.get("/extranet/pre-inscription/demande").status_code in {303, 404}
    (erasure,) = world.services.audit_trail.erasures()
    assert (erasure.reason, erasure.erased) == ("asked", (("evry-xenakis", 1),))


def test_an_erased_application_gives_back_its_places_but_those_of_who_has_an_account(world: World) -> None:
    decision = AdmissionDecision("accepted", "Mme Houx", world.now)
    item = send_application(world, standings=(Standing(NILS.key, decision=decision, account=("evry-xenakis", "pi1")),))
    offers = [CandidateRef(item.number, key) for key in (ALBA.key, NILS.key)]
    pools, ref = stores(world).pools, PoolRef("evry-xenakis", "2026", "piano")
    pool = Pool(ref, "Piano", total=3)
    for candidate_ref in offers:
        pool = pool.offer(Offer(candidate_ref, world.now + timedelta(days=3)), world.now)
    pools.change(None, pool)

    erase_it(world)

    rest = pools.find(ref)
    assert rest
    assert [holder.candidate for holder in rest.holders] == offers[1:]


@faults_of("BatchWriteItem", "UpdateItem", "DeleteItem", "POST")
def test_after_any_fault_the_same_command_ends_it(world: World, call: str, when: Any) -> None:
    for skips in range(8):
        world.aws.wipe(world.resources)
        application = send_application(world)
        try:
            with world.aws.failing(call, when, times=1, skips=skips):
                erase_it(world)
        except Unavailable:
            if application_of(world, NEW_EMAIL, "2026").started_at:
                again = application_of(world, NEW_EMAIL, "2026")
                erase_application(world.services, again, "Mme Houx", "asked", world.now)

        assert traces_of(world, application) == []


def test_whoever_is_saving_meanwhile_brings_nothing_back(world: World) -> None:
    application = send_application(world)

    erase_it(world)

    with pytest.raises(WriteConflict):
        stores(world).applications.change(application, application.withdraw(["a1a1a1a1"], world.now))
    assert application_of(world, NEW_EMAIL, "2026").started_at is None


def test_an_application_saved_each_time_stays_to_be_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    application = send_application(world)
    delete_under, times = world.services.documents.delete_under, []

    def save(prefix: str) -> int:
        before = application_of(world, NEW_EMAIL, "2026")
        times.append(world.wait(timedelta(seconds=1)))
        stores(world).applications.change(before, replace(before, saved_at=world.now))
        return delete_under(prefix)

    monkeypatch.setattr(world.services.documents, "delete_under", save)
    with pytest.raises(Unavailable):
        erase_it(world)
    assert len(times) == RACES

    monkeypatch.undo()
    erase_it(world)
    assert traces_of(world, application) == []


def asked_by(world: World, reason: Any) -> Application:
    """Let a family with an account apply for another child, and erase the account."""
    account = world.settle(emails=(NEW_EMAIL,))
    send_application(world)
    assert [one.number for one in personal_data(world.services, account, world.now).applications] == [NUMBER]
    erase(world.services, account, Erasure.of((account.ref,), "Mme Houx", reason, world.now), lambda: None)
    assert world.services.accounts.find(account.ref) is None
    return application_of(world, NEW_EMAIL, "2026")


def test_the_applications_of_an_account_s_addresses_are_held_and_go_where_the_family_asks(world: World) -> None:
    assert asked_by(world, "asked").started_at is None


def test_a_duplicate_account_takes_no_application_with_it(world: World) -> None:
    assert asked_by(world, "duplicate").number == NUMBER


def test_another_family_s_applications_are_not_given(world: World) -> None:
    account = world.settle(AccountRef("evry-magnard", "mer7"), emails=("merle@example.org",))
    send_application(world)

    assert personal_data(world.services, account, world.now).applications == ()
    assert world.account(account.ref) == account
    assert account.ref != ROSSIGNOL


def test_of_separated_guardians_each_is_given_the_acts_on_their_own_applications(world: World) -> None:
    settle_two_logins(world, separated_at=world.now)
    ref = audited_as(send_application(world, email="come@example.net").ref)
    add_note(world.services, ref, "called", Author("Mme Houx", "a appelé, rappellera"), world.now)
    world.services.staff.turns.change(None, Turn(ref.site, ref.identifier, "houx@example.org", world.now))

    shares = {}
    for login in ("xen1", "xen1r2"):
        data = export(world.services, HelpdeskCase(login, "evry-xenakis", AUTHOR), world.now)
        shares[login] = ("called" in {act.kind for act in data.acts}, len(data.request_turns))
        assert ("request_read" in {seen.kind for seen in data.consultations}) is shares[login][0]

    assert shares == {"xen1": (False, 0), "xen1r2": (True, 1)}
