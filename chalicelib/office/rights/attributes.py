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
    part: Erased = "owner"
    phrase: str | None = None
    otherwise: str = ""


def _declare(way: Way, *names: str, part: Erased = "owner") -> dict[str, Attribute]:
    """Declare attributes, in the order of an export: « label=attribute|phrase|otherwise », or without some of these."""
    attributes = {}
    for declaration in names:
        name, *text = declaration.split("|")
        label, _, attribute = name.rpartition("=")
        attributes[attribute] = Attribute(label or attribute, way, part, *text)
    return attributes


_give, _withhold, _merge = (partial(_declare, way) for way in ("given", "withheld", "merged"))
_drop, _alone = partial(_declare, "unnamed"), partial(_declare, "alone")


def _answers(kind: type) -> dict[str, Attribute]:
    """Declare the fields of a form: all are the family's own answers."""
    return _give(*(answer.name for answer in fields(kind)))


ATTRIBUTES: Final[Mapping[type, Mapping[str, Attribute]]] = {
    PersonalData: {
        **_give("account|Le compte", part="account"),
        **_give("sessions|Sessions", "failed_logins=tries|Essais de connexion ratés", part="sessions"),
        **_give("logins|Accès des responsables", part="logins"),
        **_give("enrolments|Réinscriptions", part="enrolments"),
        **_give("opinions|Avis des enseignants", part="opinions"),
        **_give("uploads|Pièces déposées", part="documents"),
        **_give("requests=applications|Pré-inscriptions", part="applications"),
        **_give("request_uploads=application_uploads|Pièces des pré-inscriptions", part="applications"),
        **_give("bills|Factures", part="bills"),
        **_give("acts|Actes de l'administration", "consultations|Consultations du dossier", part="trail"),
        **_give("lessons|Cours, appels et appréciations", part="lessons"),
        **_declare("counted", "listed_in_notices_of_other_accounts=mentions|Mails d'autres comptes", part="notices"),
        **_declare("if_any", "later|Écrit par une version plus récente"),
    },
    ApplicationData: {
        **_give("request=application|La demande", "uploads|Pièces déposées", part="applications"),
        **_give("acts|Actes de l'administration", part="trail"),
        **_give("consultations|Consultations par l'administration", part="trail"),
    },
    # the account
    AccountRef: _give("site|conservatoire :", "identifier|identifiant :"),
    Account: {
        **_merge("ref"),
        **_give("written=display_identifier", "name|nom :", "family", "role|nature :"),
        **_give("emails|adresses e-mail :|adresses e-mail : aucune", "disabled|compte désactivé|compte actif"),
        **_withhold("stamp|repère qui ferme les sessions quand le mot de passe change :"),
        **_give("password|mot de passe :|mot de passe : aucun", "passkeys|clé d'accès", "links|FranceConnect"),
        **_give("mailed=mailed_passwords|mot de passe envoyé, pas encore utilisé,", "letters|mot de passe envoyé"),
        **_give("last_login|dernière connexion : le|dernière connexion : jamais", "failing=failing_mailboxes|mail à"),
        **_give("household|foyer"),
        **_declare("names", "imported|champs suivis dans le fichier annuel, par une empreinte de chacun :"),
        **_give("gone_at|sortie du fichier annuel : le|sortie du fichier annuel : non"),
        **_give("application|ouvert pour la demande de pré-inscription :"),
        **_give("separated_at|coordonnées séparées entre responsables le", "rehearsed_on|répétition d'ouverture du"),
        **_give("notices|communiqué", "corrections|changement du", "access=access_corrections|changement du"),
        **_give("corrected=correction_times|coordonnées corrigées par la famille le"),
        **_give("confirmed|coordonnées confirmées :|coordonnées confirmées par la famille : non"),
        **_give("unproven=pending_email|adresse pas encore prouvée :"),
        **_give("codes=code_times|code pour prouver une adresse demandé le"),
        **_drop("view"),
    },
    Password: {**_give("origin|", "changed_at| le"), **_withhold("hash|son empreinte :")},
    Passkey: {
        **_give("name|« {} »", "added_at| ajoutée le", "by|par", "proof||preuve non notée"),
        **_give("used_at|dernière utilisation : le|dernière utilisation : jamais"),
        **_withhold("public_key|la clé elle-même :", "id", "sign_count", "challenges"),
    },
    IdentityLink: {
        **_give("linked_at|relié le", "by|par", "proof||preuve non notée"),
        **_give("used_at|dernière utilisation : le|dernière utilisation : jamais"),
        **_withhold("subject|l'identité reçue :"),
    },
    MailedPassword: {
        **_give("expires_at|valable jusqu'au"),
        **_withhold("digest|son empreinte :"),
        **_drop("request"),
    },
    MailedLetter: {**_alone("at|le"), **_drop("request")},
    FailingMailbox: {
        **_declare("mailbox", "email=mailbox||une adresse qui n'est plus au dossier"),
        **_give("kind| :", "at| le"),
    },
    Household: {
        **_give("guardians|responsable :", "address|adresse postale :|adresse postale : aucune", "pupils|élève :"),
        **_give("payer|payeur :|payeur : non renseigné"),
    },
    Guardian: _give("name|", "email|", "telephone|", "address|", "login|accès personnel"),
    Pupil: {**_give("name|", "born_on|naissance le", "courses|cours :"), **_drop("key")},
    Course: _give("discipline|", "level|", "teacher|", "slot|", "place|"),
    Notice: {
        **_give("campaign|« {} »", "state| ", "at| le"),
        **_declare("mailbox", "email=mailbox|à|à une adresse qui n'est plus au dossier"),
        **_declare("counted", "listed_with_others=companions|autres comptes dans le même mail :"),
        **_withhold("writer"),
    },
    Correction: {
        **_give("field=what"),
        **_declare("none", "guardian=of"),
        **_give("old", "new"),
        **_merge("actor"),
        **_give("at"),
        **_declare("if_any", "session"),
        **_drop("decision"),
    },
    Actor: {**_give("by=side"), **_declare("author", "who")},
    Confirmation: _give("by", "at"),
    PendingEmail: {
        **_give("email|", "asked_at|demandée le", "by|par"),
        **_declare("none", "replaced|à la place de"),
        **_declare("if_any", "guardian|pour"),
        **_withhold("code=mailed|son code :"),
        **_declare("counted", "tries|essais du code :"),
        **_drop("name"),
    },
    Session: {
        **_give("opened_at|ouverte le", "opened_by|", "seen_at|dernière page vue le", "expires_at|fin de session le"),
        **_give("previous_login|connexion précédente le", "speaker|par", "browser|navigateur"),
        **_give("site_forgiven|un autre site que celui du compte avait été choisi", "login=identifier|identifiant"),
        **_give("family", "proven_at|identité prouvée à nouveau le", "proof|"),
        **_withhold("fingerprint|ce qui la prouve :", "stamp", "logout"),
        **_drop("site"),
    },
    AuditEntry: {**_give("at|", "kind| :"), **_merge("author"), **_drop("site", "account")},
    Author: {**_give("why|« {} »"), **_withhold("who")},
    Consultation: {
        **_give("at|", "kind| :", "last_at|jusqu'au", "times|nombre de fois :"),
        **_withhold("who"),
        **_drop("site", "account"),
    },
    Bills: {**_alone("invoices|"), **_drop("stamp")},
    Invoice: {
        **_give("number|n°", "issued_on| du", "label| « {} »", "cents| :", "due_on|à payer au plus tard le"),
        **_give("payments|payé"),
        **_declare("noted", "document|avec son PDF"),
    },
    Payment: _give("cents|", "on| le", "how|"),
    # re-enrolments
    EnrolmentRef: {**_give("season|"), **_drop("account")},
    enrolment.Enrolment: {
        **_merge("ref"),
        **_give("started_at|commencée le", "household|foyer :", "household_saved|foyer enregistré", "pupils|"),
        **_give("provided|pièce", "receipts|reçu", "is_partly_hidden|en partie cachée : d'un autre responsable"),
        **_declare("if_any", "corrections|"),
    },
    SavedBy: _give("at|le", "by|par"),
    enrolment.PupilFile: _give("key", "name|", "saved|réponses enregistrées", "sent| ; envoyées :", "draft| ;"),
    enrolment.SentAnswers: _give("receipt|reçu", "at| du", "answers| :", "decision| ; décision"),
    enrolment.EnrolmentDecision: {**_give("at|du", "verdict| :", "words| : « {} »"), **_withhold("by")},
    ProvidedDocument: {
        **_give("code|« {} »", "owner| pour"),
        **_declare("noted", "uploaded=object_key|déposée en ligne|promise sur papier"),
        **_give("saved| "),
        **_declare("if_any", "check|"),
    },
    DocumentCheck: {**_give("finding|", "at| le", "words| : « {} »"), **_withhold("by")},
    enrolment.Receipt: {
        **_give("number|", "at| du", "by|par", "household|foyer :", "pupils|", "provided|pièce"),
        **_give("with_household|avec les réponses du foyer", "place"),
    },
    HouseholdAnswers: _answers(HouseholdAnswers),
    PupilAnswers: _answers(PupilAnswers),
    CourseWish: _give("discipline", "choice", "wanted", "days"),
    UploadedFile: {**_declare("document", "key|"), **_give("bytes=size|", "at|déposée le"), **_drop("etag")},
    # teaching
    OpinionRef: {**_give("season|"), **_declare("pupil", "pupil|"), **_drop("site", "course")},
    OpinionText: _give("opinion=leaning|", "words| : « {} »"),
    Opinion: {
        **_merge("ref"),
        **_give("discipline|", "teacher|"),
        **_merge("said"),
        **_give("at|écrit le"),
        **_withhold("by"),
        **_drop("version"),
    },
    PupilRef: {**_alone("key|"), **_drop("identifier")},
    LessonData: {
        **_give("announced_absences=absences|absence annoncée :"),
        **_give("marks|appel :", part="rolls"),
        **_give("unexcused_absences|absence comptée comme non excusée :"),
        **_give("assessments|appréciation :", "calendars|agenda :"),
    },
    HeldLesson: {**_give("pupil|", "course|", "day|le"), **_merge("fact")},
    AnnouncedAbsence: _give("at|annoncée le", "by|par", "why|« {} »"),
    RollMark: _give("mark|", "since|notée le"),
    UnexcusedLesson: _give("discipline"),
    HeldAssessment: {**_give("pupil|"), **_merge("ref", "assessment")},
    AssessmentRef: _give("school_year=year|", "period", "course"),
    Assessment: {
        **_give("title|", "discipline|", "teacher|", "at|écrite le", "text|« {} »"),
        **_withhold("by"),
    },
    PupilCalendar: {
        **_give("pupil|", "at|son adresse créée le", "by|par"),
        **_withhold("address=nonce|l'adresse :"),
        **_drop("site", "version", "links"),
    },
    # applications
    admission.ApplicationRef: {**_give("season|année scolaire"), **_drop("mailbox")},
    admission.Application: {
        **_merge("ref"),
        **_give("email|adresse e-mail :", "started_at|pré-inscription commencée le"),
        **_give("saved_at|enregistrée pour la dernière fois le", "draft|pas encore envoyée :", "sent|envoyée :"),
        **_give("standings|", "provided|pièce"),
    },
    admission.Answers: _give("guardian|responsable :", "telephone|", "address|", "groups|priorités :", "candidates|"),
    admission.Candidate: _give("key", "first_name|", "last_name", "born_on|naissance le", "wishes|vœu :"),
    admission.Wish: _give("discipline|", "site|", "level|", "days|", "since|demandé le"),
    admission.Sent: _give(
        *("number|reçu", "first_at|le", "at|la dernière fois le", "answers|", "provided|pièce", "first_persons")
    ),
    admission.AdmissionDecision: {
        **_give("at|du", "verdict| :", "words| : « {} »", "until|réponse attendue jusqu'au"),
        **_withhold("by"),
    },
    admission.Standing: {
        **_give("key|", "decision|décision|demande sans décision", "slot|pour", "account|compte :"),
        **_give("joined|que la famille avait déjà", "withdrawn_at|retirée le"),
    },
}
