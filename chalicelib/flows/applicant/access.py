"""The code that proves a mailbox: mailed by the post, typed in the browser that asked for it, good once."""

import re
from datetime import datetime
from typing import Final, Literal

from chalicelib.domain.account.email_proof import code_from, new_code
from chalicelib.domain.account.identifiers import email_from
from chalicelib.domain.account.sessions import Token
from chalicelib.domain.admission.applicant_sessions import ApplicantSession, new_token
from chalicelib.domain.admission.applications import Application, ApplicationRef
from chalicelib.domain.admission.email_codes import (
    QUESTIONS_OF_CLIENT,
    TRIES,
    Code,
    CodeRequest,
    PageStamps,
    QuestionKind,
    digest,
    name_of_mailed,
    read_code_request,
    sign_code_request,
)
from chalicelib.domain.admission.refusals import AdmissionClosed, CodesAskedTooOften, CodeUsedUp, PageUnripe
from chalicelib.domain.admission.retention import is_forgotten
from chalicelib.domain.enrolment.submissions import number_from
from chalicelib.domain.refusals import FieldsRefused, SlowedDown, Undeliverable
from chalicelib.flows.applicant.entry import AdmissionPeriods, read_admission_periods
from chalicelib.mail import letters
from chalicelib.mail.admission_jobs import AdmissionCode, tracked_as
from chalicelib.services.admission import admission_stores
from chalicelib.services.family import Client, Services
from chalicelib.stores.applicants import questions_of_client, tries_at
from chalicelib.values import frozen


def leave(services: Services, token: Token | None, client: Client, now: datetime) -> None:
    """Forget the session of this token; nothing to say when there is none."""
    if token is None:
        return
    services.database.write_together(admission_stores(services).applicants.delete_session(token))
    services.record.write("admission_left", now, client.request)


def page_stamp(services: Services, now: datetime, before: str = "") -> str:
    """Stamp the start page: its form tells when it was made.

    `before`: what its form said; whoever mends an address has been reading for long enough.
    """
    stamps = PageStamps(services.settings.key_ring("page-stamps"))
    return before if stamps.is_ripe(before, now) else stamps.stamp(now)


def ask_for_place(
    services: Services, email: str, stamp: str, admission_periods: AdmissionPeriods, client: Client
) -> str:
    """Have a code mailed to an address, normalised; give what the browser carries until it is typed.

    Raises `PageUnripe`, `AdmissionClosed`, `CodesAskedTooOften`: never for what the address is.
    """
    if not PageStamps(services.settings.key_ring("page-stamps")).is_ripe(stamp, admission_periods.now):
        raise PageUnripe
    if not admission_periods.is_open:
        raise AdmissionClosed
    return ask(services, "email", email, admission_periods.season, client, admission_periods.now)


def answer_bot(services: Services, client: Client, now: datetime) -> str:
    """Give a machine what a browser would carry; nobody has been asked anything. It is recorded."""
    services.record.write("admission_trapped", now, client.request, address=client.address)
    return sign_code_request(services.settings.key_ring("questions"), CodeRequest("email", "", "", now))


def ask(  # noqa: PLR0913, PLR0917 - what was asked, who asks, when
    services: Services, kind: QuestionKind, words: str, season: str, client: Client, now: datetime
) -> str:
    """Drop a question in the post box, without a look-up; give it as the browser carries it.

    Raises `CodesAskedTooOften`.
    """
    try:
        admission_stores(services).attempts.reserve(questions_of_client(client.address), QUESTIONS_OF_CLIENT, now)
    except SlowedDown as refusal:
        services.record.write("admission_slowed", now, client.request, address=client.address)
        raise CodesAskedTooOften(refusal.until) from None
    question = sign_code_request(services.settings.key_ring("questions"), CodeRequest(kind, words, season, now))
    services.post_box.post(AdmissionCode(request=client.request, asked_at=now, question=question))
    services.record.write("admission_asked", now, client.request, address=client.address)
    return question


def code_request_of(services: Services, cookie: str) -> CodeRequest | None:
    """Read a browser's question. None if it has none that we signed."""
    return read_code_request(services.settings.key_ring("questions"), cookie)


def prove(services: Services, code_request: CodeRequest, typed: str, client: Client, now: datetime) -> Token:
    """Open a session with the code that was mailed for this question, and begin its application where there is none.

    Four round trips at most. Raises `FieldsRefused` for a wrong code and for one that no mail ever held, never telling
    which, and `CodeUsedUp`. All five tries are counted before they are looked at, by the write.
    """
    code = code_from(typed)
    if not code:
        raise FieldsRefused({"code": ("code_missing",)})
    stores = admission_stores(services)
    if now >= code_request.expires_at:
        raise CodeUsedUp
    try:
        stores.attempts.reserve(tries_at(code_request.name), TRIES, now)
    except SlowedDown:
        raise CodeUsedUp from None
    kept = stores.applicants.find_code(code_request.name)
    if kept is None or not kept.opens(digest(services.record.pseudonyms, code_request.name, kept.ref, code), now):
        services.record.write("admission_code_refused", now, client.request, address=client.address)
        raise FieldsRefused({"code": ("applicant_code_wrong",)})
    _begin(services, code_request, kept.ref, now)
    return _open_session(services, kept, client, now)


def _begin(services: Services, code_request: CodeRequest, ref: ApplicationRef, now: datetime) -> None:
    """Begin the application of an address that asks for a place; one that is begun, and not forgotten, goes on."""
    if code_request.kind == "email":
        begun = Application(ref, code_request.words, started_at=now, saved_at=now)
        admission_stores(services).applications.begin(begun, now)


def _open_session(services: Services, code: Code, client: Client, now: datetime) -> Token:
    applicants, token = admission_stores(services).applicants, new_token()
    session = ApplicantSession(token.fingerprint, code.ref, now, now)
    services.database.write_together(applicants.put_session(session), applicants.put_code(code.use(now)))
    services.record.write("admission_entered", now, client.request, application=code.ref.mailbox)
    return token


@frozen
class _CodeReader:
    """Who gets a question's mail: at which address, for which application; and which mail."""

    email: str
    ref: ApplicationRef
    letter: Literal["admission_code", "admission_known"] = "admission_code"


def mail_code(services: Services, job: AdmissionCode, now: datetime) -> None:
    """Mail the code of a question, or say that there is an account already. Raises `Unavailable`.

    The job is then delivered again, and at worst another code is mailed for the same question: both work.
    """
    code_request = read_code_request(services.settings.key_ring("questions"), job.question)
    if code_request is None or now >= code_request.expires_at:
        services.record.write("admission_dropped", now, job.request, reason="stale")
        return
    reader = _reader(services, code_request, now)
    reason = _mail(services, code_request, reader, job, now) if reader else "unknown"
    if reason or reader is None:
        services.record.write("admission_dropped", now, job.request, reason=reason or "")
    else:
        mailbox, letter = reader.ref.mailbox, reader.letter
        services.record.write("admission_mailed", now, job.request, application=mailbox, letter=letter)


def _reader(services: Services, code_request: CodeRequest, now: datetime) -> _CodeReader | None:
    """Find who gets the mail; an application that is begun goes on, though its address came to be a family's."""
    applications = admission_stores(services).applications
    if code_request.kind == "number":
        application = applications.find_by_number(code_request.words)
        return (
            _CodeReader(application.email, application.ref)
            if application and not is_forgotten(application, now)
            else None
        )
    ref = ApplicationRef(services.record.pseudonyms.of_mailbox(code_request.words), code_request.season)
    kept = applications.find(ref)
    is_begun = kept.started_at is not None and not is_forgotten(kept, now)
    if code_request.kind == "sender":
        return _CodeReader(code_request.words, ref) if is_begun else None
    is_known = not is_begun and _is_on_file(services, ref.mailbox)
    return _CodeReader(code_request.words, ref, "admission_known" if is_known else "admission_code")


def _is_on_file(services: Services, mailbox: str) -> bool:
    """Whether an account that is open has this address."""
    refs = services.mailboxes.find(mailbox).refs
    accounts = services.database.read_together(*map(services.accounts.lookup, refs)) if refs else ()
    pseudonyms = services.record.pseudonyms
    return any(account and not account.disabled and account.mailbox(mailbox, pseudonyms) for account in accounts)


def _mail(
    services: Services, code_request: CodeRequest, reader: _CodeReader, job: AdmissionCode, now: datetime
) -> str | None:
    """Mail what there is to say, three times an hour and six a day to one address; the reason where nothing leaves."""
    applicants, pseudonyms = admission_stores(services).applicants, services.record.pseudonyms
    if not applicants.count_mail(name_of_mailed(pseudonyms, reader.email), job.request, now, code_request.kind):
        return "too_soon"
    code = new_code()
    kept = Code(code_request.name, reader.ref, code_request.asked_at)
    is_code = reader.letter == "admission_code"
    if is_code and not applicants.add_digest(kept, digest(pseudonyms, code_request.name, reader.ref, code)):
        return "enough"
    network = services.settings.network
    facts = {"network": network, "sites": network.sites, "code": code, "until": code_request.expires_at}
    letter = letters.fill(reader.letter, reader.email, now, facts | {"kind": code_request.kind})
    try:
        services.mailer.send(letter, tracked_as(reader.ref))
    except Undeliverable:
        return "undeliverable"
    return None


_NUMBER: Final = re.compile(r"[A-Z]\d{2}-[A-Z0-9]{4}-[A-Z0-9]{4}", re.ASCII)


def ask_for_status(services: Services, typed: str, client: Client, now: datetime) -> str:
    """Have a code mailed to whoever sent a request, by its number or address; give what the browser carries until then.

    An address opens what is begun in the season, whatever the period; it begins nothing. Raises `FieldsRefused`,
    `CodesAskedTooOften`: never for whether there is such an application.
    """
    if "@" in typed:
        return _ask_by_email(services, typed, client, now)
    number = number_from(typed)
    if not _NUMBER.fullmatch(number):
        raise FieldsRefused({"numero": ("number_malformed" if typed else "number_missing",)})
    return ask(services, "number", number, "", client, now)


def _ask_by_email(services: Services, typed: str, client: Client, now: datetime) -> str:
    email = email_from(typed)
    if not email or not email.isascii():
        raise FieldsRefused({"numero": ("email_not_ascii" if email else "email_malformed",)})
    return ask(services, "sender", email, read_admission_periods(services, now).season, client, now)
