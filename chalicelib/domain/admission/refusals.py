"""Refusals of the application wing."""

from collections.abc import Mapping

from chalicelib.domain.admission.applications import Application
from chalicelib.domain.admission.catalogue import WishError
from chalicelib.domain.refusals import FieldsRefused, FormRefusal, SlowedDown, StepMoved


class AdmissionClosed(FormRefusal):
    """No site takes applications now: the page shows when they open, and the telephone."""

    code = "requests_closed"


class DocumentsClosed(FormRefusal):
    """No candidate asks for a place any longer, or applications are closed: no document is accepted."""

    code = "documents_closed"


class PageUnripe(FormRefusal):
    """The form came back too fast for a person, or from a page that is too old, or not ours."""

    code = "page_unripe"


class CodesAskedTooOften(SlowedDown):
    """Too many forms from one client address. The next one is accepted from `until`."""

    code = "questions_slowed_down"


class CodeUsedUp(FormRefusal):
    """Five tries were made at this code, or its half hour is over: the applicant needs another one."""

    code = "code_used_up"


class ApplicationClosed(FormRefusal):
    """No site takes applications now: saved and sent answers stay, and new ones are refused."""

    code = "application_closed"


class AnswersMoved(StepMoved):
    """The same step was saved concurrently, in another window or on another device. Nothing was overwritten."""

    code = "answers_moved"


class CandidateGone(AnswersMoved):
    """The candidate was removed concurrently. The typed answers would add it again."""

    code = "candidate_gone"


class ApplicationMoved(FormRefusal):
    """Other answers were saved since the summary was shown, and nothing was sent. `application`: its current state."""

    code = "application_moved"

    def __init__(self, application: Application) -> None:
        super().__init__(self.code)
        self.application = application


class ApplicationFull(FormRefusal):
    """The application has no room for more. Saved answers stay, new ones are refused."""

    code = "application_full"


class CandidateRefused(FieldsRefused):
    """Some fields of a candidate's step are wrong. `wishes`: the errors of wishes, with their alternatives."""

    def __init__(self, fields: Mapping[str, tuple[str, ...]], wishes: tuple[WishError, ...] = ()) -> None:
        super().__init__(dict(fields) | {error.field: (error.fault,) for error in wishes})
        self.wishes = wishes


class CandidatesClaimed(FormRefusal):
    """Some candidates, by key, already have an application. Its family is never disclosed."""

    code = "candidates_claimed"

    def __init__(self, keys: tuple[str, ...]) -> None:
        super().__init__(self.code)
        self.keys = keys


class ClaimsSlowedDown(SlowedDown):
    """Too many candidates already had an application. The next sending is accepted from `until`."""

    code = "claims_slowed_down"


class OfferGone(FormRefusal):
    """The offer is over: expired, answered or taken back."""

    code = "offer_gone"


class PoolFull(FormRefusal):
    """No place is free."""

    code = "pool_full"
