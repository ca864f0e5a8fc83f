"""The notice of a datum corrected by the office: mailed if the correction still stands after its thirty seconds."""

from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.aliases import still_opens
from chalicelib.domain.account.coordinates import trail
from chalicelib.domain.account.separation import as_addressed
from chalicelib.domain.enrolment.periods import EnrolmentRef, seasons_at
from chalicelib.mail.account_jobs import DatumCorrected
from chalicelib.office.helpdesk.corrections import ADDERS, EMERGENCY, IDENTIFIER, KINDS, MERGED, NAME, Datum, addressees
from chalicelib.services.mails import ConfirmedMail, DescribedMail, account_facts
from chalicelib.services.staff import StaffServices as Services

_UNWRITTEN: Final = "not_changed"


def _prove(services: Services, job: DatumCorrected, now: datetime) -> ConfirmedMail | None:
    """Find the correction in its trail. If they are separated since, only its guardian gets it."""
    kind, account = KINDS[job.action], services.accounts.find(AccountRef(job.site, job.identifier))
    if account is None:
        return None
    wholes: tuple[Any, ...] = (account,)
    if kind is EMERGENCY:
        wholes = services.enrolments.find_all(*(EnrolmentRef(account.ref, season) for season in seasons_at(now)))
    traces = trail(account) if kind is not EMERGENCY else (trace for whole in wholes for trace in whole.corrections)
    trace = next((one for one in traces if (one.what, one.decision) == (kind.fields[0], job.decision)), None)
    if trace is None:
        return None
    data = (datum for whole in wholes for datum in kind.list(whole) if datum.owner == job.owner)
    emails = addressees(services, account, next(data, Datum("", "", ())))
    email = next((email for email in emails if services.record.pseudonyms.is_mailbox(job.mailbox, email)), None)
    if kind is NAME:  # a stranger may read the address: the letter has no new value
        account = replace(account, name="".join(trace.old))
    facts = {
        "site": services.settings.network.site(job.site),
        "account": as_addressed(account, email or ""),
        "action": job.action,
        "of": "" if kind in ADDERS else trace.of,
        "changed_at": trace.at,
        "former": (trace.old[0], still_opens(account, trace.old[0])) if kind is IDENTIFIER else None,
        "merged": "".join(trace.old) if kind is MERGED else "",
    }
    return ConfirmedMail(account.ref, email, "corrected", facts)


def _about(services: Services, job: DatumCorrected, reason: str) -> dict[str, Any]:
    return {} if reason == _UNWRITTEN else account_facts(services, job, reason)


MAIL: Final = DescribedMail[DatumCorrected](
    (DatumCorrected,), _prove, "notice_mailed", "notice_dropped", _about, _UNWRITTEN
)
