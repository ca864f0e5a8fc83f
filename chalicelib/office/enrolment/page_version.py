"""What a page showed of a pupil: it comes back with the decision, which holds for that and for nothing that came since.

A receipt's number, that of the household, and the fingerprint of a decision: no name, and nothing that is personal.
"""

import hashlib
from typing import Final

from chalicelib.domain.enrolment.enrolments import Decision
from chalicelib.office.enrolment import labels
from chalicelib.office.enrolment.reenrolments import EnrolledPupil
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.presentation.texts import day_and_hour
from chalicelib.values import frozen

_BETWEEN: Final = "."
_PARTS: Final = 3


@frozen
class PupilAsShown:
    """One pupil, by its key, as a page showed it. Parts are empty where there was nothing."""

    key: str
    receipt: str = ""
    household: str = ""
    decision: str = ""

    @classmethod
    def of(cls, pupil: EnrolledPupil) -> "PupilAsShown":
        """Describe a pupil as it is read now."""
        sent, household = pupil.file.sent, pupil.family.enrolment.household_receipt
        return cls(
            pupil.file.key,
            sent.receipt if sent else "",
            household.number if household else "",
            _fingerprint(sent.decision) if sent and sent.decision else "",
        )

    @classmethod
    def parse(cls, key: str, text: str) -> "PupilAsShown":
        """Read what a form carried; what no page of ours wrote is like nothing that is there."""
        parts = text.split(_BETWEEN)
        return cls(key, *parts) if len(parts) == _PARTS else cls(key)

    @property
    def text(self) -> str:
        """Write it for a form to carry."""
        return _BETWEEN.join((self.receipt, self.household, self.decision))

    def check(self, pupil: EnrolledPupil, wanted: Decision) -> None:
        """Check that a pupil is as it was shown, or decided already as is wanted now. Raises `OfficeRefusal`."""
        now, name, sent = PupilAsShown.of(pupil), pupil.file.name, pupil.file.sent
        household = pupil.family.enrolment.household_receipt
        if sent is None:
            raise OfficeRefusal("decide_vanished" if self.receipt else "decide_nothing_sent", name=name)
        if now.receipt != self.receipt:
            raise OfficeRefusal("decide_resent", name=name, number=sent.receipt, at=day_and_hour(sent.at))
        if household and now.household != self.household:
            raise OfficeRefusal("decide_household", number=household.number, at=day_and_hour(household.at))
        if sent.decision and now.decision != self.decision and not sent.decision.says_the_same(wanted):
            raise OfficeRefusal("decide_meanwhile", name=name, decision=labels.decision(sent.decision))


def _fingerprint(decision: Decision) -> str:
    told = (decision.verdict, decision.by, int(decision.at.timestamp()), decision.words)
    return hashlib.blake2b(repr(told).encode(), digest_size=8).hexdigest()
