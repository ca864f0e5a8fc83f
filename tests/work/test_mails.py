"""Each described mail: posted before its change, sent once it is stored, also after a fault or a second delivery."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

import pytest

from chalicelib.domain.account.audit import Author
from chalicelib.domain.account.coordinates import record_password_change
from chalicelib.domain.account.email_proof import CODE_LIFETIME
from chalicelib.domain.account.login_methods import Passkey
from chalicelib.domain.enrolment.enrolments import Enrolment
from chalicelib.domain.family.corrections import Actor
from chalicelib.domain.family.extensions import Extension
from chalicelib.domain.family.teacher_keys import teacher_key
from chalicelib.domain.refusals import Unavailable
from chalicelib.domain.staff.members import Changed
from chalicelib.flows.family import invitation
from chalicelib.flows.family.invitation import InvitationForm
from chalicelib.flows.family.security_notices import password_notices
from chalicelib.flows.login_methods.changes import MethodsAuthor, change_methods
from chalicelib.flows.staff.browser_link import ask_for_link
from chalicelib.flows.staff.notices import post_notice
from chalicelib.mail.account_jobs import (
    DatumCorrected,
    EmailChanged,
    EmailCode,
    GuardianInvited,
    IdentifierGiven,
    LoginAdded,
    MethodsChanged,
    PasswordChanged,
)
from chalicelib.mail.enrolment_jobs import EnrolmentDecided, EnrolmentExtended, EnrolmentSubmitted
from chalicelib.mail.jobs import NotConfirmedYet
from chalicelib.mail.outbox import DELAY, PATIENCE, Outbox
from chalicelib.mail.staff_jobs import BrowserLinkAsked, StaffChanged, StaffInvited
from chalicelib.office.enrolment.decide import EnrolmentDecisionInput
from chalicelib.office.enrolment.extend import extend, extension_version
from chalicelib.office.helpdesk.access import HelpdeskCase
from chalicelib.office.helpdesk.corrections import TELEPHONE, NewValues, correct
from chalicelib.office.roster.identifier_mails import jobs_to_former, jobs_to_new
from chalicelib.office.staff.invitations import Invitee, invite
from chalicelib.office.staff.members import StaffInput
from chalicelib.settings.wings import has
from chalicelib.stores.notices import CLAIMED_FOR
from chalicelib.wings.admission.domain.applications import CandidateRef
from chalicelib.wings.admission.domain.pools import Pool
from chalicelib.wings.admission.flows.application import ApplicationStatus, application_status, withdraw
from chalicelib.wings.admission.flows.offer import take_offer
from chalicelib.wings.admission.mail import (
    AdmissionAnswered,
    AdmissionDecided,
    AdmissionOffer,
    AdmissionSubmitted,
    AdmissionWithdrawn,
)
from chalicelib.wings.admission.office.decide import AdmissionDecisionInput
from chalicelib.wings.admission.office.offers import advance
from chalicelib.wings.teaching.domain.announcements import LessonCancellation
from chalicelib.wings.teaching.domain.courses import course_key
from chalicelib.wings.teaching.mail import AbsenceMail, CourseMail, LessonsChanged, MissingRollsReminder
from chalicelib.wings.teaching.office import absences, course_mails
from chalicelib.wings.teaching.office.recall import post_reminder
from chalicelib.work.post import MAILS, job_from_json
from tests.support import absences as rolls
from tests.support import admission as applicants
from tests.support import email_change
from tests.support.admission import MERLE, announce
from tests.support.allocation import HARP, ask, close
from tests.support.answers import FULL, REF
from tests.support.application_form import context_of, draft, send_as_shown
from tests.support.applications import ALBA, NILS
from tests.support.aws import When
from tests.support.enrolled_families import decide as decide_on_pupil
from tests.support.enrolled_families import open_for_rossignol
from tests.support.enrolment_jobs import receipt_job
from tests.support.function_policy import held_to_the_policy
from tests.support.missing_rolls import recall_rolls, settle_lesson
from tests.support.offers import PIANO, offer_place
from tests.support.staff import MANAGER, SECRETARY, SITES, member
from tests.support.stored_applications import application_of, decide, open_admission
from tests.support.teaching import PINSON, SITE, VIOLIN, WEDNESDAY, settle_courses, stores
from tests.support.two_logins import settle_family
from tests.support.wing_examples import MailCase as Case
from tests.support.wing_examples import examples_here, is_here
from tests.support.world import PASSWORD, World


def send_enrolment(world: World) -> None:
    world.services.post_box.post(receipt_job(world))
    world.services.enrolments.change(Enrolment(REF), FULL)


def extend_period(world: World) -> None:
    extension = Extension(date(2027, 6, 18), "hospitalisation", "Mme Houx", world.now)
    extend(world.services, REF.account, extension, extension_version(world.account()))


def change_password(world: World) -> None:
    before = world.account()
    after = record_password_change(before, before.with_password("hash", "chosen", world.now), "login", world.now)
    Outbox(world.services.post_box).post(*password_notices(world.visit(), after))
    world.services.accounts.change(before, after)


def remove_address(world: World) -> None:
    email_change.send_form(world, email_change.enter(world), "retirer-2", "")


def correct_telephone(world: World) -> None:
    case = HelpdeskCase(REF.account.identifier, REF.account.site, Author("Mme Houx", "rappelée"))
    new = NewValues("2", ("06 99 00 30 03",), TELEPHONE.version_of(world.account()))
    correct(world.services, case, TELEPHONE, new, world.now)


def add_address(world: World) -> None:
    email_change.send_form(world, email_change.enter(world), "ajouter", email_change.NEW)


def add_passkey(world: World) -> None:
    passkey, by = Passkey("an-id", "a-key", 0, "Téléphone", world.now), MethodsAuthor(Actor("family"))
    change_methods(world.visit(), world.account(), lambda login: login.with_passkey(passkey), by)


def invite_guardian(world: World) -> None:
    invitation.invite(world.visit(), email_change.enter(world), InvitationForm("2", "1", PASSWORD))


def settle_draft(world: World) -> None:
    announce(world)
    draft(world, MERLE)


def send_application(world: World) -> None:
    send_as_shown(world, context_of(world, MERLE))


def settle_offer(world: World) -> None:
    settle_draft(world)
    send_application(world)
    world.services.admission.pools.change(None, Pool(PIANO, "Piano", "Débutant", total=2))
    offer_place(world, PIANO, candidate=CandidateRef(applicants.application_of(world).number, ALBA.key))


def status(world: World) -> ApplicationStatus:
    return application_status(world.services, context_of(world, MERLE))


def take_place(world: World) -> None:
    view = status(world)
    candidate = view.candidate(ALBA.key)
    assert candidate
    take_offer(world.visit(), view, candidate, candidate.offers[0].holder.name)


def withdraw_one(world: World) -> None:
    withdraw(world.visit(), status(world), [NILS.key])


def close_access(world: World) -> None:
    changed = Changed.new("closed", world.now)
    post_notice(world.visit(), world.services.staff.members.find(SECRETARY), changed)  # type: ignore[arg-type]  # settled
    world.services.staff.members.revise(SECRETARY, lambda member: member.with_change(changed))


def ask_for_browser_link(world: World) -> None:
    member(world)
    ask_for_link(world.visit(), SECRETARY)


def decide_enrolment(world: World) -> None:
    decide_on_pupil(world.services, EnrolmentDecisionInput("accepted", "Mme Houx"), world.now, "Zélie")


def settle_application(world: World) -> None:
    open_admission(world)
    application_of(world)


def decline_candidate(world: World) -> None:
    decide(world, AdmissionDecisionInput("declined", "Mme Lyre", "Pas de place."), "Nils")


def settle_waiting(world: World) -> None:
    close(world, {HARP: 1})
    ask(world, "P26-AAAA-2222", HARP)
    world.wait(timedelta(minutes=5))


def settle_former(world: World) -> None:
    world.settle(name="Famille Merle")


def offer_places(world: World) -> None:
    advance(world.services, world.now)


def give_to_new(world: World) -> None:
    account = replace(world.account(), name="Famille Rossignol")
    world.services.post_box.post(*jobs_to_new(world.services, account, "request", world.now))
    world.services.accounts.change(world.account(), account)


def close_account(world: World) -> None:
    account = world.account()
    world.services.post_box.post(*jobs_to_former(world.services, account, "request", world.now))
    world.services.accounts.erase(account)


def invite_member(world: World) -> None:
    author = Author("Odile Fauvette <fauvette@example.org>", "arrive en septembre")
    invitee = Invitee("Basile Troglodyte", "secretary", SITES)
    invite(world.services, StaffInput(SECRETARY, author, by=MANAGER), invitee, "mailed", world.now)


def settle_courses_on_wednesday(world: World) -> None:
    settle_courses(world, WEDNESDAY)


def cancel_lesson(world: World) -> None:
    course, day = course_key(VIOLIN), (WEDNESDAY + timedelta(days=14)).date()
    cancellation = LessonCancellation("Gaspard Roitelet <roitelet@example.org>", world.now, "")
    stores(world).changes.revise_at(SITE, course, lambda changes: changes.with_cancelled(day, cancellation))
    job = LessonsChanged(
        request="request-1",
        asked_at=world.now,
        site=SITE,
        course=course,
        teacher=teacher_key(PINSON),
        day=day.isoformat(),
    )
    course_mails.post_lessons(world.services, job, world.now)


def miss_lesson(world: World) -> None:
    due = rolls.call(world, {rolls.ZELIES: "absent"})
    absences.finalise_absences(world.services, due, world.wait(rolls.HALF_AN_HOUR))


def miss_roll(world: World) -> None:
    settle_lesson(world)
    recall_rolls(world)


def remind_of_rolls(world: World) -> None:
    settle_lesson(world)
    assert post_reminder(world.services, SITE, teacher_key(VIOLIN.teacher), "click", world.now) == "rappel"


CASES: Final = (
    Case(PasswordChanged, World.settle, change_password, "GetItem BatchWriteItem", "not_changed"),
    Case(EmailChanged, email_change.settle, remove_address, "GetItem BatchWriteItem", "not_changed"),
    Case(MethodsChanged, World.settle, add_passkey, "GetItem BatchWriteItem", "not_changed"),
    Case(DatumCorrected, settle_family, correct_telephone, "GetItem", "not_changed"),
    Case(LoginAdded, settle_family, invite_guardian, "GetItem", "not_changed"),
    Case(GuardianInvited, settle_family, invite_guardian, "GetItem GetItem GetItem GetItem UpdateItem"),
    Case(
        EmailCode,
        email_change.settle,
        add_address,
        "GetItem BatchWriteItem UpdateItem",
        "superseded",
        waits=False,
        lasts=CODE_LIFETIME,
    ),
    Case(AdmissionSubmitted, settle_draft, send_application, "GetItem", "not_written"),
    Case(AdmissionAnswered, settle_offer, take_place, "BatchGetItem"),
    Case(AdmissionWithdrawn, settle_offer, withdraw_one, "GetItem"),
    Case(StaffChanged, member, close_access, "GetItem", "not_written"),
    Case(BrowserLinkAsked, lambda _: None, ask_for_browser_link, "GetItem UpdateItem", "unknown", waits=False),
    Case(EnrolmentSubmitted, World.settle, send_enrolment, "BatchGetItem"),
    Case(EnrolmentExtended, open_for_rossignol, extend_period, "BatchGetItem"),
    Case(EnrolmentDecided, open_for_rossignol, decide_enrolment, "BatchGetItem"),
    Case(AdmissionDecided, settle_application, decline_candidate, "GetItem"),
    Case(AdmissionOffer, settle_waiting, offer_places, "BatchGetItem"),
    Case(IdentifierGiven, World.settle, close_account, "GetItem", "not_written"),
    Case(IdentifierGiven, settle_former, give_to_new, "GetItem", "not_written"),
    Case(StaffInvited, lambda _: None, invite_member, "GetItem UpdateItem"),
    Case(AbsenceMail, rolls.begin, miss_lesson, "BatchGetItem", is_claimed=True, waits=False),
    Case(CourseMail, settle_courses_on_wednesday, cancel_lesson, "GetItem BatchGetItem", is_claimed=True, waits=False),
    *(
        Case(
            MissingRollsReminder,
            lambda _: None,
            act,
            "GetItem GetItem BatchGetItem BatchGetItem BatchGetItem",
            is_claimed=True,
            waits=False,
        )
        for act in (miss_roll, remind_of_rolls)
    ),
    *(case for examples in examples_here() for case in examples.mails),
)


class Stored:
    """A change stored with its job in the queue, and the state before it, each of which can be restored."""

    def __init__(self, world: World, case: Case) -> None:
        self.world, self.case = world, case
        case.before(world)
        self.undo = world.aws.keep(world.resources)
        case.act(world)
        items = [job_from_json(body) for body in world.aws.queue_bodies().splitlines()]
        self.jobs = [job for job in items if isinstance(job, case.job)]
        self.restore = world.aws.keep(world.resources)
        self.at = max(world.now, self.jobs[0].asked_at + DELAY)
        self.restore()

    def send(self, late: timedelta = timedelta()) -> None:
        """Handle the first job, a while after its change, under the policy of the post."""
        self.world.now = self.at + late
        with held_to_the_policy("post", self.world.aws, self.world.resources):
            MAILS[self.case.job].send(self.world.services, self.jobs[0], self.world.now)

    def try_again(self, late: timedelta = timedelta()) -> bool:
        """Handle it again. Whether it is done: else the queue delivers it later."""
        try:
            self.send(late)
        except NotConfirmedYet:
            return False
        return True

    @property
    def end(self) -> tuple[int, str, str]:
        """The number of mails, and the last event with its reason."""
        event = self.world.events()[-1]
        return len(self.world.mails()), event["event"], event.get("reason", "")

    @property
    def mailed(self) -> str:
        """The event of a mail sent."""
        return MAILS[self.case.job].success

    @property
    def dropped(self) -> str:
        """The event of a mail that is not sent."""
        return MAILS[self.case.job].failure


HERE: Final = [case for case in CASES if is_here(case.job.__module__)]


@pytest.fixture(params=HERE, ids=lambda case: case.job.__name__)
def store(world: World, request: pytest.FixtureRequest) -> Stored:
    return Stored(world, request.param)


def test_each_described_mail_has_its_case() -> None:
    assert {case.job for case in HERE} == set(MAILS)


def test_a_stored_change_is_mailed_and_its_job_reveals_nothing(store: Stored) -> None:
    bodies = [job.to_json() for job in store.jobs]
    assert not [word for word in ("@", "Rossignol", "Geai", "Nils", "Troglodyte") if any(word in b for b in bodies)]
    assert [job_from_json(body) for body in bodies] == store.jobs
    store.world.services.periods.current(store.at)
    if has("admission"):
        store.world.services.admission.periods.current(store.at)
    store.world.aws.calls.clear()

    store.send()

    assert store.end == (1, store.mailed, "")
    sending = "GetItem UpdateItem SendEmail UpdateItem" if store.case.is_claimed else "SendEmail"
    assert " ".join(store.world.aws.calls) == f"{store.case.calls} {sending}"


def test_a_change_that_is_never_stored_is_waited_for_then_dropped(store: Stored) -> None:
    store.undo()
    delay = store.jobs[0].asked_at + PATIENCE - store.at

    if store.case.waits:
        with pytest.raises(NotConfirmedYet):
            store.send(delay - timedelta(seconds=1))
    store.send(delay)

    assert store.end == (0, store.dropped, store.case.reason)


def test_a_mail_is_sent_until_it_is_stale(store: Stored) -> None:
    job, second = store.jobs[0], timedelta(seconds=1)
    lasts = store.case.lasts or job.lasts
    store.send((job.asked_at + min(lasts, timedelta(days=2, seconds=1)) - store.at) - second)
    assert store.end == (1, store.mailed, "")
    if lasts < timedelta.max:
        store.restore()
        store.send(job.asked_at + lasts - store.at + second)
        assert store.end[:2] == (0, store.dropped)


def test_an_address_that_ses_refuses_is_dropped(store: Stored) -> None:
    with store.world.aws.failing("SendEmail", "before", error=(400, "BadRequestException")):
        store.send()
    assert store.end == (0, store.dropped, "undeliverable")

    store.send()
    assert store.end == ((0, store.dropped, "already") if store.case.is_claimed else (1, store.mailed, ""))


def test_a_mail_that_ses_surely_did_not_take_is_sent_at_the_next_try_and_one_in_doubt_waits(store: Stored) -> None:
    too_fast = (429, "TooManyRequestsException")
    with store.world.aws.failing("SendEmail", "before", error=too_fast), pytest.raises(Unavailable):
        store.send()
    store.send(timedelta(seconds=30))
    assert store.end == (1, store.mailed, "")

    store.restore()
    with store.world.aws.failing("SendEmail", "before"), pytest.raises(Unavailable):
        store.send()
    assert store.try_again(timedelta(seconds=30)) is not store.case.is_claimed


def test_a_job_delivered_twice_or_to_two_workers_at_once_is_one_mail_where_it_is_claimed(store: Stored) -> None:
    store.send()
    store.send()
    assert store.end == ((1, store.dropped, "already") if store.case.is_claimed else (2, store.mailed, ""))

    store.restore()
    with store.world.aws.interrupted("SendEmail", store.try_again):
        store.send()
    store.send(CLAIMED_FOR)
    assert store.end[0] == (1 if store.case.is_claimed else 3)


def faults(calls: list[str]) -> list[tuple[str, int, When]]:
    """List each call, how many of its name come before it, and whether it fails before or after it took effect."""
    return [(call, calls[:n].count(call), when) for n, call in enumerate(calls) for when in ("before", "after")]


def test_a_fault_at_any_call_loses_no_mail_and_doubles_one_only_if_its_answer_is_lost(store: Stored) -> None:
    aws = store.world.aws
    aws.calls.clear()
    store.send()

    for call, calls, when in faults(list(aws.calls)):
        store.restore()
        with aws.failing(call, when, skips=calls, times=1), pytest.raises(Unavailable):
            store.send()
        if not store.try_again(timedelta(seconds=30)):
            store.send(CLAIMED_FOR + timedelta(seconds=31))
        doubling = {("SendEmail", 0, "after")} | ({("UpdateItem", 1, "before")} if store.case.is_claimed else set())
        assert len(store.world.mails()) == 1 + ((call, calls, when) in doubling), (call, calls, when)
