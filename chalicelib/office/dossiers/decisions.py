"""The office's decision on a dossier as a page showed it: its input, the version shown, its note and its mails."""

import hashlib
import secrets
from collections.abc import Callable, Iterable
from dataclasses import astuple, field, fields, replace
from datetime import timedelta
from typing import Final, Generic, Self, TypeVar

from chalicelib.domain import fields as form_fields
from chalicelib.domain.account.audit import Author
from chalicelib.domain.dossiers.decisions import Decision
from chalicelib.infra.dynamo.revise import Prepare
from chalicelib.mail.jobs import QueuedJob
from chalicelib.mail.outbox import DELAY, Outbox
from chalicelib.office.account import tidy_field
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.family import Services
from chalicelib.values import frozen

LONGEST_TEXT: Final = form_fields.longest("decision_words")
_EXPLAINED: Final = frozenset({"declined", "to_complete"})
_BETWEEN: Final = "."


@frozen
class DecisionInput:
    """A decision to make: its words, author and, if kept apart, its reason. `again`: overrides another decision."""

    verdict: str
    who: str = field(repr=False)
    words: str = field(default="", repr=False)
    why: str = field(default="", repr=False)
    again: bool = False


Given = TypeVar("Given", bound=DecisionInput)
Subject = TypeVar("Subject")
Made = TypeVar("Made", bound=Decision)
Whole = TypeVar("Whole")


@frozen
class SubjectDecision(Generic[Subject, Made]):
    """The decision made on a pupil or candidate, and the one it replaces. Not new if the same was already stored.

    `is_final`: it made or freed more than itself, so that it cannot be taken back.
    """

    subject: Subject
    decision: Made
    former: Made | None
    is_new: bool
    is_final: bool = False


@frozen
class ShownVersion:
    """A pupil or candidate, by key, as a page showed them. Subclasses have the parts. Missing ones are empty."""

    key: str

    @classmethod
    def parse(cls, key: str, text: str) -> Self:
        """Parse a form's value. A value that no page of ours wrote matches nothing."""
        parts = text.split(_BETWEEN)
        return cls(key, *parts) if len(parts) == len(fields(cls)) - 1 else cls(key)

    @property
    def text(self) -> str:
        """Format it for a form."""
        return _BETWEEN.join(astuple(self)[1:])


def digest(text: str) -> str:
    """Digest a part of a version."""
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def fingerprint(decision: Decision | None) -> str:
    """Digest a decision for a form. Empty for none."""
    return digest(repr(decision.facts)) if decision else ""


def mailed_name(services: Services, kind: str, decision: Decision) -> str:
    """Name a decision in the job of its mail, by a pseudonym."""
    return services.record.pseudonyms.of(kind, *(str(fact or "") for fact in decision.facts))


def check_input(decision_input: Given) -> Given:
    """Tidy the fields, and require the missing ones. Raises `OfficeRefusal`."""
    why, text = tidy_field("office_why", decision_input.why), tidy_field("decision_words", decision_input.words)
    if not text and decision_input.verdict in _EXPLAINED:
        raise OfficeRefusal("decide_words", longest=LONGEST_TEXT)
    return replace(decision_input, words=text, why=why)


def author_of(decision_input: DecisionInput, subjects: Iterable[str]) -> Author:
    """Write for the audit trail the author, the pupils or candidates decided on, and the reason."""
    reason = decision_input.why or decision_input.words
    return Author(decision_input.who, " ; ".join(filter(None, (*subjects, reason))))


def post_mails(
    services: Services, prefix: str, mails_of: Callable[[Whole, str], Iterable[QueuedJob]], delay: timedelta = DELAY
) -> Prepare[Whole]:
    """Post a decision's mails before its write (docs/decisions/0006). They are sent only if it is written.

    `mails_of` makes them from the dossier as decided, under the name of the request.
    """
    mails, request = Outbox(services.post_box, delay), f"{prefix}-{secrets.token_hex(8)}"
    return lambda _before, after: mails.post(*mails_of(after, request))
