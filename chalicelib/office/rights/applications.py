"""The rights of whoever asked for a place: by the number of a receipt, without an account; or with its account's."""

from collections.abc import Iterator
from datetime import datetime

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.account.audit import AuditEntry, Author, Erasure, ErasureReason
from chalicelib.domain.admission.applications import Application, ApplicationRef
from chalicelib.domain.admission.paperwork import application_folder
from chalicelib.domain.enrolment.periods import seasons_kept
from chalicelib.domain.enrolment.uploads import UploadedFile
from chalicelib.domain.refusals import Unavailable
from chalicelib.domain.staff.consultations import Consultation
from chalicelib.infra.dynamo.database import Lookup
from chalicelib.infra.dynamo.revise import RACES
from chalicelib.office.account import audit, check_author, consultations_of, pseudonym
from chalicelib.office.admission.applications import audited_as, find_application, is_number
from chalicelib.office.admission.places import free_places
from chalicelib.office.admission.purge import forget, site_of
from chalicelib.services.admission import admission_stores
from chalicelib.services.family import Services
from chalicelib.values import frozen


@frozen
class ApplicationData:
    """What is held on a request of somebody without an account; `acts` of the office on it, and who looked at it."""

    application: Application
    uploads: tuple[UploadedFile, ...]
    acts: tuple[AuditEntry, ...]
    consultations: tuple[Consultation, ...] = ()


def application_named(services: Services, typed: str) -> Application | None:
    """Find the request of a receipt's number; None for what is no such number. Raises `OfficeRefusal`: it has none."""
    return find_application(services, typed) if is_number(typed) else None


def export_application(services: Services, application: Application, author: Author, now: datetime) -> ApplicationData:
    """Read all that is held on an application, and note that it was. Raises `OfficeRefusal`."""
    noted = audited_as(application.ref)
    audit(services, noted, "exported", check_author(author), now)
    acts = tuple(services.audit_trail.on(noted.site, pseudonym(services, noted)))
    seen = consultations_of(services, noted, now)
    return ApplicationData(application, uploads_of(services, application), acts, seen)


def uploads_of(services: Services, application: Application) -> tuple[UploadedFile, ...]:
    """List what was uploaded for an application."""
    return services.documents.files(application_folder(application.ref))


def applications_of(services: Services, account: Account, now: datetime) -> tuple[Application, ...]:
    """Find the applications of an account's addresses, of whatever season is kept."""
    applications = services.database.read_together(*_lookups(services, account, now)) if account.emails else ()
    return tuple(application for application in applications if application.started_at)


def _lookups(services: Services, account: Account, now: datetime) -> Iterator[Lookup[Application]]:
    applications, pseudonyms = admission_stores(services).applications, services.record.pseudonyms
    for email in account.emails:
        for season in seasons_kept(now):
            yield applications.lookup(ApplicationRef(pseudonyms.of_mailbox(email), season))


def erase_application(
    services: Services, application: Application, who: str, reason: ErasureReason, now: datetime
) -> Erasure:
    """Erase one application, and note it without a word on whose. Raises `Unavailable`."""
    erasure = Erasure.of_applications([site_of(application)], who, reason, now)
    services.audit_trail.add_erasure(erasure)
    withdraw_and_forget(services, application, now)
    done = erasure.complete()
    services.audit_trail.add_erasure(done)
    return done


def withdraw_and_forget(services: Services, application: Application, now: datetime) -> None:
    """Withdraw an application, which frees its places, then take every trace of it. Raises `Unavailable`."""
    applications, known = admission_stores(services).applications, application
    for _ in range(RACES):  # an applicant whose page is open may come first
        _, known = applications.revise(known, lambda found: found.withdraw([one.key for one in found.live], now))
        _free_places(services, known)
        if forget(services, known):
            return
        known = applications.find(application.ref)
    raise Unavailable("the request keeps changing")


def _free_places(services: Services, application: Application) -> None:
    """Free what candidates that withdrew hold; who has an account keeps the place that it came for."""
    sent = application.sent.answers.candidates if application.sent else ()
    free_places(services, application, [one for one in sent if application.state(one.key) == "withdrawn"])
