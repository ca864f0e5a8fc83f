"""A request is forgotten: what belongs to it goes, and it goes last, so that whatever fails can begin again with it."""

from contextlib import suppress

from chalicelib.domain.admission.applications import Application
from chalicelib.domain.admission.paperwork import request_folder
from chalicelib.domain.refusals import WriteConflict
from chalicelib.office.admission.find import audited_as
from chalicelib.office.consultations import trail_deletions
from chalicelib.services.admission import admission_stores, release_claims
from chalicelib.services.family import Services

NO_SITE = "*"  # of a request that was begun and wishes for nothing yet


def site_of(application: Application) -> str:
    """Find the site by which it is counted: that of its first wish."""
    wishes = (wish for candidate in application.answers.candidates for wish in candidate.wishes)
    return next((wish.site for wish in wishes), NO_SITE)


def forget(services: Services, application: Application) -> bool:
    """Take every trace of a request out of the tables and the bucket; False where somebody changed it meanwhile.

    What pools, rankings and draws say stays: the number of a receipt, which leads nowhere from then on, and the key of
    a candidate. Raises `Unavailable`.
    """
    stores, number = admission_stores(services), application.number
    sent = application.sent.answers.candidates if application.sent else ()
    release_claims(services, application, [candidate.key for candidate in sent])
    services.documents.delete_under(request_folder(application.ref))
    stores.applicants.forget(application.ref)
    services.database.write_all(trail_deletions(services, audited_as(application.ref)))
    if number:
        services.database.write_together(stores.applications.delete_number(number))
    try:
        stores.applications.forget(application)
    except WriteConflict as lost:
        if number and lost.item:  # it stays, and is to be found
            with suppress(WriteConflict):
                stores.applications.add_number(number, application.ref)
        return lost.item is None
    return True
