"""What came back with the forms of the family area: the mark of what they showed."""

from chalicelib.domain.refusals import FormRefusal, StepMoved
from chalicelib.routes.edge import Visit


def mark(refusal: FormRefusal, visit: Visit) -> str:
    """Give the mark that a form shown again carries: of what stands now, as far as the refusal knows."""
    known = refusal.mark if isinstance(refusal, StepMoved) else ""
    return known or visit.typed("vu")
