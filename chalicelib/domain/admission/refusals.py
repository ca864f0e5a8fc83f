"""The « no » of new requests that the wing alone says."""

from collections.abc import Mapping

from chalicelib.domain.admission.applications import Application
from chalicelib.domain.admission.catalogue import WishError
from chalicelib.domain.refusals import FieldsRefused, FormRefusal, SlowedDown, StepMoved


class RequestsClosed(FormRefusal):
    """No site takes new requests now: the page says when, and whom to call."""

    code = "requests_closed"


class DocumentsClosed(FormRefusal):
    """Nobody of the request asks for a place any more, or requests are over: no document is taken."""

    code = "documents_closed"


class PageUnripe(FormRefusal):
    """The form came back too soon for a person, or from a page that is too old, or that we never made."""

    code = "page_unripe"


class QuestionsSlowedDown(SlowedDown):
    """Too many forms from one client address; the next one is taken from `until` on."""

    code = "questions_slowed_down"


class CodeUsedUp(FormRefusal):
    """Five tries were made at this code, or its half hour is over: the way on is another one."""

    code = "code_used_up"


class ApplicationClosed(FormRefusal):
    """No site takes new requests now: what was saved is kept, what was sent stands, nothing new is saved."""

    code = "application_closed"


class AnswersMoved(StepMoved):
    """The same step was saved meanwhile, in another window or on another device: nothing was written over it."""

    code = "answers_moved"


class CandidateGone(AnswersMoved):
    """The candidate was taken out meanwhile, in another window or on another device: what was typed adds it again."""

    code = "candidate_gone"


class ApplicationMoved(FormRefusal):
    """Other answers were saved since the summary was shown: nothing was sent; `application`: as it stands now."""

    code = "application_moved"

    def __init__(self, application: Application) -> None:
        super().__init__(self.code)
        self.application = application


class ApplicationFull(FormRefusal):
    """The application has no room for more: what was saved is kept, nothing new is."""

    code = "application_full"


class CandidateRefused(FieldsRefused):
    """Some fields of a candidate's step must be mended; of wishes, `wishes` tells what there is instead."""

    def __init__(self, fields: Mapping[str, tuple[str, ...]], wishes: tuple[WishError, ...] = ()) -> None:
        super().__init__(dict(fields) | {error.field: (error.fault,) for error in wishes})
        self.wishes = wishes


class CandidatesClaimed(FormRefusal):
    """There is a request already for some candidates, by their keys: never told whose."""

    code = "candidates_claimed"

    def __init__(self, keys: tuple[str, ...]) -> None:
        super().__init__(self.code)
        self.keys = keys


class ClaimsSlowedDown(SlowedDown):
    """Too many candidates had a request already; the next sending is looked at from `until` on."""

    code = "claims_slowed_down"


class OfferGone(FormRefusal):
    """The offer is over: its term is past, or it was answered, or taken back."""

    code = "offer_gone"


class PoolFull(FormRefusal):
    """No place is free."""

    code = "pool_full"
