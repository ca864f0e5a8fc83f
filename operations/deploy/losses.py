"""Losses that a deployment refuses unless named: families' data or the public address replaced or removed.

The reasons are in `docs/decisions/0039-what-a-deployment-refuses.md`.
"""

from collections.abc import Collection, Iterable

from operations.deploy.changes import ResourceChange

_TABLE = "AWS::DynamoDB::Table"
_BUCKET = "AWS::S3::Bucket"
_DISTRIBUTION = "AWS::CloudFront::Distribution"
_DOCUMENTS = "Documents"  # the only bucket whose content cannot be made from this repository

_HELD = {
    "Accounts": "every family's account, so no family could log in",
    "Mailboxes": "the accounts of each address, so no lost identifier could be mailed until it is rebuilt",
    "Sessions": "every session, so all families would have to log in again",
    "Attempts": "the failures counted so far, so guesses would not be slowed down until counted again",
    "Office": "the periods, the campaigns and the office's acts",
    "Enrolments": "every re-enrolment, begun or sent",
    "Billing": "every family's invoices and payments",
    "Applications": "every new request, and the decisions on it",
    "Applicants": "the codes and sessions of new requests",
    "Places": "the places, their holders, and the draws",
    "Staff": "the members of staff, so none could log in to the desk until invited again",
    "Teaching": "the timetables until they are rebuilt, and every roll and opinion",
    "Lessons": "the cancelled lessons, the announced absences and every assessment",
    _DOCUMENTS: "the files that families handed in, and the bills that they read",
}
_ADDRESS = "the public address, until DNS leads to another name of CloudFront's; no page answers before"


def losses(changes: Iterable[ResourceChange], allowed: Collection[str]) -> list[str]:
    """Describe the losses that changes would cause, without those allowed. Empty if there are none."""
    return [_sentence(change) for change in changes if _is_loss(change) and change.resource not in allowed]


def _is_loss(change: ResourceChange) -> bool:
    is_held = change.type in {_TABLE, _DISTRIBUTION} or (change.type, change.resource) == (_BUCKET, _DOCUMENTS)
    is_gone = change.action in {"Remove", "Dynamic"} or change.replacement in {"True", "Conditional"}
    return is_held and is_gone


def _sentence(change: ResourceChange) -> str:
    lost = _ADDRESS if change.type == _DISTRIBUTION else _HELD.get(change.resource, "all that it holds")
    return f"{change.resource} ({change.type}) {_what_happens(change)}. Lost to the service: {lost}. {_fate(change)}"


def _what_happens(change: ResourceChange) -> str:
    if change.action == "Remove":
        return "would be removed from the stack"
    replaced = "replaced" if change.type == _DISTRIBUTION else "replaced by an empty one"
    return f"would be {replaced}" if change.replacement == "True" else f"may be {replaced}"


def _fate(change: ResourceChange) -> str:
    if change.fate.endswith("Retain"):
        return "The former one stays in the AWS account, and is no longer read."
    if change.fate.endswith("Delete"):
        return "The former one is deleted with its content."
    return "AWS does not say whether the former one stays."
