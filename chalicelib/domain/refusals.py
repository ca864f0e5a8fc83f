"""Every expected « no », one class per thing the visitor could do differently, and the two errors a store may raise."""

from __future__ import annotations  # what a refusal carries is named here, and never loaded for it

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from chalicelib.domain.account.accounts import Account, AccountRef
    from chalicelib.domain.enrolment.enrolments import Enrolment, PupilFile, SavedBy
    from chalicelib.domain.teaching.assessments import Assessment


class Refusal(Exception):
    """An expected no. Its `code` finds its French sentence in `sentences.py`; it knows no HTTP."""

    code: ClassVar[str]


class FormRefusal(Refusal):
    """A no that the form itself tells: it is shown again."""


class LinkGone(Refusal):
    """The link of a notice is none of ours, too old, or has no say any more: never told which."""

    code = "link_gone"


class LoginRefused(FormRefusal):
    """Unknown identifier, wrong site, wrong password or disabled account: never told which."""

    code = "login_refused"


class SlowedDown(FormRefusal):
    """Too many tries; the next one is looked at from `until` on."""

    code = "slowed_down"

    def __init__(self, until: datetime) -> None:
        super().__init__(self.code)
        self.until = until


class FieldsRefused(FormRefusal):
    """Some fields of a form must be mended: field name to the codes of its refusals, in order. Nothing was saved.

    `longest`: how many code points a field may have.
    """

    code = "fields_refused"

    def __init__(self, fields: Mapping[str, tuple[str, ...]], longest: Mapping[str, int] | None = None) -> None:
        super().__init__(self.code)
        self.fields = dict(fields)
        self.longest = dict(longest or {})


class LessComplete(FieldsRefused):
    """Answers to finish later would empty some that are saved and complete: those stay."""

    code = "less_complete"


class EnrolmentFull(FormRefusal):
    """The re-enrolment has no room for more: what was saved is kept, nothing new is."""

    code = "enrolment_full"


class PeriodClosed(FormRefusal):
    """The re-enrolment is not open, or no more: what was saved is kept, nothing new is."""

    code = "period_closed"


class StepMoved(FormRefusal):
    """The same step was saved since it was shown: nothing was written over it.

    `version`: of what stands now. `answers`: those that were saved. `is_own`: by the guardian who is at the keyboard,
    on another page.
    """

    code = "step_moved"

    def __init__(self, saved: SavedBy | None, version: str, answers: object = None, *, is_own: bool = False) -> None:
        super().__init__(self.code)
        self.saved = saved
        self.version = version
        self.answers = answers
        self.is_own = is_own


class SummaryMoved(FormRefusal):
    """Other answers were saved since the summary was shown: nothing was sent; `enrolment`: as it stands now."""

    code = "summary_moved"

    def __init__(self, enrolment: Enrolment) -> None:
        super().__init__(self.code)
        self.enrolment = enrolment


class CoordinatesMoved(StepMoved):
    """Another guardian or the office changed the same coordinates meanwhile; `account`: as it stands now."""

    code = "coordinates_moved"

    def __init__(self, account: Account, saved: SavedBy | None, version: str) -> None:
        super().__init__(saved, version)
        self.account = account


class LostSlowedDown(SlowedDown):
    """Too many requests for lost passwords or identifiers from one client address before `until`."""

    code = "lost_slowed_down"


class CodesSlowedDown(SlowedDown):
    """Too many codes were asked for; the next one may leave from `until` on."""

    code = "codes_slowed_down"


class CorrectionsSlowedDown(SlowedDown):
    """Too many corrections of the family's file; the next one is taken from `until` on."""

    code = "corrections_slowed_down"


class AddressesSlowedDown(SlowedDown):
    """Too many changes of the family's addresses; the next one is taken from `until` on."""

    code = "addresses_slowed_down"


class SendingsSlowedDown(SlowedDown):
    """Too many receipts in a short time: what was saved is kept, and may be sent from `until` on."""

    code = "sendings_slowed_down"


class ReceiptsUsedUp(FormRefusal):
    """As many receipts as a season has: what was saved is kept, and the way on is to call the office."""

    code = "receipts_used_up"


class CodeGone(FormRefusal):
    """No address waits for this code: it has expired, it was tried too often, or another was asked for since."""

    code = "code_gone"


class PupilDecided(FormRefusal):
    """The office has accepted or declined this pupil: the way on is to call it."""

    code = "pupil_decided"

    def __init__(self, pupil: PupilFile) -> None:
        super().__init__(self.code)
        self.pupil = pupil


class AssessmentMoved(FormRefusal):
    """Somebody else wrote of the same pupil, course and period meanwhile: nothing was written over it.

    `standing`: what stands now; None where it was taken back.
    """

    code = "assessment_moved"

    def __init__(self, standing: Assessment | None) -> None:
        super().__init__(self.code)
        self.standing = standing


class NotLoggedIn(Refusal):
    """No session, or one that is over: the way on is the login form."""

    code = "not_logged_in"


class PasswordReplaced(NotLoggedIn):
    """The session ended because its account's password was replaced: maybe by this very form, sent twice."""

    def __init__(self, account: AccountRef) -> None:
        super().__init__(self.code)
        self.account = account


class AnotherAccount(Refusal):
    """The form is of a page that another account opened in this browser before: nothing of it is taken."""

    code = "another_account"


class MustChange(Refusal):
    """The network asks for a chosen password before anything else (mode `must_change`)."""

    code = "must_change"


class NotThere(Refusal):
    """There is nothing of that name, or it is another family's: never told which."""

    code = "not_there"


class WriteConflict(Exception):
    """Another writer came first and nothing was written: `item` is what stands there now, or None."""

    def __init__(self, item: Mapping[str, Any] | None) -> None:
        super().__init__("overtaken")
        self.item = item


class Unavailable(Exception):
    """A dependency failed (DynamoDB, S3, SQS, SES): the visitor may try again; nothing is half done."""


class Unanswered(Unavailable):
    """The request may have left and its answer was lost: nobody can say whether it was done."""


class Undeliverable(Exception):
    """A letter that SES will never take, for its address: trying again helps nobody."""
