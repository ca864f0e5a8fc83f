"""The refusals that all pages know, and the errors of a store. Any other is in the module that raises it."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from chalicelib.domain.dossiers.documents import SavedBy


class Refusal(Exception):
    """An expected refusal. Its `code` maps to a French sentence in `sentences.py`. It knows no HTTP."""

    code: ClassVar[str]


class FormRefusal(Refusal):
    """A refusal that the form itself shows."""


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


class StepMoved(FormRefusal):
    """The same step was saved since it was shown. Nothing was overwritten.

    `version`: of the saved answers. `answers`: the saved ones. `is_own`: saved by the current guardian, on another
    page.
    """

    code = "step_moved"

    def __init__(
        self, saved_by: "SavedBy | None", version: str, answers: object = None, *, is_own: bool = False
    ) -> None:
        super().__init__(self.code)
        self.saved = saved_by
        self.version = version
        self.answers = answers
        self.is_own = is_own


class NotLoggedIn(Refusal):
    """No session, or an ended one: the visitor has to log in."""

    code = "not_logged_in"


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
