"""The receipt of an application: found again by its family, and mailed once it is sent."""

from datetime import datetime

from chalicelib.domain.admission.applications import Application, ApplicationRef
from chalicelib.flows.applicant.entry import ApplicantContext, Opening
from chalicelib.flows.applicant.terms import ReceiptView, receipt_view
from chalicelib.mail import letters
from chalicelib.mail.admission_jobs import AdmissionSubmitted, tracked_as
from chalicelib.mail.outbox import Proof, mail_once_written
from chalicelib.services.admission import admission_stores
from chalicelib.services.family import Services


def find(context: ApplicantContext) -> ReceiptView | None:
    """Find the receipt of what was sent; None where nothing was."""
    return receipt_view(context, context.application)


def mail_receipt(services: Services, job: AdmissionSubmitted, now: datetime) -> None:
    """Mail the receipt of a sending, if it came true. Raises `NotYetTrue` or `Unavailable` to be called again."""
    stores, ref = admission_stores(services), ApplicationRef(job.mailbox, job.season)
    application, periods = services.database.read_together(stores.applications.lookup(ref), stores.periods.lookup())
    opening = Opening(services.settings.network, periods, job.season, now)
    ending = mail_once_written(services.mailer, job, _proof(job, opening, application), now)
    if ending == "mailed":
        services.record.write("admission_receipt_mailed", now, job.request, application=ref.mailbox)
        return
    services.record.write("admission_receipt_dropped", now, job.request, application=ref.mailbox, reason=ending)


def _proof(job: AdmissionSubmitted, opening: Opening, application: Application) -> Proof | None:
    """Find that this very sending stands, and its letter; one that was sent anew since has a letter of its own."""
    view = receipt_view(opening, application)
    if view is None or view.sent.number != job.number or view.sent.at != job.asked_at.replace(microsecond=0):
        return None
    network, sites = opening.network, tuple(term.site for term in view.terms)
    facts = {"network": network, "settings": network.admission, "sites": sites, "view": view}
    return Proof(
        tracked_as(application.ref),
        application.email,
        lambda email: letters.fill("admission_receipt", email, opening.now, facts),
    )
