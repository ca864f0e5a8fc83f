"""The part of a note in the audit trail that a decision on an application writes, in French."""

from chalicelib.wings.admission.domain.applications import AdmissionDecision
from chalicelib.wings.admission.presentation.office import applications


def former_text(decision: AdmissionDecision | None) -> str:
    """Note the decision that a newer one replaces. Empty for none."""
    return f", au lieu de : {applications.decision(decision)}" if decision else ""
