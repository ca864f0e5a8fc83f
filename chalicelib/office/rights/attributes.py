"""How subject access gives each attribute of a family's data, as JSON and as text, and which erasure deletes it.

An attribute without a declaration fails a test (`tests/office/rights/test_attributes.py`).
"""

from collections.abc import Mapping
from dataclasses import fields
from typing import Final

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
from chalicelib.domain.dossiers.documents import DocumentCheck, ProvidedDocument, SavedBy
from chalicelib.domain.dossiers.uploads import UploadedFile
from chalicelib.domain.enrolment import enrolments as enrolment
from chalicelib.domain.enrolment.answers import CourseWish, HouseholdAnswers, PupilAnswers
from chalicelib.domain.enrolment.opinions import Opinion, OpinionRef, OpinionText
from chalicelib.domain.enrolment.periods import EnrolmentRef
from chalicelib.domain.family.corrections import Actor, Confirmation, Correction
from chalicelib.domain.family.extensions import Extension
from chalicelib.domain.family.households import Course, Guardian, Household, Pupil, PupilRef
from chalicelib.domain.staff.consultations import Consultation
from chalicelib.domain.staff.turns import Turn
from chalicelib.office.declarations import Attribute, alone, declare, drop, give, merge, withhold
from chalicelib.office.parts import DeclaredData, RightsPart
from chalicelib.office.rights.subject_access import PersonalData
from chalicelib.settings.wings import parts
from chalicelib.wings import ALL_WINGS


def _answers(kind: type) -> dict[str, Attribute]:
    """Declare the fields of a form: all are the family's own answers."""
    return give(*(answer.name for answer in fields(kind)))


ATTRIBUTES: Final[Mapping[type, Mapping[str, Attribute]]] = {
    PersonalData: {
        **give("account|Le compte", part="account"),
        **give("sessions|Sessions", "failed_logins=tries|Essais de connexion ratés", part="sessions"),
        **give("logins|Accès des responsables", part="logins"),
        **give("enrolments|Réinscriptions", part="enrolments"),
        **give("opinions|Avis des enseignants", part="opinions"),
        **give("uploads|Pièces déposées", part="documents"),
        **give("requests=applications|Pré-inscriptions", part="applications"),
        **give("request_uploads=application_uploads|Pièces des pré-inscriptions", part="applications"),
        **declare("parts", "of_wings", part="wings"),
        **give("acts|Actes de l'administration", "consultations|Consultations du dossier", part="trail"),
        **give("lessons|Cours, appels et appréciations", part="lessons"),
        **declare("if_any", "turn|Suivi du dossier par l'administration", part="trail"),
        **declare("if_any", "request_turns|Suivi de ses demandes par l'administration", part="applications"),
        **declare("counted", "listed_in_notices_of_other_accounts=mentions|Mails d'autres comptes", part="notices"),
        **declare("if_any", "later|Écrit par une version plus récente"),
    },
    # the account
    AccountRef: give("site|conservatoire :", "identifier|identifiant :"),
    Account: {
        **merge("ref"),
        **give("written=display_identifier", "aliases|autre identifiant :", "former_aliases|ancien identifiant :"),
        **give("name|nom :", "family", "role|nature :"),
        **give("emails|adresses e-mail :|adresses e-mail : aucune", "disabled|compte désactivé|compte actif"),
        **withhold("stamp|repère qui ferme les sessions quand le mot de passe change :"),
        **give("password|mot de passe :|mot de passe : aucun", "passkeys|clé d'accès", "links|FranceConnect"),
        **give("mailed=mailed_passwords|mot de passe envoyé, pas encore utilisé,", "letters|mot de passe envoyé"),
        **give("last_login|dernière connexion : le|dernière connexion : jamais", "failing=failing_mailboxes|mail à"),
        **give("household|foyer"),
        **declare("names", "imported|champs suivis dans le fichier annuel, par une empreinte de chacun :"),
        **give("gone_at|sortie du fichier annuel : le|sortie du fichier annuel : non"),
        **give("application|ouvert pour la demande de pré-inscription :"),
        **give("separated_at|coordonnées séparées entre responsables le", "rehearsed_on|répétition d'ouverture du"),
        **give("notices|communiqué", "corrections|changement du", "access=access_corrections|changement du"),
        **give("corrected=correction_times|coordonnées corrigées par la famille le"),
        **declare("if_any", "extension|délai de réinscription :"),
        **give("merging_into|réunion en cours avec :", "merging_from|réunion en cours avec :"),
        **give("confirmed|coordonnées confirmées :|coordonnées confirmées par la famille : non"),
        **give("unproven=pending_email|adresse pas encore prouvée :"),
        **give("codes=code_times|code pour prouver une adresse demandé le"),
        **drop("view"),
    },
    Password: {**give("origin|", "changed_at| le"), **withhold("hash|son empreinte :")},
    Passkey: {
        **give("name|« {} »", "added_at| ajoutée le", "by|par", "proof||preuve non notée"),
        **give("used_at|dernière utilisation : le|dernière utilisation : jamais"),
        **withhold("public_key|la clé elle-même :", "id", "sign_count", "challenges"),
    },
    IdentityLink: {
        **give("linked_at|relié le", "by|par", "proof||preuve non notée"),
        **give("used_at|dernière utilisation : le|dernière utilisation : jamais"),
        **withhold("subject|l'identité reçue :"),
    },
    MailedPassword: {**give("expires_at|valable jusqu'au"), **withhold("digest|son empreinte :"), **drop("request")},
    MailedLetter: {**alone("at|le"), **drop("request")},
    FailingMailbox: {
        **declare("mailbox", "email=mailbox||une adresse qui n'est plus au dossier"),
        **give("kind| :", "at| le"),
    },
    Household: {
        **give("guardians|responsable :", "address|adresse postale :|adresse postale : aucune", "pupils|élève :"),
        **give("payer|payeur :|payeur : non renseigné"),
    },
    Guardian: {**give("name|", "email|", "telephone|", "address|", "login|accès personnel"), **drop("is_added")},
    Pupil: {**give("name|", "born_on|naissance le", "courses|cours :"), **drop("key", "is_added")},
    Course: give("discipline|", "level|", "teacher|", "slot|", "place|"),
    Notice: {
        **give("campaign|« {} »", "state| ", "at| le"),
        **declare("mailbox", "email=mailbox|à|à une adresse qui n'est plus au dossier"),
        **declare("counted", "listed_with_others=companions|autres comptes dans le même mail :"),
        **withhold("writer"),
    },
    Correction: {
        **give("field=what"),
        **declare("none", "guardian=of"),
        **give("old", "new"),
        **merge("actor"),
        **give("at"),
        **declare("if_any", "session"),
        **drop("decision"),
    },
    Actor: {**give("by=side"), **declare("author", "who")},
    Confirmation: give("by", "at"),
    Extension: {**give("until|jusqu'au", "why|« {} »", "at|accordé le"), **withhold("by")},
    PendingEmail: {
        **give("email|", "asked_at|demandée le", "by|par"),
        **declare("none", "replaced|à la place de"),
        **declare("if_any", "guardian|pour"),
        **withhold("code=mailed|son code :"),
        **declare("counted", "tries|essais du code :"),
        **drop("name"),
    },
    Session: {
        **give("opened_at|ouverte le", "opened_by|", "seen_at|dernière page vue le", "expires_at|fin de session le"),
        **give("previous_login|connexion précédente le", "speaker|par", "browser|navigateur"),
        **give("site_forgiven|un autre site que celui du compte avait été choisi", "login=identifier|identifiant"),
        **give("family", "proven_at|identité prouvée à nouveau le", "proof|"),
        **withhold("fingerprint|ce qui la prouve :", "stamp", "logout"),
        **drop("site"),
    },
    AuditEntry: {**give("at|", "kind| :"), **merge("author"), **drop("site", "account", "name")},
    Turn: {
        **give("since|pris en main le", "call_on|à rappeler le"),
        **withhold("holder"),
        **drop("site", "identifier"),
    },
    Author: {**give("why|« {} »"), **withhold("who")},
    Consultation: {
        **give("at|", "kind| :", "last_at|jusqu'au", "times|nombre de fois :"),
        **withhold("who"),
        **drop("site", "account"),
    },
    # re-enrolments
    EnrolmentRef: {**give("season|"), **drop("account")},
    enrolment.Enrolment: {
        **merge("ref"),
        **give("started_at|commencée le", "household|foyer :", "household_saved|foyer enregistré", "pupils|"),
        **give("provided|pièce", "receipts|reçu", "is_partly_hidden|en partie cachée : d'un autre responsable"),
        **declare("if_any", "corrections|"),
    },
    SavedBy: give("at|le", "by|par"),
    enrolment.PupilFile: give("key", "name|", "saved|réponses enregistrées", "sent| ; envoyées :", "draft| ;"),
    enrolment.SentAnswers: give("receipt|reçu", "at| du", "answers| :", "decision| ; décision"),
    enrolment.EnrolmentDecision: {**give("at|du", "verdict| :", "words| : « {} »"), **withhold("by")},
    ProvidedDocument: {
        **give("code|« {} »", "owner| pour"),
        **declare("noted", "uploaded=object_key|déposée en ligne|promise sur papier"),
        **give("saved| "),
        **declare("if_any", "check|"),
    },
    DocumentCheck: {**give("finding|", "at| le", "words| : « {} »"), **withhold("by")},
    enrolment.Receipt: {
        **give("number|", "at| du", "by|par", "household|foyer :", "pupils|", "provided|pièce"),
        **give("with_household|avec les réponses du foyer", "place"),
        **declare("if_any", "paper|saisi par le conservatoire :"),
    },
    enrolment.PaperForm: {**give("channel|", "day|du"), **withhold("by")},
    HouseholdAnswers: _answers(HouseholdAnswers),
    PupilAnswers: _answers(PupilAnswers),
    CourseWish: give("discipline", "choice", "wanted", "days"),
    UploadedFile: {**declare("document", "key|"), **give("bytes=size|", "at|déposée le"), **drop("etag")},
    OpinionRef: {**give("season|"), **declare("pupil", "pupil|"), **drop("site", "course")},
    OpinionText: give("opinion=leaning|", "words| : « {} »"),
    Opinion: {
        **merge("ref"),
        **give("discipline|", "teacher|"),
        **merge("said"),
        **give("at|écrit le"),
        **withhold("by"),
        **drop("version"),
    },
    PupilRef: {**alone("key|"), **drop("identifier")},
    **{kind: attributes for part in parts(RightsPart, ALL_WINGS) for kind, attributes in part.attributes.items()},
    **{kind: attributes for part in parts(DeclaredData, ALL_WINGS) for kind, attributes in part.attributes.items()},
}
