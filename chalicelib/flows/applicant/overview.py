"""The overview of an application: its steps, which are done, and the next one."""

from chalicelib.domain.admission.checklist import Step, steps
from chalicelib.domain.admission.paperwork import due_documents, required_documents
from chalicelib.domain.enrolment.paperwork import DueDocument, RequiredDocument
from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.flows.applicant.entry import ApplicantContext


def documents_asked(context: ApplicantContext) -> tuple[RequiredDocument, ...]:
    """List the documents asked for, as the answers stand."""
    rules, today = context.network.admission.document_rules, context.now.astimezone(PARIS).date()
    return required_documents(rules, context.application, today)


def documents_due(context: ApplicantContext) -> tuple[DueDocument, ...]:
    """List the documents asked for that are not uploaded."""
    rules, today = context.network.admission.document_rules, context.now.astimezone(PARIS).date()
    return due_documents(rules, context.application, today)


def steps_of(context: ApplicantContext) -> tuple[Step, ...]:
    """List the steps, and which are done."""
    return steps(context.application, [document.slot for document in documents_asked(context)])
