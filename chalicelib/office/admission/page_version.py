"""What a page showed of a candidate: it comes back with the decision, which holds for that and for nothing later.

What was sent last, by its version, and the fingerprint of a decision: no name, and nothing that is personal.
"""

import hashlib
from typing import Final

from chalicelib.domain.admission.applications import Application, Candidate, Decision
from chalicelib.office.admission import labels
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.presentation.texts import day_and_hour
from chalicelib.values import frozen

_BETWEEN: Final = "."


@frozen
class CandidateAsShown:
    """One candidate, by its key, as a page showed it; `decision` is empty where there was none."""

    key: str
    version: str = ""
    decision: str = ""

    @classmethod
    def of(cls, application: Application, key: str) -> "CandidateAsShown":
        """Describe a candidate as it is read now."""
        decision = application.standing(key).decision
        sent = application.sent.at.isoformat() if application.sent else ""
        return cls(key, _digest(sent), _fingerprint(decision) if decision else "")

    @classmethod
    def parse(cls, key: str, text: str) -> "CandidateAsShown":
        """Read what a form carried; what no page of ours wrote is like nothing that is there."""
        version, _, decision = text.partition(_BETWEEN)
        return cls(key, version, decision)

    @property
    def text(self) -> str:
        """Write it for a form to carry."""
        return f"{self.version}{_BETWEEN}{self.decision}"

    def find(self, application: Application, wanted: Decision) -> Candidate:
        """Find the candidate, if it is as it was shown, or decided already as is wanted now. Raises `OfficeRefusal`."""
        sent = application.sent
        candidate = sent.answers.candidate(self.key) if sent else None
        if sent is None or candidate is None:
            raise OfficeRefusal("request_vanished", number=application.number)
        now, made = CandidateAsShown.of(application, self.key), application.standing(self.key).decision
        if now.version != self.version:
            raise OfficeRefusal("request_resent", at=day_and_hour(sent.at), number=application.number)
        if made and now.decision != self.decision and not made.says_the_same(wanted):
            raise OfficeRefusal("decide_meanwhile", name=candidate.name, decision=labels.decision(made))
        return candidate


def _fingerprint(decision: Decision) -> str:
    told = (decision.verdict, decision.by, int(decision.at.timestamp()), decision.words, decision.until)
    return _digest(repr(told))


def _digest(told: str) -> str:
    return hashlib.blake2b(told.encode(), digest_size=8).hexdigest()
