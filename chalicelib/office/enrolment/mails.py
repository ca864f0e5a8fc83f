"""The mails of a re-enrolment, to every address on file: receipts, decisions and extensions."""

from datetime import datetime
from functools import partial
from typing import Any, Final, Literal

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.coordinates import speakers
from chalicelib.domain.account.separation import as_addressed
from chalicelib.domain.enrolment.answers import CourseWish, pair_with_wishes
from chalicelib.domain.enrolment.enrolments import Enrolment, EnrolmentDecision, PupilFile, Receipt
from chalicelib.domain.enrolment.paperwork import due_documents, receipt_documents
from chalicelib.domain.enrolment.periods import PARIS, EnrolmentRef, period_of, season_of
from chalicelib.domain.family.households import Course, Pupil
from chalicelib.domain.family.redaction import hide
from chalicelib.infra.dynamo.database import Lookup
from chalicelib.mail.enrolment_jobs import EnrolmentDecided, EnrolmentExtended, EnrolmentSubmitted
from chalicelib.office.dossiers.decisions import mailed_name
from chalicelib.services.family import Services
from chalicelib.services.mails import ConfirmedMail, DescribedMail, account_facts, jobs_to_each

EnrolmentJob = EnrolmentSubmitted | EnrolmentDecided | EnrolmentExtended
_LETTERS: Final[dict[type[EnrolmentJob], str]] = {
    EnrolmentSubmitted: "enrolment_receipt",
    EnrolmentDecided: "enrolment_decision",
    EnrolmentExtended: "enrolment_extended",
}
Reader = Literal["sender", "other", "unknown"]
_NAMED: Final = "decision"


def decision_mails(
    services: Services, account: Account, after: Enrolment, pupil: str, request: str
) -> tuple[EnrolmentDecided, ...]:
    """Make a decision's mails, one for each address, before it is written. `after`: as decided. `pupil`: their key."""
    decision = _decision(after, pupil)
    if decision is None:
        raise ValueError("nothing is decided of this pupil")
    name = mailed_name(services, _NAMED, decision)
    job = partial(EnrolmentDecided, season=after.ref.season, pupil=pupil, decision=name)
    return jobs_to_each(services, account, job, request, decision.at)


def _prove(services: Services, job: EnrolmentJob, now: datetime) -> ConfirmedMail | None:
    """Check that the job's receipt or decision is current, and list the facts that its reader may see."""
    ref, network = EnrolmentRef(AccountRef(job.site, job.identifier), job.season), services.settings.network
    lookups: list[Lookup[Any]] = [services.accounts.lookup(ref.account), services.enrolments.lookup(ref)]
    account, enrolment, *_ = services.database.read_together(*lookups, *services.periods.lookups(now))
    email = account.mailbox(job.mailbox, services.record.pseudonyms) if account else None
    base = _facts(services, job, account, enrolment, email or "") if account else None
    if account is None or base is None:
        return None
    reader = as_addressed(account, email) if email else account
    secrets = reader.view.secrets if reader.view else ()
    period = period_of(account, services.periods.last_known)
    pupils, rules = reader.household.pupils_by_key, network.enrolment.document_rules
    facts: dict[str, object] = {
        "site": network.site(job.site),
        "account": reader,
        "season": job.season,
        "period": period if season_of(period, now) == job.season else None,
        "due": due_documents(rules, pupils, enrolment, now.astimezone(PARIS).date()),
    }
    facts |= {name: hide(fact, secrets) for name, fact in base.items()}
    return ConfirmedMail(ref.account, email, _LETTERS[type(job)], facts)


def _about(services: Services, job: EnrolmentJob, reason: str) -> dict[str, Any]:
    return account_facts(services, job, reason) | {"kind": job.kind}


MAIL: Final = DescribedMail[EnrolmentJob](
    tuple(_LETTERS), _prove, "enrolment_mailed", "enrolment_mail_dropped", _about, "not_so"
)


def _facts(
    services: Services, job: EnrolmentJob, account: Account, enrolment: Enrolment, email: str
) -> dict[str, object] | None:
    """List the letter's own facts. None if its receipt or decision is not current."""
    if isinstance(job, EnrolmentSubmitted):
        receipt = enrolment.receipt(job.receipt)
        if receipt is None:
            return None
        papers = receipt_documents(services.settings.network.enrolment.document_rules, receipt)
        return {"receipt": receipt, "reader": reader_of(account, receipt, email), "papers": papers}
    if isinstance(job, EnrolmentExtended):
        extension = account.extension
        return {"extension": extension} if extension and extension.until.isoformat() == job.until else None
    decision, pupil = _decision(enrolment, job.pupil), enrolment.pupil(job.pupil)
    if decision is None or pupil is None or mailed_name(services, _NAMED, decision) != job.decision:
        return None
    return {"pupil": pupil, "decision": decision, "courses": _courses(account, pupil)}


def reader_of(account: Account, receipt: Receipt, email: str) -> Reader:
    """Find whether a mailbox's reader is the sender of a receipt. Unknown if no name decides.

    Undecided: a shared mailbox, one without a guardian, and a sender whose name is no longer on file.
    """
    names = speakers(account)
    readers = tuple(guardian.name for guardian in account.household.guardians if guardian.email == email) or names
    if receipt.by not in names or len(readers) > 1:
        return "unknown"
    return "sender" if readers == (receipt.by,) else "other"


def _courses(account: Account, file: PupilFile) -> tuple[tuple[Course, CourseWish | None], ...]:
    """Pair the accepted courses with their wishes. Without answers, those on file."""
    pupil = account.household.pupils_by_key.get(file.key, Pupil(file.name))
    wishes = file.sent.answers.wishes if file.sent else ()
    return tuple(pair_with_wishes(pupil.courses, wishes))


def _decision(enrolment: Enrolment, key: str) -> EnrolmentDecision | None:
    pupil = enrolment.pupil(key)
    return pupil.sent.decision if pupil and pupil.sent else None
