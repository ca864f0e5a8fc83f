"""What comes back with the forms of the family area: the version of what they showed."""

from chalicelib.domain.refusals import FormRefusal, StepMoved
from chalicelib.web.edge import PageRequest


def version_after(refusal: FormRefusal, request: PageRequest) -> str:
    """Find the version that a form shown again carries: of what stands now, as far as the refusal knows."""
    known = refusal.version if isinstance(refusal, StepMoved) else ""
    return known or request.field("vu")
