"""The filter of a list of pupils: by state, discipline, teacher, documents, and their teachers' opinions."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date
from typing import Final, Literal

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.dossiers.documents import FOYER, DocumentRule
from chalicelib.domain.enrolment.enrolments import State
from chalicelib.domain.enrolment.paperwork import documents_required_of
from chalicelib.domain.search.summaries import AccountSummary, EnrolmentSummary, ListedPupil, learners, listed_pupils
from chalicelib.domain.text import letters_of
from chalicelib.values import frozen

# The state of a document: neither provided nor promised, promised on paper, or provided as a file.
Documents = Literal["missing", "promised", "provided"]
OpinionSought = Literal["favourable", "reserved", "unfavourable", "none"]  # of a teacher, about any course
_STANDING: Final[dict[bool | None, Documents]] = {None: "missing", False: "promised", True: "provided"}


@frozen
class PupilFilter:
    """The criteria. Of a discipline or teacher, part of the name in any spelling is enough.

    `is_extended`: only families that have more time today. `is_teacher`: accepts the name of one teacher only, instead
    of a part of it.
    """

    state: State | None = None
    discipline: str | None = None
    teacher: str | None = None
    documents: Documents | None = None
    rules: Sequence[DocumentRule] = ()
    today: date = date.min
    opinion: OpinionSought | None = None
    is_extended: bool = False
    # Its teachers' opinions, by its family's identifier and its own key.
    leanings: Mapping[tuple[str, str], Collection[str | None]] = field(default_factory=dict, repr=False, compare=False)
    families: Collection[AccountRef] | None = field(default=None, repr=False, compare=False)  # the only ones, if set
    is_teacher: Callable[[str], bool] | None = field(default=None, repr=False, compare=False)
    _folded: dict[str, str] = field(default_factory=dict, repr=False, compare=False)  # a cache, as names repeat

    def of_family(self, family: AccountSummary, enrolment: EnrolmentSummary | None) -> list[ListedPupil]:
        """List a family's pupils that match, in any state."""
        if self.families is not None and AccountRef(family.site, family.identifier) not in self.families:
            return []
        pupils = listed_pupils(family, enrolment)
        if self.is_extended and not family.is_extended(self.today):
            return []
        if self.discipline:
            pupils = [pupil for pupil in pupils if self._names(self.discipline, _disciplines(pupil))]
        if self.is_teacher:
            pupils = [pupil for pupil in pupils if any(map(self.is_teacher, _teachers(pupil)))]
        elif self.teacher:
            pupils = [pupil for pupil in pupils if self._names(self.teacher, _teachers(pupil))]
        if self.opinion:
            pupils = [
                pupil
                for pupil in pupils
                if self.opinion in self.leanings.get((family.identifier, pupil.key), ("none",))
            ]
        if self.documents and pupils:
            owners = self._owners(family, enrolment, self.documents)
            pupils = [pupil for pupil in pupils if pupil.key in owners]
        return pupils

    def is_at(self, pupil: ListedPupil) -> bool:
        """Whether a pupil has the requested state."""
        return self.state is None or pupil.state == self.state

    def _names(self, text: str, names: Iterator[str]) -> bool:
        wanted_text = self._fold(text)
        return any(wanted_text in self._fold(name) for name in names)

    def _fold(self, name: str) -> str:
        folded_text = self._folded.get(name)
        if folded_text is None:
            folded_text = self._folded[name] = letters_of(name)
        return folded_text

    def _owners(self, family: AccountSummary, enrolment: EnrolmentSummary | None, kind: Documents) -> set[str]:
        """Find the pupils that may stay with one of their or the household's documents in this state."""
        if enrolment is None:
            return set()
        codes = {code for (code, _), is_file in enrolment.provided.items() if _STANDING[is_file] == kind}
        rules = [rule for rule in self.rules if kind == "missing" or rule.code in codes]
        if not rules:
            return set()
        staying = [learner for learner in learners(family, enrolment, self.today) if learner.stays is not False]
        documents = documents_required_of(rules, family.site, staying)
        owners = {one.owner for one in documents if _STANDING[enrolment.provided.get(one.slot)] == kind}
        return {learner.key for learner in staying} if FOYER in owners else owners


def _disciplines(pupil: ListedPupil) -> Iterator[str]:
    """List its disciplines, current and wished for."""
    if pupil.is_on_file:
        yield from pupil.family.pupils[pupil.place].disciplines
    file = pupil.enrolment.files.get(pupil.key) if pupil.enrolment else None
    if file:
        yield from file.next or ()
        yield from file.others


def _teachers(pupil: ListedPupil) -> Iterator[str]:
    if pupil.is_on_file:
        yield from (teacher for _, teacher in pupil.family.pupils[pupil.place].courses)
