"""Which pupils of a season a list is about: where they stand, what they learn, with whom, which documents lack.

And what their teachers say of their return.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date
from typing import Final, Literal

from chalicelib.domain.desk.account_summary import AccountSummary
from chalicelib.domain.desk.enrolment_summary import EnrolmentSummary, ListedPupil, learners, listed_pupils
from chalicelib.domain.enrolment.enrolments import FOYER, State
from chalicelib.domain.enrolment.paperwork import DocumentRule, documents_required_of
from chalicelib.domain.text import fold
from chalicelib.values import frozen

# Of a document: nothing came, nor was promised; promised on paper; a file came, which the office looks at.
Documents = Literal["missing", "promised", "provided"]
OpinionSought = Literal["favourable", "reserved", "unfavourable", "none"]  # of a teacher, on any course
_STANDING: Final[dict[bool | None, Documents]] = {None: "missing", False: "promised", True: "provided"}


@frozen
class PupilFilter:
    """What is asked for; of a discipline or a teacher a part of the name is enough, whatever its spelling."""

    state: State | None = None
    discipline: str | None = None
    teacher: str | None = None
    documents: Documents | None = None
    rules: Sequence[DocumentRule] = ()
    today: date = date.min
    opinion: OpinionSought | None = None
    # How its teachers lean, by its family's identifier and its own key.
    leanings: Mapping[tuple[str, str], Collection[str | None]] = field(default_factory=dict, repr=False, compare=False)
    _folded: dict[str, str] = field(default_factory=dict, repr=False, compare=False)  # names come again and again

    def of_family(self, family: AccountSummary, enrolment: EnrolmentSummary | None) -> list[ListedPupil]:
        """List those of a family's pupils that are asked for, in whatever state."""
        listed = listed_pupils(family, enrolment)
        if self.discipline:
            listed = [pupil for pupil in listed if self._names(self.discipline, _disciplines(pupil))]
        if self.teacher:
            listed = [pupil for pupil in listed if self._names(self.teacher, _teachers(pupil))]
        if self.opinion:
            listed = [
                one for one in listed if self.opinion in self.leanings.get((family.identifier, one.key), ("none",))
            ]
        if self.documents and listed:
            owners = self._owners(family, enrolment, self.documents)
            listed = [pupil for pupil in listed if pupil.key in owners]
        return listed

    def is_at(self, pupil: ListedPupil) -> bool:
        """Whether a pupil is in the state asked for."""
        return self.state is None or pupil.state == self.state

    def _names(self, asked: str, names: Iterator[str]) -> bool:
        wanted = self._fold(asked)
        return any(wanted in self._fold(name) for name in names)

    def _fold(self, name: str) -> str:
        folded = self._folded.get(name)
        if folded is None:
            folded = self._folded[name] = fold(name)
        return folded

    def _owners(self, family: AccountSummary, enrolment: EnrolmentSummary | None, wanted: Documents) -> set[str]:
        """Find the pupils that go on, or may, one of whose documents, or of the household's, stands so."""
        if enrolment is None:
            return set()
        staying = [learner for learner in learners(family, enrolment, self.today) if learner.stays is not False]
        required = documents_required_of(self.rules, family.site, staying)
        owners = {one.owner for one in required if _STANDING[enrolment.provided.get(one.slot)] == wanted}
        return {learner.key for learner in staying} if FOYER in owners else owners


def _disciplines(pupil: ListedPupil) -> Iterator[str]:
    """List what it learns and what it wishes to learn."""
    if pupil.is_on_file:
        yield from pupil.family.pupils[pupil.place].disciplines
    file = pupil.enrolment.files.get(pupil.key) if pupil.enrolment else None
    if file:
        yield from file.next or ()
        yield from file.others


def _teachers(pupil: ListedPupil) -> Iterator[str]:
    if pupil.is_on_file:
        yield from (teacher for _, teacher in pupil.family.pupils[pupil.place].courses)
