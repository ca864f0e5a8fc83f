"""A family with data in every field and every table, for tests that search for its traces."""

from dataclasses import astuple, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Final

from chalicelib.domain.account.accounts import Account, AccountRef, FailingMailbox, MailedLetter
from chalicelib.domain.account.audit import AuditEntry, Author
from chalicelib.domain.account.coordinates import record_corrections
from chalicelib.domain.account.devices import Device
from chalicelib.domain.account.email_proof import MailedCode, PendingEmail
from chalicelib.domain.account.login_methods import passkey_name
from chalicelib.domain.account.notices import Notice
from chalicelib.domain.account.rate_limits import LOGIN_OF_ACCOUNT
from chalicelib.domain.account.sessions import Session, Token
from chalicelib.domain.dossiers.documents import FOYER, ProvidedDocument, SavedBy
from chalicelib.domain.dossiers.uploads import family_folder
from chalicelib.domain.enrolment.answers import CourseWish, HouseholdAnswers, PupilAnswers
from chalicelib.domain.enrolment.enrolments import Enrolment, EnrolmentDecision, PupilFile
from chalicelib.domain.enrolment.opinions import OpinionRef, OpinionText
from chalicelib.domain.enrolment.periods import EnrolmentRef
from chalicelib.domain.enrolment.submissions import submit
from chalicelib.domain.family.corrections import Actor, Confirmation, Correction
from chalicelib.domain.family.extensions import Extension
from chalicelib.domain.family.households import Course, Guardian, Household, Pupil, PupilRef
from chalicelib.domain.staff.turns import Turn
from chalicelib.office.account import note_consultation
from chalicelib.settings.wings import has
from chalicelib.stores.attempts import AttemptTimes
from chalicelib.stores.mailboxes import Listing
from chalicelib.wings.billing.office.survey import key_of, store
from chalicelib.wings.teaching.domain.announcements import AnnouncedAbsence
from chalicelib.wings.teaching.domain.assessments import Assessment, AssessmentRef, PupilAssessments
from chalicelib.wings.teaching.domain.courses import course_key
from chalicelib.wings.teaching.domain.rolls import Mark, RollRef
from tests.support.billing import OVERDUE, PDF, TO_PAY, bill
from tests.support.browser_upload import JPEG, WORD
from tests.support.login_methods import LINK, TELEPHONE
from tests.support.staff import SECRETARY, open_file
from tests.support.uploads import new_key
from tests.support.world import ROSSIGNOL, World

MERLE: Final = AccountRef("evry-magnard", "mer7")
LORIOT: Final = AccountRef("evry-xenakis", "lor8")
HOUSEHOLD: Final = Household(
    guardians=(
        Guardian("Aimée Rossignol", "rossignol@example.org", "01 99 00 12 34"),
        Guardian("Côme Rossignol", "come@example.org"),
    ),
    address=("3 allée des Tilleuls", "91000 Evry"),
    pupils=(
        Pupil(
            "Zélie Rossignol",
            date(2015, 3, 14),
            (
                Course("hautbois", "cycle 1", "Mme Sorbier", "mercredi 14 h 30 - 15 h 15", "salle Anche"),
                Course("formation musicale", "cycle 1"),
            ),
        ),
    ),
    payer="Côme Rossignol",
)
_ANSWERS: Final = HouseholdAnswers(
    coordinates_exact=True,
    payer="Côme Rossignol",
    emergency_name="Mme Pinson",
    emergency_telephone="01 99 00 56 78",
    pickup_persons="Mme Fauvette",
    rules_accepted=True,
)
# The traces to search for.
TRACES: Final = (
    *("xen1", "XEN 1", "Rossignol", "rossignol@example.org", "come@example.org", "Aimée", "Zélie", "Tilleuls"),
    *("2015-03-14", "hautbois", "01 99 00 12 34", "Sorbier", "14 h 30", "salle Anche", "formation musicale"),
    *("ancienne@example.org", "prouver@example.org", "jadis@example.org"),
    *("2026-0020", "Cours du 2e trimestre", "Location d'un cor"),
    *(
        "Pinson",
        "Fauvette",
        "01 99 00 56 78",
        "basson",
        "chorale",
        "Brest",
        "R26-K4TN-8WCB",
        "Il manque la photographie.",
        "Joue sans écouter les autres.",
    ),
    *("Héron", "vibrato", "coup de langue"),
)


def settle_whole(world: World, ref: AccountRef = ROSSIGNOL) -> Account:
    """Store a family with data everywhere, and another one whose mails list it."""
    pseudonyms = world.services.record.pseudonyms
    mailbox = pseudonyms.of_mailbox("rossignol@example.org")
    account = world.settle(
        ref,
        emails=("rossignol@example.org", "come@example.org"),
        display_identifier="XEN 1",
        household=HOUSEHOLD,
        failing_mailboxes=(FailingMailbox(pseudonyms.of_mailbox("come@example.org"), "bounced", world.now),),
        letters=(MailedLetter("request-0", world.now - timedelta(hours=3)),),
        last_login=world.now - timedelta(days=300),
        imported=(("emails", "0123456789abcdef"),),
        gone_at=world.now - timedelta(days=200),
        notices=(Notice("rentree-2026", mailbox, "delivered", world.now, ((MERLE.site, MERLE.identifier),)),),
        corrections=(
            Correction("emails", ("ancienne@example.org",), (), Actor("office", "Mme Houx"), world.now, "decision-1"),
            Correction("payer", (), ("Côme Rossignol",), Actor("family", "Aimée Rossignol"), world.now, "decision-2"),
        ),
        access_corrections=(
            Correction(
                "emails", ("jadis@example.org",), (), Actor("family", "Aimée Rossignol"), world.now, "decision-3"
            ),
            Correction("password", ("mailed",), ("chosen",), Actor("family"), world.now, "stamp-1", session="login"),
        ),
        correction_times=(world.now - timedelta(hours=5),),
        extension=Extension(world.now.date(), "hospitalisation du père", "Mme Houx", world.now),
        confirmed=Confirmation("Aimée Rossignol", world.now - timedelta(days=1)),
        pending_email=PendingEmail(
            "name",
            "prouver@example.org",
            "Côme Rossignol",
            world.now,
            "",
            "Aimée Rossignol",
            (MailedCode("5e4d", "r"),),
        ),
        code_times=(world.now,),
        passkeys=(replace(TELEPHONE, used_at=world.now),),
        links=(LINK,),
    )
    account = account.with_mailed_password("Mh4kWqzR7tXc9bPd", "request-00", world.now)
    world.services.accounts.enter_mailboxes(account)
    world.database.write_together(world.services.accounts.put(account))
    world.services.accounts.enter_mailboxes(account)
    open_file(world, ref.site, ref.identifier)
    turn = Turn(ref.site, ref.identifier, SECRETARY, world.now, date(2026, 9, 4))
    world.database.write_together(world.services.staff.turns.put(turn))
    world.services.mailboxes.enter([Listing("jadis@example.org", account.ref)])
    notice = Notice(
        "rentree-2026", mailbox, "delivered", world.now, ((ref.site, ref.identifier), (LORIOT.site, LORIOT.identifier))
    )
    world.settle(MERLE, name="Famille Merle", emails=("merle@example.org",), notices=(notice,))
    world.services.mailboxes.enter([Listing("rossignol@example.org", MERLE)])  # one of its former addresses
    open_session(world, account)
    if has("teaching"):
        settle_lessons(world, ref)
    note_consultation(world.services, ref, "family_read", "Basile Troglodyte <troglodyte@example.org>", world.now)
    if has("billing"):
        key = key_of(world.services, ref, TO_PAY, PDF)
        store(world.services, key, PDF)
        bill(world, replace(TO_PAY, document=key), OVERDUE, to=ref)
    enrol(world, account)
    world.services.attempts.reserve(AttemptTimes.on_account(ref), LOGIN_OF_ACCOUNT, world.now)
    device = Device("a-known-one-", world.now)
    world.services.attempts.reserve(
        AttemptTimes.on_account(ref, device), LOGIN_OF_ACCOUNT, world.now - timedelta(hours=1)
    )
    pseudonym = pseudonyms.of(ref.site, ref.identifier)
    world.services.audit_trail.add(
        AuditEntry("unlocked", ref.site, pseudonym, Author("Mme Houx", "la famille a appelé"), world.now)
    )
    return account


def settle_lessons(world: World, ref: AccountRef) -> None:
    """Store all that teachers and families record about a pupil. Another family's pupil is on the same roll."""
    stores, (course, *_) = world.services.teaching, HOUSEHOLD.pupils[0].courses
    (pupil,) = (PupilRef(ref.identifier, key) for key in HOUSEHOLD.pupils_by_key)
    lesson = RollRef(ref.site, course_key(course), world.now.date())
    marks: dict[PupilRef, Mark] = {pupil: "absent", PupilRef("lor8", "01234567"): "late"}
    stores.rolls.revise_at(lesson, lambda roll: roll.save(marks, "M. Roitelet", world.now))
    stores.absences.counted.note(lesson, marks)
    here = (lesson.course, lesson.day)
    stores.absences.revise_at(ref.site, pupil, lambda found: found.with_lesson(here, course.discipline))
    absence = AnnouncedAbsence(world.now, "Aimée Rossignol", "Rendez-vous chez M. Héron")
    stores.announcements.revise_at(ref.site, pupil, lambda found: found.with_announced(here, absence))
    calendars = world.services.lessons.calendars
    calendars.revise_at(ref.site, pupil, lambda found: found.renew("Aimée Rossignol", world.now))
    for year, words in (("2025", "Un beau vibrato."), ("2026", "Le coup de langue est à travailler.")):
        assessment = Assessment(words, "Mme Sorbier", world.now, "1er semestre", course.discipline, course.teacher)
        ref_of_text, before = AssessmentRef(year, "semestre-1", lesson.course), stores.assessments.find(ref.site, pupil)
        stores.assessments.revise(before, partial(PupilAssessments.with_text, ref=ref_of_text, assessment=assessment))


def enrol(world: World, account: Account) -> None:
    """Re-enrol a family in two seasons, with documents: one file has no record, and one is of no known kind."""
    (key,) = HOUSEHOLD.pupils_by_key
    author = SavedBy("Aimée Rossignol", world.now)
    learns = PupilAnswers(
        stays=True,
        wishes=(CourseWish("hautbois", "change", "basson", ("mardi",)), CourseWish("formation musicale", "keep")),
        image_rights=False,
        remark="Plutôt après la chorale.",
    )
    answers = {"2026": learns, "2025": PupilAnswers(stays=False, reason="Départ pour Brest")}
    for season, pupil_answers in answers.items():
        folder = family_folder(season, account.ref.site, world.services.record.pseudonyms.of(*astuple(account.ref)))
        files = {new_key(folder, ("certificat-danse", key)): JPEG, new_key(folder, ("quotient-familial", FOYER)): WORD}
        for name, content in files.items():
            world.services.documents.put(name, content, "binary/octet-stream")
        draft = Enrolment(EnrolmentRef(account.ref, season)).with_household(_ANSWERS, author)
        draft = draft.with_pupil(PupilFile(key, "Zélie Rossignol", pupil_answers, author), world.now)
        draft = draft.with_document(ProvidedDocument("certificat-danse", key, author, next(iter(files))))
        whole = submit(draft, draft.pupils, f"R{season[-2:]}-K4TN-8WCB", author)
        decision = EnrolmentDecision("to_complete", "Mme Houx", world.now, "Il manque la photographie.")
        world.services.enrolments.change(Enrolment(draft.ref), whole.with_decision(key, decision))
        if not has("teaching"):
            continue
        ref = OpinionRef(
            account.ref.site, season, PupilRef(account.ref.identifier, key), course_key(HOUSEHOLD.pupils[0].courses[0])
        )
        opinions = world.services.teaching.opinions
        opinion = OpinionText("reserved", "Joue sans écouter les autres.")
        before = opinions.find(ref)
        opinions.change(before, before.give(opinion, ("hautbois", "Mme Sorbier"), "Gaspard Roitelet", world.now))


def open_session(world: World, account: Account) -> Token:
    """Open a session of an account."""
    token = Token.new(account.ref.site)
    session = Session.open(token, account, world.now, by="login", previous_login=account.last_login)
    world.database.write_together(world.services.sessions.put(session))
    return token


def traces(world: World, account: Account) -> list[str]:
    """List the traces of the family in the tables."""
    pseudonyms = world.services.record.pseudonyms
    names = [
        *TRACES,
        account.stamp,
        f"{account.ref.site}\t{account.ref.identifier}",
        pseudonyms.of(account.ref.site, account.ref.identifier),
        *(passkey_name(TELEPHONE.id), TELEPHONE.id, TELEPHONE.name, LINK.subject),
        *(pseudonyms.of_mailbox(email) for email in account.emails if email != "rossignol@example.org"),
    ]
    everything = world.aws.everything(world.resources)
    return [name for name in names if name in everything]


def change_account(world: World, **changes: Any) -> Account:
    """Change fields of the family's account, without a trace."""
    before = world.account()
    world.services.accounts.change(before, replace(before, **changes))
    return world.account()


def change_household(world: World, by: Actor | None = None, at: datetime | None = None, **changes: Any) -> Account:
    """Change fields of the family's household, with the trace of its author if there is one."""
    before = world.account()
    after = replace(before, household=replace(before.household, **changes))
    world.services.accounts.change(before, record_corrections(before, after, by, at or world.now) if by else after)
    return world.account()
