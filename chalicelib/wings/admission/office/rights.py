"""The data rights of applicants: by a receipt's number, without an account, or with their account."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.audit import AuditEntry, Author, Erasure, ErasureReason
from chalicelib.domain.dossiers.uploads import UploadedFile
from chalicelib.domain.enrolment.periods import seasons_kept
from chalicelib.domain.refusals import Unavailable
from chalicelib.domain.staff.consultations import Consultation
from chalicelib.domain.staff.turns import Turn
from chalicelib.infra.dynamo.database import Lookup
from chalicelib.infra.dynamo.revise import RACES
from chalicelib.office.account import audit, check_author, consultations_of, pseudonym
from chalicelib.office.declarations import declare, drop, give, merge, withhold
from chalicelib.office.parts import DeclaredData
from chalicelib.services.office import AdmissionServices as Services
from chalicelib.values import frozen
from chalicelib.wings.admission.domain import applications as admission
from chalicelib.wings.admission.domain.applications import Application, ApplicationRef, CandidateRef
from chalicelib.wings.admission.domain.paperwork import application_folder
from chalicelib.wings.admission.office.applications import audited_as, find_application, is_number
from chalicelib.wings.admission.office.places import free_places, places_of
from chalicelib.wings.admission.office.purge import forget, has_applications, site_of


@frozen
class ApplicationData:
    """The data of an application without an account. `acts`: the office's acts on it and its consultations.

    `turn`: whose it is, if it ever was a member's.
    """

    application: Application
    uploads: tuple[UploadedFile, ...]
    acts: tuple[AuditEntry, ...]
    consultations: tuple[Consultation, ...] = ()
    turn: Turn | None = None


def application_named(services: Services, text: str) -> Application | None:
    """Find the application of a receipt's number. None for another text, or without the wing.

    Raises `OfficeRefusal` if there is none.
    """
    return find_application(services, text) if is_number(text) and has_applications(services) else None


def export_application(services: Services, application: Application, author: Author, now: datetime) -> ApplicationData:
    """Read all data of an application, and audit the export. Raises `OfficeRefusal`."""
    ref = audited_as(application.ref)
    audit(services, ref, "exported", check_author(author), now)
    acts = tuple(services.audit_trail.on(ref.site, pseudonym(services, ref)))
    readings, turn = consultations_of(services, ref, now), services.staff.turns.find(ref.site, ref.identifier)
    return ApplicationData(application, uploads_of(services, application), acts, readings, turn if turn.item else None)


def uploads_of(services: Services, application: Application) -> tuple[UploadedFile, ...]:
    """List an application's uploads."""
    return services.documents.files(application_folder(application.ref))


def applications_of(services: Services, account: Account, now: datetime) -> tuple[Application, ...]:
    """Find the applications of an account's addresses, of every stored season."""
    if not account.emails or not has_applications(services):
        return ()
    applications = services.database.read_together(*_lookups(services, account, now))
    return tuple(application for application in applications if application.started_at)


def _lookups(services: Services, account: Account, now: datetime) -> Iterator[Lookup[Application]]:
    applications, pseudonyms = services.admission.applications, services.record.pseudonyms
    for email in account.emails:
        for season in seasons_kept(now):
            yield applications.lookup(ApplicationRef(pseudonyms.of_mailbox(email), season))


def erase_application(
    services: Services, application: Application, by: str, reason: ErasureReason, now: datetime
) -> Erasure:
    """Erase one application, audited without naming the applicant. Raises `Unavailable`."""
    erasure = Erasure.of_applications([site_of(application)], by, reason, now)
    services.audit_trail.add_erasure(erasure)
    withdraw_and_forget(services, application, now)
    record = erasure.complete()
    services.audit_trail.add_erasure(record)
    return record


def rename_in_applications(services: Services, account: Account, old: AccountRef, now: datetime) -> None:
    """Give the accepted candidates of a merged family to the account that stays, in the applications of its addresses.

    As if a member had named it when they were accepted: they have.
    """
    new, names = (account.ref.site, account.ref.identifier), (old.site, old.identifier)

    def rename(application: Application) -> Application:
        for standing in application.standings:
            if standing.account == names:
                application = application.with_standing(replace(standing, account=new, joined=True))
        return application

    for application in applications_of(services, account, now):
        services.admission.applications.revise(application, rename)


def withdraw_and_forget(services: Services, application: Application, now: datetime) -> None:
    """Withdraw an application, which frees its places, then delete every trace of it. Raises `Unavailable`."""
    applications, current = services.admission.applications, application
    for _ in range(RACES):  # an applicant with an open page may write concurrently
        _, current = applications.revise(current, lambda found: found.withdraw([one.key for one in found.live], now))
        _free_places(services, current, now)
        if forget(services, current, now):
            return
        current = applications.find(application.ref)
    raise Unavailable("the request keeps changing")


def _free_places(services: Services, application: Application, now: datetime) -> None:
    """Free the places of withdrawn candidates. A candidate with an account keeps their place."""
    candidates = application.sent.answers.candidates if application.sent else ()
    leavers = [one.key for one in candidates if application.state(one.key) == "withdrawn"]
    pools = places_of(services, application.ref.season, now).pools
    free_places(services, pools, [CandidateRef(application.number, key) for key in leavers])


DATA: Final = DeclaredData(
    {
        ApplicationData: {
            **give("request=application|La demande", "uploads|Pièces déposées", part="applications"),
            **give("acts|Actes de l'administration", part="trail"),
            **give("consultations|Consultations par l'administration", part="trail"),
            **declare("if_any", "turn|Suivi de la demande par l'administration", part="trail"),
        },
        admission.ApplicationRef: {**give("season|année scolaire"), **drop("mailbox")},
        admission.Application: {
            **merge("ref"),
            **give("email|adresse e-mail :", "started_at|pré-inscription commencée le"),
            **give("saved_at|enregistrée pour la dernière fois le", "draft|pas encore envoyée :", "sent|envoyée :"),
            **give("standings|", "provided|pièce"),
        },
        admission.Answers: give(
            "guardian|responsable :", "telephone|", "address|", "groups|priorités :", "candidates|"
        ),
        admission.Candidate: give("key", "first_name|", "last_name", "born_on|naissance le", "wishes|vœu :"),
        admission.Wish: give("discipline|", "site|", "level|", "days|", "since|demandé le"),
        admission.Sent: give(
            *("number|reçu", "first_at|le", "at|la dernière fois le", "answers|", "provided|pièce", "first_persons")
        ),
        admission.AdmissionDecision: {
            **give("at|du", "verdict| :", "words| : « {} »", "until|réponse attendue jusqu'au"),
            **withhold("by"),
        },
        admission.Standing: {
            **give("key|", "decision|décision|demande sans décision", "slot|pour", "account|compte :"),
            **give("joined|que la famille avait déjà", "withdrawn_at|retirée le"),
        },
    },
    rename_in_applications,
)
