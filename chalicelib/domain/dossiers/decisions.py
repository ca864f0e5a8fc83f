"""The office's decision on a part of a dossier: a pupil's re-enrolment, or a candidate's application."""

from dataclasses import field, replace
from datetime import datetime
from typing import ClassVar, Self

from chalicelib.values import frozen


@frozen
class Decision:
    """A decision, its author and time, and the words for the family, if any. `verdicts`: those of its kind."""

    verdicts: ClassVar[tuple[str, ...]] = ()

    verdict: str
    by: str = field(repr=False)
    at: datetime
    words: str = field(default="", repr=False)

    @property
    def is_known(self) -> bool:
        """Whether this version knows the verdict. An unknown one is neither shown nor overwritten."""
        return self.verdict in self.verdicts

    def says_the_same(self, other: Self) -> bool:
        """Whether both have the same author, verdict and words, at any time."""
        return replace(self, at=other.at) == other

    @property
    def facts(self) -> tuple[object, ...]:
        """The facts by which it differs from any other decision: as stored, to the second."""
        return self.verdict, self.by, int(self.at.timestamp()), self.words
