"""What a deployment refuses unless it is named: what families have, or the public address, made anew or taken away.

docs/decisions/0039-what-a-deployment-refuses.md says why.
"""

from collections.abc import Collection, Iterable

from operations.deploy.changes import Change

_TABLE = "AWS::DynamoDB::Table"
_BUCKET = "AWS::S3::Bucket"
_DISTRIBUTION = "AWS::CloudFront::Distribution"
_DOCUMENTS = "Documents"  # the only bucket whose content this repository cannot make again

_HELD = {
    "Accounts": "every family's account, so nobody could log in",
    "Mailboxes": "which accounts an address has, so nobody would be told a lost identifier until it is made anew",
    "Sessions": "every session, so all families would have to log in again",
    "Attempts": "the failures counted so far, so guesses would no longer be slowed down until counted anew",
    "Office": "the periods, the campaigns and the office's acts",
    "Enrolments": "every re-enrolment, begun or sent",
    "Billing": "every family's invoices and payments",
    "Applications": "every new request, and what was decided of it",
    "Applicants": "the codes and sessions of new requests",
    "Places": "the places, who holds them, and the draws",
    "Staff": "who is of the staff, so nobody could log in to the desk until invited anew",
    "Teaching": "the timetables until they are made anew, and every roll and opinion",
    "Lessons": "the cancelled lessons, the absences told beforehand and every assessment",
    _DOCUMENTS: "the files that families handed in, and the bills that they read",
}
_ADDRESS = "the public address, until DNS leads to another name of CloudFront's; no page answers before"


def losses(changes: Iterable[Change], allowed: Collection[str]) -> list[str]:
    """Describe what changes would lose of what is not named as allowed to be lost; nothing if they lose nothing."""
    return [_sentence(change) for change in changes if _is_loss(change) and change.resource not in allowed]


def _is_loss(change: Change) -> bool:
    is_held = change.type in {_TABLE, _DISTRIBUTION} or (change.type, change.resource) == (_BUCKET, _DOCUMENTS)
    is_gone = change.action in {"Remove", "Dynamic"} or change.replacement in {"True", "Conditional"}
    return is_held and is_gone


def _sentence(change: Change) -> str:
    lost = _ADDRESS if change.type == _DISTRIBUTION else _HELD.get(change.resource, "all that it holds")
    return f"{change.resource} ({change.type}) {_what_happens(change)}. Lost to the service: {lost}. {_fate(change)}"


def _what_happens(change: Change) -> str:
    if change.action == "Remove":
        return "would be taken out of the stack"
    anew = "made anew" if change.type == _DISTRIBUTION else "made anew, empty"
    return f"would be {anew}" if change.replacement == "True" else f"may be {anew}"


def _fate(change: Change) -> str:
    if change.fate.endswith("Retain"):
        return "The former one stays in the AWS account, and nothing reads it any more."
    if change.fate.endswith("Delete"):
        return "The former one is deleted with what it holds."
    return "AWS does not say whether the former one stays."
