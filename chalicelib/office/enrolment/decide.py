"""The office decides of pupils that were sent, on what it saw: accepted, declined, or something to complete."""

import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from chalicelib.domain import fields
from chalicelib.domain.account.audit import ActKind, Author
from chalicelib.domain.enrolment.enrolments import Decision, Enrolment, Sent, Verdict
from chalicelib.domain.enrolment.submissions import decided
from chalicelib.office.account import note, worded
from chalicelib.office.enrolment import words
from chalicelib.office.enrolment.mails import post_decision
from chalicelib.office.enrolment.pupils import sent_pupils
from chalicelib.office.enrolment.reenrolments import EnrolledPupil, Family
from chalicelib.office.enrolment.show import Named, find
from chalicelib.office.refused import Refused
from chalicelib.services import Services
from chalicelib.texts import day_and_hour

WORDS_AT_MOST: Final = fields.longest("decision_words")
_KINDS: Final[dict[Verdict, ActKind]] = {
    "accepted": "pupil_accepted",
    "declined": "pupil_declined",
    "to_complete": "pupil_asked",
}


@dataclass(frozen=True)
class Judgement:
    """What is decided, in which words, by whom, and why where that is told apart; `again`: over another decision."""

    verdict: Verdict
    who: str = field(repr=False)
    words: str = field(default="", repr=False)
    why: str = field(default="", repr=False)
    again: bool = False


@dataclass(frozen=True)
class Which:
    """Which family, and which of its pupils: by their names, or all that wait for a decision."""

    family: Named
    names: tuple[str, ...] = field(default=(), repr=False)
    everybody: bool = False


@dataclass(frozen=True)
class Ruled:
    """A pupil of which was decided, and the decision that this one replaces; not changed where it stood already."""

    pupil: EnrolledPupil
    decision: Decision
    replaced: Decision | None
    is_new: bool


@dataclass(frozen=True)
class Outcome:
    """What was decided of a family's pupils."""

    family: Family
    pupils: tuple[Ruled, ...]


def decide(services: Services, which: Which, judgement: Judgement, now: datetime) -> Outcome:
    """Decide of pupils, all by one write, if what was sent of them is still what was read. Raises `Refused`.

    The same decision again, by the same person, finds the first and is content; unless its household was sent anew
    since, and `again` was asked for: then it is decided on what is there now.
    """
    judgement = _checked(judgement)
    family = find(services, which.family, now)
    decision = Decision(judgement.verdict, judgement.who, now, judgement.words)
    pupils = sent_pupils(family, which.names, everybody=which.everybody, number=which.family.number)
    ruled = tuple(_ruled(each, decision, again=judgement.again) for each in pupils)
    fresh = [each for each in ruled if each.is_new]
    if not fresh:
        return Outcome(family, ruled)
    kind, author = _KINDS[judgement.verdict], Author(judgement.who, _why(fresh, judgement))
    note(services, family.account.ref, kind, author, now)
    _write(services, family, fresh)
    return Outcome(family, ruled)


def _checked(judgement: Judgement) -> Judgement:
    who, why = worded("office_who", judgement.who), worded("office_why", judgement.why)
    said = worded("decision_words", judgement.words)
    if not who:
        raise Refused("who_missing")
    if not said and judgement.verdict != "accepted":
        raise Refused("decide_words", longest=WORDS_AT_MOST)
    return replace(judgement, who=who, words=said, why=why)


def _ruled(pupil: EnrolledPupil, decision: Decision, *, again: bool) -> Ruled:
    before = pupil.file.sent.decision if pupil.file.sent else None
    looks_again = again and pupil.household_since is not None
    if before and replace(before, at=decision.at) == decision and not looks_again:
        return Ruled(pupil, before, None, is_new=False)
    if before and not pupil.file.is_open and not again:
        raise Refused("decide_before", name=pupil.file.name, decision=words.decision(before))
    return Ruled(pupil, decision, before, is_new=True)


def _why(fresh: list[Ruled], judgement: Judgement) -> str:
    """Say for the acts of which pupils and receipts it was, what it replaces, and why."""
    told = [_what(each) for each in fresh]
    return " ; ".join((*told, *filter(None, (judgement.why or judgement.words,))))


def _what(ruled: Ruled) -> str:
    sent = ruled.pupil.file.sent
    replaced = f", au lieu de : {words.decision(ruled.replaced)}" if ruled.replaced else ""
    return f"{ruled.pupil.file.name} (reçu {sent.receipt if sent else ''}){replaced}"


def _write(services: Services, family: Family, fresh: list[Ruled]) -> None:
    """Write the decisions, if of each pupil what was sent, and decided, is what was read. Raises `Refused`.

    The mails are posted before (docs/decisions/0006): they leave for what is then written, and for nothing else.
    """

    def judged(found: Enrolment) -> Enrolment:
        for each in fresh:
            _check_same(found, each)
            found = decided(found, each.pupil.file.key, each.decision, again=True) or found
        return found

    after, request = judged(family.enrolment), f"decision-{secrets.token_hex(8)}"
    for each in fresh:
        post_decision(services, family.account, after, each.pupil.file.key, request)
    services.enrolments.revise(family.enrolment, judged)


def _check_same(found: Enrolment, ruled: Ruled) -> None:
    known, name = ruled.pupil.file, ruled.pupil.file.name
    file = found.pupil(known.key)
    if file is None or file.sent is None:
        raise Refused("decide_vanished")
    if known.sent is None or file.sent.receipt != known.sent.receipt:
        raise Refused("decide_resent", name=name, **_told(file.sent))
    if file.sent.decision and file.sent.decision != known.sent.decision:
        raise Refused("decide_meanwhile", name=name, decision=words.decision(file.sent.decision))


def _told(sent: Sent) -> dict[str, str]:
    return {"number": sent.receipt, "at": day_and_hour(sent.at)}
