"""The versions that forms of the family area carry: the state of the data on their page."""

from chalicelib.domain.refusals import FormRefusal, StepMoved
from chalicelib.web.edge import PageRequest


def version_after(refusal: FormRefusal, request: PageRequest) -> str:
    """Find the version for a form shown again: of the data now stored, if the refusal has it."""
    known = refusal.version if isinstance(refusal, StepMoved) else ""
    return known or request.field("vu")
