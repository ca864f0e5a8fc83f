"""How subject access gives each attribute of a family's data, as JSON and as text, and which erasure deletes it.

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
from chalicelib.domain.account.login_methods import IdentityLink, Passkey
from chalicelib.domain.account.notices import Notice
from chalicelib.domain.account.sessions import Session
from chalicelib.domain.admission import applications as admission
from chalicelib.domain.billing.bills import Bills, Invoice, Payment
from chalicelib.domain.dossiers.documents import DocumentCheck, ProvidedDocument, SavedBy
from chalicelib.domain.dossiers.uploads import UploadedFile
from chalicelib.domain.enrolment import enrolments as enrolment
from chalicelib.domain.enrolment.answers import CourseWish, HouseholdAnswers, PupilAnswers
from chalicelib.domain.enrolment.opinions import Opinion, OpinionRef, OpinionText
from chalicelib.domain.enrolment.periods import EnrolmentRef
from chalicelib.domain.family.corrections import Actor, Confirmation, Correction
from chalicelib.domain.family.households import Course, Guardian, Household, Pupil, PupilRef
from chalicelib.domain.staff.consultations import Consultation
from chalicelib.domain.teaching.announcements import AnnouncedAbsence
from chalicelib.domain.teaching.assessments import Assessment, AssessmentRef
from chalicelib.domain.teaching.calendars import PupilCalendar
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
    """The label of an attribute in an export, how it is given there, and the part of an erasure that deletes it.

    `phrase`: the words before it in the text, or around it if they have braces. With a space first, no comma parts it
    from the text before. None: the text leaves it out.
    `otherwise`: the text without a value.
    """

    label: str
    way: Way
    erased: Erased = "owner"
    phrase: str | None = None
    otherwise: str = ""


def _declare(way: Way, *names: str, erased: Erased = "owner") -> dict[str, Attribute]:
    """Declare attributes, in the order of an export: « label=attribute|phrase|otherwise », or without some of these."""
    attributes = {}
    for declaration in names:
        name, *text = declaration.split("|")
        label, _, attribute = name.rpartition("=")
        attributes[attribute] = Attribute(label or attribute, way, erased, *text)
    return attributes


_given, _withheld, _merged = (partial(_declare, way) for way in ("given", "withheld", "merged"))
_unnamed, _alone = partial(_declare, "unnamed"), partial(_declare, "alone")


def _answers(kind: type) -> dict[str, Attribute]:
    """Declare the fields of a form: all are the family's own answers."""
    return _given(*(answer.name for answer in fields(kind)))


ATTRIBUTES: Final[Mapping[type, Mapping[str, Attribute]]] = {
    PersonalData: {
        **_given("account|Le compte", erased="account"),
        **_given("sessions|Sessions", "failed_logins=tries|Essais de connexion ratés", erased="sessions"),
        **_given("logins|Accès des responsables", erased="logins"),
        **_given("enrolments|Réinscriptions", erased="enrolments"),
        **_given("opinions|Avis des enseignants", erased="opinions"),
        **_given("uploads|Pièces déposées", erased="documents"),
        **_given("requests=applications|Pré-inscriptions", erased="applications"),
        **_given("request_uploads=application_uploads|Pièces des pré-inscriptions", erased="applications"),
        **_given("bills|Factures", erased="bills"),
        **_given("acts|Demandes de l'administration", "consultations|Consultations du dossier", erased="trail"),
        **_given("lessons|Cours, appels et appréciations", erased="lessons"),
        **_declare("counted", "listed_in_notices_of_other_accounts=mentions|Mails d'autres comptes", erased="notices"),
        **_declare("if_any", "later|Écrit par une version plus récente"),
    },
    ApplicationData: {
        **_given("request=application|La demande", "uploads|Pièces déposées", erased="applications"),
        **_given("acts|Demandes de l'administration", erased="trail"),
        **_given("consultations|Consultations par l'administration", erased="trail"),
    },
    # the account
    AccountRef: _given("site|conservatoire :", "identifier|identifiant :"),
    Account: {
        **_merged("ref"),
        **_given("written=display_identifier", "name|nom :", "family", "role|nature :"),
        **_given("emails|adresses e-mail :|adresses e-mail : aucune", "disabled|compte désactivé|compte actif"),
        **_withheld("stamp|valeur qui ferme les sessions quand le mot de passe change :"),
        **_given("password|mot de passe :|mot de passe : aucun", "passkeys|clé d'accès", "links|FranceConnect"),
        **_given("mailed=mailed_passwords|mot de passe envoyé, pas utilisé,", "letters|mot de passe envoyé"),
        **_given("last_login|dernière connexion : le|dernière connexion : jamais", "failing=failing_mailboxes|mail à"),
        **_given("household|foyer :"),
        **_declare("names", "imported|champs suivis dans le fichier annuel, par une empreinte de chacun :"),
        **_given("gone_at|sortie du fichier annuel : le|sortie du fichier annuel : non"),
        **_given("application|ouvert pour la demande de pré-inscription :"),
        **_given("separated_at|coordonnées séparées entre responsables le", "rehearsed_on|répétition d'ouverture du"),
        **_given("notices|communiqué", "corrections|", "access=access_corrections|"),
        **_given("corrected=correction_times|coordonnées corrigées par la famille le"),
        **_given("confirmed|coordonnées confirmées :|coordonnées confirmées : pas par la famille"),
        **_given("unproven=pending_email|adresse pas encore prouvée :"),
        **_given("codes=code_times|code pour prouver une adresse demandé le"),
        **_unnamed("view"),
    },
    Password: {**_given("origin|", "changed_at| le"), **_withheld("hash|son empreinte :")},
    Passkey: {
        **_given("name|« {} »", "added_at| ajoutée le", "by|par", "proof||preuve non notée"),
        **_given("used_at|dernière utilisation : le|dernière utilisation : jamais"),
        **_withheld("public_key|sa valeur :", "id", "sign_count", "challenges"),
    },
    IdentityLink: {
        **_given("linked_at|relié le", "by|par", "proof||preuve non notée"),
        **_given("used_at|dernière utilisation : le|dernière utilisation : jamais"),
        **_withheld("subject|sa valeur :"),
    },
    MailedPassword: {
        **_given("expires_at|valable jusqu'au"),
        **_withheld("digest|son empreinte :"),
        **_unnamed("request"),
    },
    MailedLetter: {**_alone("at|le"), **_unnamed("request")},
    FailingMailbox: {
        **_declare("mailbox", "email=mailbox||une adresse qui n'est plus au dossier"),
        **_given("kind| :", "at| le"),
    },
    Household: {
        **_given("guardians|responsable :", "address|adresse postale :|adresse postale : aucune", "pupils|élève :"),
        **_given("payer|payeur :|payeur : non renseigné"),
    },
    Guardian: _given("name|", "email|", "telephone|", "address|", "login|accès personnel"),
    Pupil: {**_given("name|", "born_on|naissance le", "courses|cours :"), **_unnamed("key")},
    Course: _given("discipline|", "level|", "teacher|", "slot|", "place|"),
    Notice: {
        **_given("campaign|« {} »", "state| ", "at| le"),
        **_declare("mailbox", "email=mailbox|à|à une adresse qui n'est plus au dossier"),
        **_declare("counted", "listed_with_others=companions|autres comptes du même mail :"),
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
        **_given("email|", "asked_at|demandée le", "by|par"),
        **_declare("none", "replaced|à la place de"),
        **_withheld("code=mailed|son code :"),
        **_declare("counted", "tries|essais du code :"),
        **_declare("if_any", "guardian|pour"),
        **_unnamed("name"),
    },
    Session: {
        **_given("opened_at|ouverte le", "opened_by|", "seen_at|vue le", "expires_at|fin de session le"),
        **_given("previous_login|connexion d'avant le", "speaker|par", "browser|navigateur"),
        **_given("site_forgiven|un autre site que celui du compte avait été choisi", "login=identifier|identifiant"),
        **_given("family", "proven_at|identité prouvée à nouveau le", "proof|"),
        **_withheld("fingerprint|ce qui la prouve :", "stamp", "logout"),
        **_unnamed("site"),
    },
    AuditEntry: {**_given("at|", "kind| :"), **_merged("author"), **_unnamed("site", "account")},
    Author: {**_given("why|« {} »"), **_withheld("who")},
    Consultation: {
        **_given("at|", "kind| :", "last_at|jusqu'au", "times|nombre de fois :"),
        **_withheld("who"),
        **_unnamed("site", "account"),
    },
    Bills: {**_alone("invoices|"), **_unnamed("stamp")},
    Invoice: {
        **_given("number|n°", "issued_on| du", "label| « {} »", "cents| :", "due_on|à payer au plus tard le"),
        **_given("payments|payé"),
        **_declare("noted", "document|avec son PDF"),
    },
    Payment: _given("cents|", "on| le", "how|"),
    # re-enrolments
    EnrolmentRef: {**_given("season|"), **_unnamed("account")},
    enrolment.Enrolment: {
        **_merged("ref"),
        **_given("started_at|commencée le", "household|le foyer :", "household_saved|le foyer enregistré", "pupils|"),
        **_given("provided|pièce", "receipts|reçu", "is_partly_hidden|en partie cachée : d'un autre responsable"),
        **_declare("if_any", "corrections|"),
    },
    SavedBy: _given("at|le", "by|par"),
    enrolment.PupilFile: _given("key", "name|", "saved|réponses enregistrées", "sent| ; envoyé :", "draft| ;"),
    enrolment.SentAnswers: _given("receipt|reçu", "at| du", "answers| :", "decision| ; décision :"),
    enrolment.EnrolmentDecision: {**_given("verdict|", "at| le", "words| : « {} »"), **_withheld("by")},
    ProvidedDocument: {
        **_given("code|« {} »", "owner| pour"),
        **_declare("noted", "uploaded=object_key|déposée en ligne|promise sur papier"),
        **_given("saved| "),
        **_declare("if_any", "check|"),
    },
    DocumentCheck: {**_given("finding|", "at| le", "words| : « {} »"), **_withheld("by")},
    enrolment.Receipt: {
        **_given("number|", "at| du", "by|par", "household|le foyer :", "pupils|", "provided|pièce"),
        **_given("with_household|avec les réponses du foyer", "place"),
    },
    HouseholdAnswers: _answers(HouseholdAnswers),
    PupilAnswers: _answers(PupilAnswers),
    CourseWish: _given("discipline", "choice", "wanted", "days"),
    UploadedFile: {**_declare("document", "key|"), **_given("bytes=size|", "at|le"), **_unnamed("etag")},
    # teaching
    OpinionRef: {**_given("season|"), **_declare("pupil", "pupil|"), **_unnamed("site", "course")},
    OpinionText: _given("opinion=leaning|", "words| : « {} »"),
    Opinion: {
        **_merged("ref"),
        **_given("discipline|", "teacher|"),
        **_merged("said"),
        **_given("at|écrit le"),
        **_withheld("by"),
        **_unnamed("version"),
    },
    PupilRef: {**_alone("key|"), **_unnamed("identifier")},
    LessonData: {
        **_given("announced_absences=absences|absence annoncée :"),
        **_given("marks|appel :", erased="rolls"),
        **_given("unexcused_absences=unexcused|absence comptée comme non excusée :"),
        **_given("assessments|appréciation :", "calendars|agenda :"),
    },
    HeldLesson: {**_given("pupil|", "course|", "day|le"), **_merged("held")},
    AnnouncedAbsence: _given("at|annoncée le", "by|par", "why|« {} »"),
    RollMark: _given("mark|", "since|notée le"),
    UnexcusedLesson: _given("discipline"),
    HeldAssessment: {**_given("pupil|"), **_merged("ref", "assessment")},
    AssessmentRef: _given("school_year=year|", "period", "course"),
    Assessment: {
        **_given("title|", "discipline|", "teacher|", "at|écrite le", "text|« {} »"),
        **_withheld("by"),
    },
    PupilCalendar: {
        **_given("pupil|", "at|son adresse créée le", "by|par"),
        **_withheld("address=nonce|l'adresse :"),
        **_unnamed("site", "version", "links"),
    },
    # applications
    admission.ApplicationRef: {**_given("season|"), **_unnamed("mailbox")},
    admission.Application: {
        **_merged("ref"),
        **_given("email|adresse e-mail :", "started_at|pré-inscription commencée le"),
        **_given("saved_at|enregistrée pour la dernière fois le", "draft|pas encore envoyé :", "sent|envoyé :"),
        **_given("standings|", "provided|pièce"),
    },
    admission.Answers: _given("guardian|", "telephone|", "address|", "groups|priorités :", "candidates|"),
    admission.Candidate: _given("key", "first_name|", "last_name", "born_on|naissance le", "wishes|vœu :"),
    admission.Wish: _given("discipline|", "site|", "level|", "days|", "since|depuis le"),
    admission.Sent: {
        **_given("number|reçu", "first_at|le", "at|la dernière fois le", "answers|", "provided|pièce"),
        **_given("first_persons"),
    },
    admission.AdmissionDecision: {
        **_given("verdict|", "at| le", "words| : « {} »", "until|à compléter jusqu'au"),
        **_withheld("by"),
    },
    admission.Standing: {
        **_given("key|", "decision||demandée", "slot|pour", "account|compte :", "joined|que la famille avait déjà"),
        **_given("withdrawn_at|retirée le"),
    },
}
