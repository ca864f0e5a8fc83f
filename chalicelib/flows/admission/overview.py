"""The overview of an application: its steps, which are done, and the next one."""

from chalicelib.domain.admission.checklist import Step, steps
from chalicelib.domain.enrolment.paperwork import RequiredDocument
from chalicelib.flows.admission.entering import ApplicantContext


def documents_asked(_context: ApplicantContext) -> tuple[RequiredDocument, ...]:
    """List the documents asked for, as the answers stand."""
    return ()


def steps_of(context: ApplicantContext) -> tuple[Step, ...]:
    """List the steps, and which are done."""
    return steps(context.application, [document.slot for document in documents_asked(context)])
