"""Two accounts made one: all goes to the one that stays, whole after any fault, cut or race, and both learn it."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.audit import Erasure
from chalicelib.domain.dossiers.documents import SavedBy
from chalicelib.domain.enrolment.answers import HouseholdAnswers, PupilAnswers
from chalicelib.domain.enrolment.enrolments import Enrolment, PupilFile
from chalicelib.domain.enrolment.periods import EnrolmentRef
from chalicelib.domain.family.households import pupil_key
from chalicelib.domain.refusals import NotLoggedIn, Unavailable
from chalicelib.flows.family.visit import MergeAtWork
from chalicelib.flows.family.visit import enter as authenticate
from chalicelib.office.account import find_account
from chalicelib.office.helpdesk.access import HelpdeskCase, switch
from chalicelib.office.helpdesk.logins import separate
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.office.rights.erasure import erase
from chalicelib.office.rights.subject_access import PersonalData, personal_data
from tests.support.aliases import change_identifier
from tests.support.aws import When, faults_of
from tests.support.desk_work import deliver, deliver_all, read_job
from tests.support.helpdesk import beside, keep_logging_in
from tests.support.households import HOUSEHOLD, open_session, traces
from tests.support.logins import outcome
from tests.support.mergers import BY, LEO, STAYING_PASSWORD, STAYS, STOPS, begin, merge, settle_two
from tests.support.world import PASSWORD, World


def whole(world: World, ref: AccountRef) -> dict[str, Any]:
    """List the data of an account that move, with the names of its key replaced."""
    account = world.services.accounts.find(ref)
    assert account
    data: PersonalData = personal_data(world.services, account, world.now)
    name, pseudonym = ref.identifier, world.services.record.pseudonyms.of(ref.site, ref.identifier)
    facts = {
        "enrolments": [world.services.enrolments.encode(one) for one in data.enrolments],
        "files": sorted(file.key for file in data.uploads),
        "documents": sorted(world.services.documents.keys("")),
        "acts": [(act.kind, act.author) for act in data.acts if act.kind != "merged"],
        "consultations": [one.kind for one in data.consultations],
        "opinions": [(one.ref.season, one.said) for one in data.opinions],
        "lessons": data.lessons,
        "turn": data.turn and data.turn.call_on,
        "wings": [replace(one, stamp="") for one in data.of_wings],
        "pupils": {key for key, pupil in account.household.pupils_by_key.items() if pupil.name != "Léo Rossignol"},
    }
    return {part: repr(value).replace(pseudonym, "?").replace(name, "?") for part, value in facts.items()}


def is_whole(world: World, before: dict[str, Any]) -> None:
    """Check that the merge is done, once."""
    assert whole(world, STAYS) == before
    account, alias = world.account(STAYS), world.account(STOPS)
    assert (alias.role, alias.family, alias.emails, alias.password) == ("alias", STAYS.identifier, (), None)
    assert (account.is_merging, account.aliases) == (False, ("xen1",))
    assert account.emails == ("aimee@example.org", "rossignol@example.org", "come@example.org")
    assert [one.name for one in account.household.guardians] == ["Aimée Rossignol", "Côme Rossignol"]
    assert [change.what for change in account.corrections].count("merged") == 1


def test_everything_goes_to_the_account_that_stays_and_both_families_learn_it(world: World) -> None:
    settle_two(world)
    before = whole(world, STOPS)

    job = merge(world)

    assert read_job(world, job).state == "done"
    is_whole(world, before)
    world.deliver_patiently()
    mails = {mail.to: mail.text for mail in world.mails()}
    assert set(mails) == {"aimee@example.org", "rossignol@example.org"}  # the third one bounces
    for text in mails.values():
        assert "Le conservatoire a réuni deux comptes de la famille" in text
        assert "Identifiant : NID 9" in text
        assert "L'identifiant XEN 1 ouvre désormais ce compte-ci" in text


def test_one_password_opens_the_account_by_both_identifiers_and_the_other_nothing(world: World) -> None:
    settle_two(world)
    session = open_session(world, world.account(STOPS))

    merge(world)

    assert [outcome(world, STAYING_PASSWORD, ref) for ref in (STOPS, STAYS)] == [STAYS.site] * 2
    assert outcome(world, PASSWORD, STOPS) == "LoginRefused"
    with pytest.raises(NotLoggedIn):
        authenticate(world.visit(session))
    assert find_account(world.services, "XEN 1", STOPS.site).ref == STAYS


def test_an_erasure_of_the_account_that_stays_leaves_no_trace_of_either(world: World) -> None:
    settle_two(world)
    stops = world.account(STOPS)
    merge(world)

    erasure = Erasure.of((STAYS,), "Mme Houx", "duplicate", world.now)
    erase(world.services, world.account(STAYS), erasure, lambda: None)

    assert traces(world, stops) == ["Sorbier"]  # the teacher, in their own timetable


@faults_of(
    *("BatchGetItem", "BatchWriteItem", "GetItem", "PUT", "POST", "Query", "SendMessageBatch"),
    *("TransactWriteItems", "UpdateItem"),
)
def test_after_any_fault_the_next_turn_ends_it(world: World, call: str, when: When) -> None:
    """Each call of the transactions fails in turn, and every fifth of the others."""
    settle_two(world)
    world.aws.calls.clear()
    merge(world)
    times = world.aws.calls.count(call)
    assert times

    for skips in range(0, times, 1 if call == "TransactWriteItems" else 5):
        world.aws.wipe(world.resources)
        settle_two(world)
        before = whole(world, STOPS)
        with world.aws.failing(call, when, times=1, skips=skips), suppress(Unavailable):
            merge(world)
        for _ in range(4):
            if world.account(STOPS).role == "alias" and not world.account(STAYS).is_merging:
                break
            world.wait(timedelta(minutes=3))
            with suppress(OfficeRefusal):  # it may be done after all
                begin(world)
            deliver_all(world)

        is_whole(world, before)


def test_a_turn_without_time_goes_on_and_a_given_up_worker_is_taken_over(world: World) -> None:
    settle_two(world)
    before, job = whole(world, STOPS), begin(world)
    deliver(world)
    with world.aws.failing("TransactWriteItems", "before", skips=4):
        deliver_all(world)

    assert (read_job(world, job).state, world.account(STAYS).is_merging) == ("running", True)
    world.wait(timedelta(minutes=3))
    assert begin(world).id == job.id
    deliver_all(world)

    is_whole(world, before)


# Meanwhile.


def test_while_it_runs_the_family_reads_its_first_page_alone_and_the_desk_waits(world: World) -> None:
    settle_two(world)
    sessions = [open_session(world, world.account(ref)) for ref in (STOPS, STAYS)]
    begin(world)

    for session in sessions:
        assert authenticate(world.visit(session), page="home")
        with pytest.raises(MergeAtWork):
            authenticate(world.visit(session))
    case = HelpdeskCase(STOPS.identifier, STOPS.site, BY)
    for act in (partial(separate, is_on=True), partial(switch, is_disabled=True)):
        with pytest.raises(Unavailable):
            act(world.services, case, world.now)
    with pytest.raises(OfficeRefusal, match="merge_at_work"):
        erase(world.services, world.account(STOPS), Erasure.of((STOPS,), "", "asked", world.now), lambda: None)
    with pytest.raises(Unavailable):
        change_identifier(world, "PIE-9", STAYS)


def test_answers_sent_as_it_begins_are_moved_or_it_gives_both_accounts_back(world: World) -> None:
    """The answers that a family was sending when the accounts were marked arrives before the first move."""
    settle_two(world)
    before, accounts = world.aws.keep(world.resources), (world.account(STOPS), world.account(STAYS))
    for pupil, is_simple in ((LEO, True), (HOUSEHOLD.pupils[0], False)):
        before()
        job = begin(world)
        author = SavedBy("Aimée Rossignol", world.now)
        draft = Enrolment(EnrolmentRef(STAYS, "2026")).with_household(HouseholdAnswers(payer="Mme Pie"), author)
        file = PupilFile(pupil_key(pupil), pupil.name, PupilAnswers(stays=False), author)
        world.services.enrolments.change(Enrolment(draft.ref), draft.with_pupil(file, world.now))
        deliver_all(world)

        enrolment = world.services.enrolments.find(EnrolmentRef(STAYS, "2026"))
        assert read_job(world, job).state == ("done" if is_simple else "failed")
        assert len(enrolment.pupils) == (2 if is_simple else 1)
        assert enrolment.household.payer == "Mme Pie"
        summaries = dict(world.services.enrolments.summary_texts("2026", STAYS.site))
        assert summaries["nid9"] == world.services.enrolments.encode(enrolment)["summary"]
        if not is_simple:
            assert read_job(world, job).result["refused"] == "merge_differs"
            assert (world.account(STOPS), world.account(STAYS)) == accounts
            assert world.services.enrolments.find(EnrolmentRef(STOPS, "2026")).pupils


def test_logins_beside_it_open_the_account_that_stays_or_nothing(world: World) -> None:
    settle_two(world)
    before = whole(world, STOPS)

    with beside(keep_logging_in(world)):
        merge(world)

    is_whole(world, before)
    assert outcome(world, PASSWORD, STOPS) == "LoginRefused"
