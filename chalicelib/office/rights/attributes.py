"""How subject access gives each attribute of a family's data, and the part of an erasure that deletes it.

An attribute without a declaration fails a test (`tests/office/rights/test_attributes.py`).
"""

from collections.abc import Mapping
from dataclasses import fields
from functools import partial
from typing import Final, Literal

from chalicelib.domain.account.accounts import (
    Account,
    AccountRef,
    FailingMailbox,
    MailedLetter,
    MailedPassword,
    Password,
)
from chalicelib.domain.account.audit import AuditEntry, Author
from chalicelib.domain.account.email_proof import PendingEmail
from chalicelib.domain.account.notices import Notice
from chalicelib.domain.account.sessions import Session
from chalicelib.domain.account.sign_in import IdentityLink, Passkey
from chalicelib.domain.admission import applications as admission
from chalicelib.domain.billing.bills import Bills, Invoice, Payment
from chalicelib.domain.dossiers.documents import DocumentCheck, ProvidedDocument, SavedBy
from chalicelib.domain.dossiers.uploads import UploadedFile
from chalicelib.domain.enrolment import enrolments as enrolment
from chalicelib.domain.enrolment.answers import CourseWish, HouseholdAnswers, PupilAnswers
from chalicelib.domain.enrolment.periods import EnrolmentRef
from chalicelib.domain.family.corrections import Actor, Confirmation, Correction
from chalicelib.domain.family.households import Course, Guardian, Household, Pupil, PupilRef
from chalicelib.domain.staff.consultations import Consultation
from chalicelib.domain.teaching.announcements import AnnouncedAbsence
from chalicelib.domain.teaching.assessments import Assessment, AssessmentRef
from chalicelib.domain.teaching.calendars import PupilCalendar
from chalicelib.domain.teaching.opinions import Opinion, OpinionRef, OpinionText
from chalicelib.domain.teaching.rolls import RollMark
from chalicelib.office.rights.applications import ApplicationData
from chalicelib.office.rights.lessons import HeldAssessment, HeldLesson, LessonData, UnexcusedLesson
from chalicelib.office.rights.subject_access import PersonalData
from chalicelib.values import frozen

# « withheld »: it protects the account, a member of staff or another family. « author »: withheld if of the office.
# « merged »: its own attributes are given in its place. « alone »: the only one given, in place of its owner.
# « counted », « noted »: its length, or whether there is any. « names »: of pairs, whose values are withheld.
# « mailbox », « pupil », « document »: the address, name or parts behind a key. « if_any »: not given without a value.
# « unnamed »: not given, as a key of ours or as its owner has it. « none »: None if empty.
Way = Literal[
    "given", "withheld", "author", "merged", "alone", "counted", "noted", "names", "mailbox", "pupil", "document",
    "if_any", "none", "unnamed",
]  # fmt: skip
# The parts of an erasure (`erasure.py`). « owner »: erased with its owner.
Erased = Literal[
    "account", "logins", "sessions", "trail", "notices", "enrolments", "opinions", "bills", "rolls", "lessons",
    "applications", "documents", "owner",
]  # fmt: skip


@frozen
class Attribute:
    """The label of an attribute in an export, how it is given there, and the part of an erasure that deletes it."""

    label: str
    way: Way
    erased: Erased = "owner"


def _declare(way: Way, *names: str, erased: Erased = "owner") -> dict[str, Attribute]:
    """Declare attributes by name, in the order of an export. « label=attribute » gives another label."""
    parts = (name.rpartition("=") for name in names)
    return {attribute: Attribute(label or attribute, way, erased) for label, _, attribute in parts}


_given, _withheld, _merged = (partial(_declare, way) for way in ("given", "withheld", "merged"))
_unnamed, _alone = partial(_declare, "unnamed"), partial(_declare, "alone")


def _answers(kind: type) -> dict[str, Attribute]:
    """Declare the fields of a form: all are the family's own answers."""
    return _given(*(answer.name for answer in fields(kind)))


ATTRIBUTES: Final[Mapping[type, Mapping[str, Attribute]]] = {
    PersonalData: {
        **_given("account", erased="account"),
        **_given("sessions", "failed_logins=tries", erased="sessions"),
        **_given("logins", erased="logins"),
        **_given("enrolments", erased="enrolments"),
        **_given("opinions", erased="opinions"),
        **_given("uploads", erased="documents"),
        **_given("requests=applications", "request_uploads=application_uploads", erased="applications"),
        **_given("bills", erased="bills"),
        **_given("acts", "consultations", erased="trail"),
        **_given("lessons", erased="lessons"),
        **_declare("counted", "listed_in_notices_of_other_accounts=mentions", erased="notices"),
        **_declare("if_any", "later"),
    },
    ApplicationData: {
        **_given("request=application", "uploads", erased="applications"),
        **_given("acts", "consultations", erased="trail"),
    },
    # the account
    AccountRef: _given("site", "identifier"),
    Account: {
        **_merged("ref"),
        **_given("written=display_identifier", "name", "family", "role", "emails", "disabled"),
        **_withheld("stamp"),
        **_given("password", "passkeys", "links"),
        **_given("mailed=mailed_passwords", "letters", "last_login", "failing=failing_mailboxes"),
        **_given("household"),
        **_declare("names", "imported"),
        **_given(
            "gone_at",
            "application",
            "separated_at",
            "rehearsed_on",
            "notices",
            "corrections",
            "access=access_corrections",
        ),
        **_given("corrected=correction_times", "confirmed", "unproven=pending_email", "codes=code_times"),
        **_unnamed("view"),
    },
    Password: {**_withheld("hash"), **_given("origin", "changed_at")},
    Passkey: {
        **_withheld("id", "public_key", "sign_count", "challenges"),
        **_given("name", "added_at", "used_at", "by", "proof"),
    },
    IdentityLink: {**_withheld("subject"), **_given("linked_at", "used_at", "by", "proof")},
    MailedPassword: {**_withheld("digest"), **_given("expires_at"), **_unnamed("request")},
    MailedLetter: {**_alone("at"), **_unnamed("request")},
    FailingMailbox: {**_declare("mailbox", "email=mailbox"), **_given("kind", "at")},
    Household: _given("guardians", "address", "pupils", "payer"),
    Guardian: _given("name", "email", "telephone", "address", "login"),
    Pupil: {**_given("name", "born_on", "courses"), **_unnamed("key")},
    Course: _given("discipline", "level", "teacher", "slot", "place"),
    Notice: {
        **_given("campaign", "state", "at"),
        **_declare("mailbox", "email=mailbox"),
        **_declare("counted", "listed_with_others=companions"),
        **_withheld("writer"),
    },
    Correction: {
        **_given("field=what"),
        **_declare("none", "guardian=of"),
        **_given("old", "new"),
        **_merged("actor"),
        **_given("at"),
        **_declare("if_any", "session"),
        **_unnamed("decision"),
    },
    Actor: {**_given("by=side"), **_declare("author", "who")},
    Confirmation: _given("by", "at"),
    PendingEmail: {
        **_given("email", "by", "asked_at"),
        **_declare("none", "replaced"),
        **_withheld("code=mailed"),
        **_declare("counted", "tries"),
        **_declare("if_any", "guardian"),
        **_unnamed("name"),
    },
    Session: {
        **_given(
            "opened_at", "opened_by", "seen_at", "expires_at", "previous_login", "speaker", "browser", "site_forgiven"
        ),
        **_given("login=identifier", "family", "proven_at", "proof"),
        **_withheld("fingerprint", "stamp", "logout"),
        **_unnamed("site"),
    },
    AuditEntry: {**_given("kind", "at"), **_merged("author"), **_unnamed("site", "account")},
    Author: {**_given("why"), **_withheld("who")},
    Consultation: {**_given("kind", "at", "last_at", "times"), **_withheld("who"), **_unnamed("site", "account")},
    Bills: {**_alone("invoices"), **_unnamed("stamp")},
    Invoice: {
        **_given("number", "issued_on", "cents", "due_on", "label", "payments"),
        **_declare("noted", "document"),
    },
    Payment: _given("on", "cents", "how"),
    # re-enrolments
    EnrolmentRef: {**_given("season"), **_unnamed("account")},
    enrolment.Enrolment: {
        **_merged("ref"),
        **_given("started_at", "household", "household_saved", "pupils", "provided", "receipts", "is_partly_hidden"),
        **_declare("if_any", "corrections"),
    },
    SavedBy: _given("by", "at"),
    enrolment.PupilFile: _given("key", "name", "draft", "saved", "sent"),
    enrolment.SentAnswers: _given("answers", "receipt", "at", "decision"),
    enrolment.EnrolmentDecision: {**_given("verdict"), **_withheld("by"), **_given("at", "words")},
    ProvidedDocument: {
        **_given("code", "owner", "saved"),
        **_declare("noted", "uploaded=object_key"),
        **_declare("if_any", "check"),
    },
    DocumentCheck: {**_given("finding"), **_withheld("by"), **_given("at", "words")},
    enrolment.Receipt: _given("number", "at", "by", "household", "pupils", "provided", "with_household", "place"),
    HouseholdAnswers: _answers(HouseholdAnswers),
    PupilAnswers: _answers(PupilAnswers),
    CourseWish: _given("discipline", "choice", "wanted", "days"),
    UploadedFile: {**_declare("document", "key"), **_given("at", "bytes=size"), **_unnamed("etag")},
    # teaching
    OpinionRef: {**_given("season"), **_declare("pupil", "pupil"), **_unnamed("site", "course")},
    OpinionText: _given("opinion=leaning", "words"),
    Opinion: {
        **_merged("ref"),
        **_given("discipline", "teacher"),
        **_merged("said"),
        **_given("at"),
        **_withheld("by"),
        **_unnamed("version"),
    },
    PupilRef: {**_alone("key"), **_unnamed("identifier")},
    LessonData: {
        **_given("announced_absences=absences"),
        **_given("marks", erased="rolls"),
        **_given("unexcused_absences=unexcused", "assessments", "calendars"),
    },
    HeldLesson: {**_given("pupil", "course", "day"), **_merged("held")},
    AnnouncedAbsence: _given("at", "by", "why"),
    RollMark: _given("mark", "since"),
    UnexcusedLesson: _given("discipline"),
    HeldAssessment: {**_given("pupil"), **_merged("ref", "assessment")},
    AssessmentRef: _given("school_year=year", "period", "course"),
    Assessment: {**_given("title", "discipline", "teacher", "text", "at"), **_withheld("by")},
    PupilCalendar: {
        **_given("pupil", "by", "at"),
        **_withheld("address=nonce"),
        **_unnamed("site", "version", "links"),
    },
    # applications
    admission.ApplicationRef: {**_given("season"), **_unnamed("mailbox")},
    admission.Application: {
        **_merged("ref"),
        **_given("email", "started_at", "saved_at", "draft", "sent", "standings", "provided"),
    },
    admission.Answers: _given("guardian", "telephone", "address", "groups", "candidates"),
    admission.Candidate: _given("key", "first_name", "last_name", "born_on", "wishes"),
    admission.Wish: _given("discipline", "site", "level", "days", "since"),
    admission.Sent: _given("answers", "number", "first_at", "at", "provided", "first_persons"),
    admission.AdmissionDecision: {**_given("verdict"), **_withheld("by"), **_given("at", "words", "until")},
    admission.Standing: _given("key", "withdrawn_at", "decision", "account", "slot", "joined"),
}
