"""The documents asked for: which ones, of whom, as the answers stand."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from chalicelib.domain.enrolment.answers import PupilAnswers
from chalicelib.domain.enrolment.enrolments import FOYER, Enrolment, Provided, Receipt
from chalicelib.domain.family.households import Pupil
from chalicelib.domain.text import folded


@dataclass(frozen=True)
class DocumentRule:
    """A document that the network asks for, and the conditions under which it does: all of those given must hold."""

    code: str
    title: str
    hint: str = ""
    of: Literal["household", "pupil"] = "pupil"
    disciplines: tuple[str, ...] = ()
    adults: bool | None = None
    sites: tuple[str, ...] = ()

    def is_asked_of(self, pupil: Pupil, answers: PupilAnswers, today: date) -> bool:
        """Tell whether it is asked of a pupil that goes on."""
        if self.adults is not None and pupil.is_adult(today) != self.adults:
            return False
        learnt = [folded(each) for each in disciplines_of(pupil, answers)]
        return not self.disciplines or any(folded(wanted) in each for wanted in self.disciplines for each in learnt)


@dataclass(frozen=True)
class Asked:
    """A document asked for now: by which rule, and of whom (a pupil's key and name, or `FOYER`)."""

    rule: DocumentRule
    owner: str
    name: str = ""

    @property
    def slot(self) -> tuple[str, str]:
        """Give what names it among all those of a family."""
        return self.rule.code, self.owner

    @property
    def called(self) -> str:
        """Name it as a person does: its title, and its pupil."""
        return f"{self.rule.title}, {self.name}" if self.name else self.rule.title


def disciplines_of(pupil: Pupil, answers: PupilAnswers) -> tuple[str, ...]:
    """List what a pupil wishes to learn next year: courses kept, and those wanted instead of others."""
    if not answers.wishes:
        return tuple(each.discipline for each in pupil.courses)
    kept = {"keep": lambda wish: wish.discipline, "change": lambda wish: wish.wanted or wish.discipline}
    return tuple(kept[wish.choice](wish) for wish in answers.wishes if wish.choice in kept)


def asked(
    rules: Iterable[DocumentRule], pupils: Mapping[str, Pupil], enrolment: Enrolment, today: date
) -> tuple[Asked, ...]:
    """List the documents asked for: of the household if somebody goes on, or may; of each pupil that does."""
    site = enrolment.ref.account.site
    return tuple(
        each
        for rule in rules
        if not rule.sites or site in rule.sites
        for each in (_of_household if rule.of == "household" else _of_pupils)(rule, pupils, enrolment, today)
    )


def _of_household(
    rule: DocumentRule, pupils: Mapping[str, Pupil], enrolment: Enrolment, _today: date
) -> Iterator[Asked]:
    files = (enrolment.pupil(key) for key in pupils)
    answers = [each.answers if each else None for each in files]
    if any(each is None or each.stays is not False for each in answers):
        yield Asked(rule, FOYER)


def _of_pupils(rule: DocumentRule, pupils: Mapping[str, Pupil], enrolment: Enrolment, today: date) -> Iterator[Asked]:
    for key, pupil in pupils.items():
        file = enrolment.pupil(key)
        answers = file.answers if file else None
        if answers and answers.stays and rule.is_asked_of(pupil, answers, today):
            yield Asked(rule, key, pupil.name)


@dataclass(frozen=True)
class Paper:
    """A document as a receipt tells it: its title, whose it is (empty: the household's), uploaded or promised.

    `came`: it was promised, and is uploaded now.
    """

    title: str
    owner: str
    is_uploaded: bool
    came: bool = False


def papers(rules: Iterable[DocumentRule], receipt: Receipt, now: Iterable[Provided] = ()) -> tuple[Paper, ...]:
    """List the documents of a receipt: of the pupils that were sent and stay, and of the household if it tells it.

    `now`: the documents as they are provided by now. They count at once, sent anew or not.
    """
    uploaded = {(each.code, each.owner) for each in now if each.object_key}
    titles = {each.code: each.title for each in rules}
    owners = {key: name for key, name, answers in receipt.pupils if answers.stays}
    owners |= {FOYER: ""} if receipt.tells_household else {}
    return tuple(
        Paper(
            titles.get(each.code, each.code),
            owners[each.owner],
            bool(each.object_key),
            came=not each.object_key and (each.code, each.owner) in uploaded,
        )
        for each in receipt.provided
        if each.owner in owners
    )
