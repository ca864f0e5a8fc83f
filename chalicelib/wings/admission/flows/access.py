"""The mailed code that proves a mailbox: typed in the browser that asked for it, valid once."""

import re
from datetime import datetime
from typing import Final, Literal

from chalicelib.domain.account.identifiers import email_from
from chalicelib.domain.account.mailed_codes import Code, QuestionKind, name_of_mailed
from chalicelib.domain.account.sessions import Token
from chalicelib.domain.enrolment.submissions import number_from
from chalicelib.domain.refusals import FieldsRefused, SlowedDown
from chalicelib.flows.mailed_codes import match_code, store_new_code
from chalicelib.mail import letters
from chalicelib.mail.mailer import Undeliverable
from chalicelib.services.family import Visit
from chalicelib.values import frozen
from chalicelib.wings.admission.domain.applicant_sessions import ApplicantSession, new_token
from chalicelib.wings.admission.domain.applications import Application, ApplicationRef
from chalicelib.wings.admission.domain.email_codes import (
    QUESTIONS_OF_CLIENT,
    CodeRequest,
    read_code_request,
    sign_code_request,
)
from chalicelib.wings.admission.domain.retention import is_forgotten
from chalicelib.wings.admission.flows.entry import read_admission_periods
from chalicelib.wings.admission.mail import AdmissionCode, tracked_as
from chalicelib.wings.admission.services.applicants import ApplicantServices as Services
from chalicelib.wings.admission.stores.applicants import questions_of_client


class CodesAskedTooOften(SlowedDown):
    """Too many forms from one client address. The next one is accepted from `until`."""

    code = "questions_slowed_down"


def leave(visit: Visit[Services]) -> None:
    """Delete the browser's session, if any."""
    if visit.token is None:
        return
    visit.services.database.write_together(visit.services.admission.applicants.sessions.delete(visit.token))
    visit.record("admission_left")


def ask(visit: Visit[Services], kind: QuestionKind, words: str, season: str) -> str:
    """Post a code request without any look-up. Return it signed, for the browser. Raises `CodesAskedTooOften`."""
    client = visit.client
    try:
        visit.services.admission.attempts.reserve(questions_of_client(client.address), QUESTIONS_OF_CLIENT, visit.now)
    except SlowedDown as refusal:
        visit.record("admission_slowed", address=client.address)
        raise CodesAskedTooOften(refusal.until) from None
    question = sign_code_request(
        visit.services.settings.key_ring("questions"), CodeRequest(kind, words, season, visit.now)
    )
    visit.services.post_box.post(AdmissionCode(request=client.request, asked_at=visit.now, question=question))
    visit.record("admission_asked", address=client.address)
    return question


def code_request_of(services: Services, cookie: str) -> CodeRequest | None:
    """Read a browser's code request. None if it has none that we signed."""
    return read_code_request(services.settings.key_ring("questions"), cookie)


def prove(visit: Visit[Services], code_request: CodeRequest, text: str) -> Token:
    """Open a session with the code mailed for a request, and begin its application if there is none yet.

    Four round trips at most. Raises `FieldsRefused` alike for a wrong code and for a request without a mailed code, and
    `CodeUsedUp`.
    """
    codes = visit.services.admission.applicants.codes
    stored_code = match_code(visit, codes, code_request.name, code_request.expires_at, text)
    if stored_code is None:
        visit.record("admission_code_refused", address=visit.client.address)
        raise FieldsRefused({"code": ("applicant_code_wrong",)})
    ref = ApplicationRef(stored_code.owner, stored_code.scope)
    _begin(visit, code_request, ref)
    return _open_session(visit, ref, stored_code)


def _begin(visit: Visit[Services], code_request: CodeRequest, ref: ApplicationRef) -> None:
    """Begin the application of an address. One already begun, and not forgotten, continues."""
    if code_request.kind == "email":
        application = Application(ref, code_request.words, started_at=visit.now, saved_at=visit.now)
        visit.services.admission.applications.begin(application, visit.now)


def _open_session(visit: Visit[Services], ref: ApplicationRef, code: Code) -> Token:
    applicants, token = visit.services.admission.applicants, new_token()
    session = ApplicantSession(token.fingerprint, ref, visit.now, visit.now)
    visit.services.database.write_together(applicants.sessions.put(session), applicants.codes.put(code.use(visit.now)))
    visit.record("admission_entered", application=ref.mailbox)
    return token


@frozen
class _CodeReader:
    """The recipient of a code request's mail, their application, and the letter to send."""

    email: str
    ref: ApplicationRef
    letter: Literal["admission_code", "admission_known"] = "admission_code"


def mail_code(services: Services, job: AdmissionCode, now: datetime) -> None:
    """Mail the code of a request, or the letter for an address that already has an account. Raises `Unavailable`.

    The job is then delivered again, and at worst a second code is mailed for the same request: both work.
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
    """Find the recipient of the mail. A begun application continues, even if its address has become a family's."""
    applications = services.admission.applications
    if code_request.kind == "number":
        application = applications.find_by_number(code_request.words)
        return (
            _CodeReader(application.email, application.ref)
            if application and not is_forgotten(application, now)
            else None
        )
    ref = ApplicationRef(services.record.pseudonyms.of_mailbox(code_request.words), code_request.season)
    draft = applications.find(ref)
    is_begun = draft.started_at is not None and not is_forgotten(draft, now)
    if code_request.kind == "sender":
        return _CodeReader(code_request.words, ref) if is_begun else None
    is_known = not is_begun and _is_on_file(services, ref.mailbox)
    return _CodeReader(code_request.words, ref, "admission_known" if is_known else "admission_code")


def _is_on_file(services: Services, mailbox: str) -> bool:
    """Whether an open account has this address."""
    refs = services.mailboxes.find(mailbox).refs
    accounts = services.database.read_together(*map(services.accounts.lookup, refs)) if refs else ()
    pseudonyms = services.record.pseudonyms
    return any(account and not account.disabled and account.mailbox(mailbox, pseudonyms) for account in accounts)


def _mail(
    services: Services, code_request: CodeRequest, reader: _CodeReader, job: AdmissionCode, now: datetime
) -> str | None:
    """Send the mail, at most three an hour and six a day to one address. Return the reason if none is sent."""
    codes, pseudonyms = services.admission.applicants.codes, services.record.pseudonyms
    name = name_of_mailed(pseudonyms, reader.email, "mails to an applicant")
    if not codes.count_mail(name, job.request, now, code_request.kind):
        return "too_soon"
    empty = Code(code_request.name, reader.ref.mailbox, reader.ref.season, code_request.asked_at)
    is_code = reader.letter == "admission_code"
    code = store_new_code(services, codes, empty) if is_code else ""
    if is_code and not code:
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


def ask_for_status(visit: Visit[Services], text: str) -> str:
    """Have a code mailed to the sender of an application, by its number or address. Return the signed request.

    An address finds the season's begun application in any period, and begins none. Raises `FieldsRefused` and
    `CodesAskedTooOften`: never for whether such an application exists.
    """
    if "@" in text:
        return _ask_by_email(visit, text)
    number = number_from(text)
    if not _NUMBER.fullmatch(number):
        raise FieldsRefused({"numero": ("number_malformed" if text else "number_missing",)})
    return ask(visit, "number", number, "")


def _ask_by_email(visit: Visit[Services], text: str) -> str:
    email = email_from(text)
    if not email or not email.isascii():
        raise FieldsRefused({"numero": ("email_not_ascii" if email else "email_malformed",)})
    return ask(visit, "sender", email, read_admission_periods(visit.services, visit.now).season)
