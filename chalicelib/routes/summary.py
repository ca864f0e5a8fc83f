"""GET and POST /extranet/compte/reinscription/recapitulatif: everything as text, and the button that sends it."""

from collections.abc import Collection
from dataclasses import replace

from chalice.app import Response

from chalicelib import texts
from chalicelib.domain.enrolment.enrolments import FOYER
from chalicelib.domain.enrolment.submissions import MOST_RECEIPTS, sendable
from chalicelib.domain.refusals import FormRefusal, ReceiptsUsedUp, SummaryMoved
from chalicelib.flows.receipt import shown
from chalicelib.flows.reenrolment import Enrolling
from chalicelib.flows.summary import Sending, household_is_sendable, mark_of_summary, send
from chalicelib.routes import answers
from chalicelib.routes.answers import NOTHING, Told
from chalicelib.routes.edge import REENROLMENT_PAGE, Door, Visit
from chalicelib.routes.receipt import receipt_page, receipt_path
from chalicelib.routes.reenrolment import enrol, step_page, step_told

routes = Door(__name__)

_PATH = f"{REENROLMENT_PAGE}/recapitulatif"


@routes.get(_PATH)
def show_summary(visit: Visit) -> Response:
    """Show all that was answered, what lacks, and what may be sent."""
    enrolling = enrol(visit)
    return _page(visit, enrolling, NOTHING, enrolling.pupils)


@routes.post(_PATH)
def take_form(visit: Visit) -> Response:
    """Send, and lead to the receipt; or to that of who sent the same before; or show the summary again."""
    enrolling = enrol(visit)
    keys = tuple(key for key in (*enrolling.pupils, FOYER) if visit.typed(f"envoyer-{key}"))
    try:
        visit.check_lengths()
        outcome = send(visit.services, enrolling, Sending(keys, visit.typed("par"), visit.typed("vu")), visit.client)
    except SummaryMoved as moved:
        return _page(visit, replace(enrolling, enrolment=moved.enrolment), _moved(moved), enrolling.pupils)
    except ReceiptsUsedUp as refusal:
        return _page(visit, enrolling, _used_up(refusal, enrolling), keys)
    except FormRefusal as refusal:
        return _page(visit, enrolling, step_told(refusal, visit), keys)
    receipt = outcome.receipt
    if outcome.is_new:
        return answers.redirect(visit.services, receipt_path(receipt.number))
    information = texts.say("already_sent", who=receipt.by, when=texts.day_and_hour(receipt.at))
    found = replace(enrolling, enrolment=outcome.enrolment)
    return receipt_page(visit, found, shown(visit.services, outcome.enrolment, receipt), information)


def _page(visit: Visit, enrolling: Enrolling, what: Told, ticked: Collection[str]) -> Response:
    return step_page(
        visit,
        enrolling,
        "summary",
        what,
        documents=enrolling.asked(visit.services),
        files=[enrolling.enrolment.file_of(key, pupil.name) for key, pupil in enrolling.pupils.items()],
        sendable=sendable(enrolling.enrolment, enrolling.pupils),
        household_is_sendable=household_is_sendable(enrolling),
        ticked=ticked,
        mark=mark_of_summary(enrolling),
    )


def _used_up(refusal: ReceiptsUsedUp, enrolling: Enrolling) -> Told:
    telephone = enrolling.visitor.site.contact.telephone
    return Told(422, texts.say(refusal.code, most=MOST_RECEIPTS, telephone=telephone))


def _moved(moved: SummaryMoved) -> Told:
    saved = moved.enrolment.last_saved
    who = saved.by if saved else "quelqu'un d'autre"
    when = f"le {texts.day_and_hour(saved.at)}" if saved else "entre-temps"
    return Told(422, texts.say(moved.code, who=who, when=when))
