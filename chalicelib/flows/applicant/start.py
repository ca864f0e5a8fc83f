"""Start: an address alone is asked for; the same is said, and the same is done, whatever it is."""

from datetime import datetime

from chalicelib.domain.admission.email_codes import QUESTIONS_OF_CLIENT, Question, QuestionKind, write_question
from chalicelib.domain.admission.page_stamps import PageStamps
from chalicelib.domain.admission.refusals import PageUnripe, QuestionsSlowedDown, RequestsClosed
from chalicelib.domain.refusals import SlowedDown
from chalicelib.flows.applicant.entry import Opening
from chalicelib.mail.admission_jobs import AdmissionCode
from chalicelib.services.admission import admission_stores
from chalicelib.services.family import Client, Services
from chalicelib.stores.applicants import questions_of_client


def page_stamp(services: Services, now: datetime, before: str = "") -> str:
    """Stamp the start page: its form tells when it was made.

    `before`: what its form said; whoever mends an address has been reading for long enough.
    """
    stamps = PageStamps(services.settings.key_ring("page-stamps"))
    return before if stamps.is_ripe(before, now) else stamps.stamp(now)


def ask_for_place(services: Services, email: str, stamp: str, opening: Opening, client: Client) -> str:
    """Have a code mailed to an address, normalised; give what the browser carries until it is typed.

    Raises `PageUnripe`, `RequestsClosed`, `QuestionsSlowedDown`: never for what the address is.
    """
    if not PageStamps(services.settings.key_ring("page-stamps")).is_ripe(stamp, opening.now):
        raise PageUnripe
    if not opening.is_open:
        raise RequestsClosed
    return ask(services, "email", email, opening.season, client, opening.now)


def fool(services: Services, client: Client, now: datetime) -> str:
    """Give a machine what a browser would carry; nobody has been asked anything. It is recorded."""
    services.record.write("admission_trapped", now, client.request, address=client.address)
    return write_question(services.settings.key_ring("questions"), Question("email", "", "", now))


def ask(  # noqa: PLR0913, PLR0917 - what was asked, who asks, when
    services: Services, kind: QuestionKind, words: str, season: str, client: Client, now: datetime
) -> str:
    """Drop a question in the post box, without a look-up; give it as the browser carries it.

    Raises `QuestionsSlowedDown`.
    """
    try:
        admission_stores(services).attempts.reserve(questions_of_client(client.address), QUESTIONS_OF_CLIENT, now)
    except SlowedDown as refusal:
        services.record.write("admission_slowed", now, client.request, address=client.address)
        raise QuestionsSlowedDown(refusal.until) from None
    question = write_question(services.settings.key_ring("questions"), Question(kind, words, season, now))
    services.post_box.post(AdmissionCode(request=client.request, asked_at=now, question=question))
    services.record.write("admission_asked", now, client.request, address=client.address)
    return question
