"""The « no » of new requests that the wing alone says."""

from chalicelib.domain.refusals import FormRefusal, SlowedDown


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
