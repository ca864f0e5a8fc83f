"""The jobs of applications' mails, which no family's function loads."""

from datetime import datetime, timedelta
from typing import ClassVar, Literal, Self

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.mail.jobs import QueuedJob
from chalicelib.values import frozen
from chalicelib.wings.admission.domain.applications import TRACKED_AT, ApplicationRef
from chalicelib.wings.admission.domain.progress import Place

Answer = Literal["taken", "declined"]
OfferEvent = Literal["offered", "expired"]


@frozen(kw_only=True)
class AdmissionCode(QueuedJob):
    """An applicant asks for a place, or for the status of an application: mail a code. `question`: signed."""

    kind: Literal["admission_code"] = "admission_code"
    question: str


@frozen(kw_only=True)
class ApplicationJob(QueuedJob):
    """A mail about a change of an application, sent once the change is stored. `mailbox`: a pseudonym."""

    lasts: ClassVar[timedelta] = timedelta.max  # mailed however late

    mailbox: str
    season: str


@frozen(kw_only=True)
class AdmissionDecided(ApplicationJob):
    """The office decided on a candidate, by key. `decision`: of this mail, which only the last one has."""

    can_wait: ClassVar[bool] = True

    kind: Literal["admission_decided"] = "admission_decided"
    candidate: str
    decision: str


@frozen(kw_only=True)
class AdmissionSubmitted(ApplicationJob):
    """An application is sent under this number, at this time: mail its receipt."""

    can_wait: ClassVar[bool] = True  # the sender already reads its page, unlike codes and passwords

    kind: Literal["admission_submitted"] = "admission_submitted"
    number: str


@frozen(kw_only=True)
class _OfferJob(ApplicationJob):
    """An offer of a pool changes. `offer`: its name in the pool."""

    candidate: str
    site: str
    pool: str
    offer: str


@frozen(kw_only=True)
class AdmissionAnswered(_OfferJob):
    """An offer is taken or declined."""

    kind: Literal["admission_answered"] = "admission_answered"
    answer: Answer

    @classmethod
    def of(cls, ref: ApplicationRef, place: Place, answer: Answer, request: str, now: datetime) -> Self:
        """Make the mail of an answer, before it is written."""
        pool, holder = place.pool.ref, place.holder
        return cls(
            request=request,
            asked_at=now,
            mailbox=ref.mailbox,
            season=ref.season,
            candidate=holder.candidate.key,
            site=pool.site,
            pool=pool.code,
            offer=holder.name,
            answer=answer,
        )


@frozen(kw_only=True)
class AdmissionWithdrawn(ApplicationJob):
    """Candidates are withdrawn, at this very time."""

    kind: Literal["admission_withdrawn"] = "admission_withdrawn"


@frozen(kw_only=True)
class AdmissionOffer(_OfferJob):
    """An offer is made, or expires. It is mailed only while it may be answered."""

    can_wait: ClassVar[bool] = True

    kind: Literal["admission_offer"] = "admission_offer"
    event: OfferEvent


def tracked_as(ref: ApplicationRef) -> AccountRef:
    """Name an application in the tags of SES, which returns them with delivery events. No account has this name."""
    return AccountRef(TRACKED_AT, f"{ref.season}-{ref.mailbox}")
