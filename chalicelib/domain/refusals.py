"""Expected refusals, one class per possible remedy, and the errors that a store may raise."""

from __future__ import annotations  # the types of attributes are not loaded for refusals

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from chalicelib.domain.account.accounts import Account, AccountRef
    from chalicelib.domain.dossiers.documents import SavedBy
    from chalicelib.domain.enrolment.enrolments import Enrolment, PupilFile
    from chalicelib.domain.teaching.assessments import Assessment


class Refusal(Exception):
    """An expected refusal. Its `code` maps to a French sentence in `sentences.py`. It knows no HTTP."""

    code: ClassVar[str]


class FormRefusal(Refusal):
    """A refusal that the form itself shows."""


class LinkGone(Refusal):
    """The link of a notice is invalid, too old, or no longer effective. The answer never shows which."""

    code = "link_gone"


class LoginRefused(FormRefusal):
    """Unknown identifier, wrong site, wrong password or disabled account. The answer never shows which."""

    code = "login_refused"


class SlowedDown(FormRefusal):
    """Too many tries. The next one is accepted from `until`."""

    code = "slowed_down"

    def __init__(self, until: datetime) -> None:
        super().__init__(self.code)
        self.until = until


class FieldsRefused(FormRefusal):
    """Some fields of a form are wrong: field name to error codes, in order. Nothing was saved.

    `longest`: the maximal lengths of fields, in code points.
    """

    code = "fields_refused"

    def __init__(self, fields: Mapping[str, tuple[str, ...]], longest: Mapping[str, int] | None = None) -> None:
        super().__init__(self.code)
        self.fields = dict(fields)
        self.longest = dict(longest or {})


class LessComplete(FieldsRefused):
    """Answers to finish later would overwrite complete saved ones, which stay."""

    code = "less_complete"


class EnrolmentFull(FormRefusal):
    """The re-enrolment has no room for more. Saved answers stay, new ones are refused."""

    code = "enrolment_full"


class PeriodClosed(FormRefusal):
    """The re-enrolment is not open. Saved answers stay, new ones are refused."""

    code = "period_closed"


class StepMoved(FormRefusal):
    """The same step was saved since it was shown. Nothing was overwritten.

    `version`: of the saved answers. `answers`: the saved ones. `is_own`: saved by the current guardian, on another
    page.
    """

    code = "step_moved"

    def __init__(self, saved: SavedBy | None, version: str, answers: object = None, *, is_own: bool = False) -> None:
        super().__init__(self.code)
        self.saved = saved
        self.version = version
        self.answers = answers
        self.is_own = is_own


class SummaryMoved(FormRefusal):
    """Other answers were saved since the summary was shown, and nothing was sent. `enrolment`: its current state."""

    code = "summary_moved"

    def __init__(self, enrolment: Enrolment) -> None:
        super().__init__(self.code)
        self.enrolment = enrolment


class CoordinatesMoved(StepMoved):
    """Another guardian or the office changed the same coordinates concurrently. `account`: its current state."""

    code = "coordinates_moved"

    def __init__(self, account: Account, saved: SavedBy | None, version: str) -> None:
        super().__init__(saved, version)
        self.account = account


class FranceConnectSilent(FormRefusal):
    """FranceConnect does not answer in time. The other ways in still work."""

    code = "franceconnect_silent"


class FranceConnectUnclear(FormRefusal):
    """FranceConnect's answer is invalid or was declined there, or its link is gone. The answer never shows which."""

    code = "franceconnect_unclear"


class TooManyLinks(FormRefusal):
    """A login has the maximum number of links to FranceConnect: one has to be removed first."""

    code = "franceconnect_too_many"


class LostSlowedDown(SlowedDown):
    """Too many requests for lost passwords or identifiers from one client address before `until`."""

    code = "lost_slowed_down"


class CodesSlowedDown(SlowedDown):
    """Too many codes were requested. The next one may be sent from `until`."""

    code = "codes_slowed_down"


class CorrectionsSlowedDown(SlowedDown):
    """Too many corrections of the family's file. The next one is accepted from `until`."""

    code = "corrections_slowed_down"


class AddressesSlowedDown(SlowedDown):
    """Too many changes of the family's addresses. The next one is accepted from `until`."""

    code = "addresses_slowed_down"


class SubmissionsSlowedDown(SlowedDown):
    """Too many receipts in a short time. Saved answers stay, and may be sent from `until`."""

    code = "sendings_slowed_down"


class ReceiptsUsedUp(FormRefusal):
    """The season's maximum of receipts is reached. Saved answers stay, and the family has to call the office."""

    code = "receipts_used_up"


class CodeGone(FormRefusal):
    """No address is pending for this code: it expired, was tried too often, or was replaced by another."""

    code = "code_gone"


class PupilDecided(FormRefusal):
    """The office has accepted or declined this pupil: the family has to call it."""

    code = "pupil_decided"

    def __init__(self, pupil: PupilFile) -> None:
        super().__init__(self.code)
        self.pupil = pupil


class AssessmentMoved(FormRefusal):
    """Another teacher changed the same pupil's assessment concurrently. Nothing was overwritten.

    `standing`: the current assessment. None if it was withdrawn.
    """

    code = "assessment_moved"

    def __init__(self, standing: Assessment | None) -> None:
        super().__init__(self.code)
        self.standing = standing


class NotLoggedIn(Refusal):
    """No session, or an ended one: the visitor has to log in."""

    code = "not_logged_in"


class PasswordReplaced(NotLoggedIn):
    """The session ended because the password was replaced, perhaps by this very form, sent twice."""

    def __init__(self, account: AccountRef) -> None:
        super().__init__(self.code)
        self.account = account


class AnotherAccount(Refusal):
    """The form comes from a page of another account in this browser. Nothing is saved."""

    code = "another_account"


class MustChange(Refusal):
    """The network asks for a chosen password before anything else (mode `must_change`)."""

    code = "must_change"


class NotThere(Refusal):
    """No such object, or another family's. The answer never shows which."""

    code = "not_there"


class WriteConflict(Exception):
    """Another write came first, and nothing was written. `item`: the current item, or None."""

    def __init__(self, item: Mapping[str, Any] | None) -> None:
        super().__init__("overtaken")
        self.item = item


class Unavailable(Exception):
    """A dependency failed (DynamoDB, S3, SQS, SES). Nothing is half done, and the visitor may try again."""


class Unanswered(Unavailable):
    """The request may have been sent and its answer was lost: its outcome is unknown."""


class Undeliverable(Exception):
    """A letter that SES refuses for its address: no retry can succeed."""
