"""Open a page of the re-enrolment (visitor, season and saved answers), and save a step of it."""

from collections.abc import Callable, Sequence
from dataclasses import field, replace
from datetime import datetime, timedelta
from functools import cached_property
from types import MappingProxyType
from typing import Any, TypeVar

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.coordinates import last_correction, speaker, speakers
from chalicelib.domain.dossiers.documents import RequiredDocument, SavedBy
from chalicelib.domain.enrolment.answers import HouseholdAnswers, PupilAnswers
from chalicelib.domain.enrolment.enrolments import Enrolment, PaperForm, see_enrolment
from chalicelib.domain.enrolment.paperwork import EnrolmentStep, required_documents, steps
from chalicelib.domain.enrolment.periods import (
    PARIS,
    EnrolmentPeriod,
    EnrolmentRef,
    PeriodClosed,
    PeriodState,
    period_of,
    season_of,
    seasons_at,
)
from chalicelib.domain.family.households import Household, Pupil
from chalicelib.domain.family.redaction import unhide
from chalicelib.domain.refusals import FieldsRefused, LessComplete, StepMoved
from chalicelib.flows.family.visit import FieldErrors, FindSpeaker, MoreLookups, Page, Visitor, enter_with, no_speaker
from chalicelib.infra.dynamo.database import Lookup
from chalicelib.services.family import Services, Visit
from chalicelib.values import frozen, version_of

A = TypeVar("A", HouseholdAnswers, PupilAnswers)


@frozen
class EnrolmentContext:
    """A visitor and their family's re-enrolment at one moment. `last`: the re-enrolment of the year before.

    Both are as this login may see them (`see`): if coordinates are separated, answers hide those of another guardian.
    `note`: audits a sending, where the office fills in the steps for the family. Its documents come on paper.
    """

    visitor: Visitor
    period: EnrolmentPeriod | None
    enrolment: Enrolment
    last: Enrolment
    now: datetime
    last_on_file: Enrolment | None = field(default=None, compare=False)  # unhidden, for what is written from it
    note: Callable[[PaperForm], object] | None = field(default=None, compare=False)

    def see(self, enrolment: Enrolment) -> Enrolment:
        """Return a re-enrolment as this login may see it. The same object if nothing is hidden."""
        return see_enrolment(enrolment, self.visitor.account)

    def on_file(self, current: Enrolment) -> "EnrolmentContext":
        """Return the context of a write: the re-enrolment and the last one, unhidden."""
        account, payer = self.visitor.account, self.visitor.on_file.household.payer
        whole = replace(account, household=replace(account.household, payer=payer))
        visitor = replace(self.visitor, account=whole)
        return replace(self, visitor=visitor, enrolment=current, last=self.last_on_file or self.last)

    def unhide(self, answers: A, on_file: A | None) -> A:
        """Restore the hidden parts of answers from those on file."""
        view = self.visitor.account.view
        result: A = unhide(answers, on_file, view.secrets if view else ())
        return result

    @property
    def state(self) -> PeriodState | None:
        """The state of the site's period: to come, open or over. None if none is announced."""
        return self.period.state(self.now) if self.period else None

    @property
    def is_open(self) -> bool:
        """Whether the family may answer now: the last day lasts until midnight in Paris."""
        return self.state == "during"

    @property
    def is_extended(self) -> bool:
        """Whether the family has more time than the others of its site."""
        extension = self.visitor.account.extension
        return bool(self.period and extension and extension.until == self.period.closes_on)

    @property
    def time_left(self) -> timedelta:
        """The time until the end of the period. Zero if it is not open."""
        return self.period.ends_at - self.now if self.period and self.is_open else timedelta()

    @property
    def household(self) -> Household:
        """The household of the account, as on file."""
        return self.visitor.account.household

    @cached_property
    def pupils(self) -> dict[str, Pupil]:
        """The pupils, by the keys that identify them in addresses."""
        return self.household.pupils_by_key

    @property
    def proposed_payer(self) -> str:
        """The payer last sent the year before, or one corrected on file since then. Never assumed."""
        on_file, correction = self.household.payer, last_correction(self.visitor.account, "payer")
        receipt = self.last.household_receipt
        if receipt is None:
            return on_file
        is_newer = correction is not None and correction.at > receipt.at
        return on_file if on_file and is_newer else receipt.household.payer

    def image_rights_of(self, key: str) -> bool | None:
        """Find the current consent to images of a pupil: this season's answer, or an earlier one."""
        file = self.enrolment.pupil(key)
        answer = file.answers.image_rights if file and file.answers else self.enrolment.household.image_rights
        return self.last.standing_image_rights(key) if answer is None else answer

    @property
    def names(self) -> tuple[str, ...]:
        """The names of those who may be at the keyboard."""
        return speakers(self.visitor.account)

    def saved_by(self, name: str, lacking: FieldErrors = MappingProxyType({})) -> SavedBy:
        """Return the user who saves, as chosen in the form. Raises `FieldsRefused`, with `lacking`, if none is."""
        return SavedBy(self.visitor.speaker_chosen(name, lacking), self.now)

    def check_open(self) -> None:
        """Refuse a form outside the period, before its content is checked. Raises `PeriodClosed`."""
        if not self.is_open:
            raise PeriodClosed

    def required_documents(self, services: Services) -> tuple[RequiredDocument, ...]:
        """List the documents that the current answers require."""
        rules = services.settings.network.enrolment.document_rules
        return required_documents(rules, self.pupils, self.enrolment, self.now.astimezone(PARIS).date())

    def awaited_documents(self, services: Services) -> tuple[RequiredDocument, ...]:
        """List the required documents not received yet: those missing, and those promised on paper."""
        records = {(document.code, document.owner): document for document in self.enrolment.provided}
        documents = self.required_documents(services)
        return tuple(one for one in documents if one.slot not in records or not records[one.slot].is_received)

    def steps(self, services: Services) -> tuple[EnrolmentStep, ...]:
        """List the steps, and whether each is done."""
        documents = () if self.note else self.required_documents(services)
        return steps(self.enrolment, self.pupils, [document.slot for document in documents])


def enter(visit: Visit[Services], find_speaker: FindSpeaker = no_speaker) -> EnrolmentContext:
    """Find the visitor and their re-enrolment: two reads. Raises as `visit.enter` does."""
    context, _ = enter_page(visit, lambda _: (), find_speaker)
    return context


def enter_page(
    visit: Visit[Services], more_lookups: MoreLookups, find_speaker: FindSpeaker = no_speaker, *, page: Page = ""
) -> tuple[EnrolmentContext, tuple[Any, ...]]:
    """Find the visitor and their re-enrolment, with more lookups in the same round trip.

    Only this year's and last year's re-enrolments are read: a period that opens next year is not begun.
    """
    periods = visit.services.periods.lookups(visit.now)
    visitor, results = enter_with(
        visit, lambda ref: (*periods, *enrolment_lookups(visit, ref), *more_lookups(ref)), find_speaker, page=page
    )
    results = results[len(periods) :]
    return context_of(visit, visitor, results), results[len(seasons_at(visit.now)) :]


def enrolment_lookups(visit: Visit[Services], ref: AccountRef) -> tuple[Lookup[Enrolment], ...]:
    """Look up a family's re-enrolments of the seasons that a page may show."""
    return tuple(visit.services.enrolments.lookup(EnrolmentRef(ref, season)) for season in seasons_at(visit.now))


def context_of(visit: Visit[Services], visitor: Visitor, enrolments: Sequence[Enrolment]) -> EnrolmentContext:
    """Describe a visitor and their family's re-enrolments, as just read (`enrolment_lookups`)."""
    ref, now = visitor.account.ref, visit.now
    period = period_of(visitor.account, visit.services.periods.last_known)
    season = season_of(period, now)
    by_season = dict(zip(seasons_at(now), enrolments, strict=False))
    before = str(int(season) - 1)
    current, last = (by_season.get(year, Enrolment(EnrolmentRef(ref, year))) for year in (season, before))
    visible, seen_last = (see_enrolment(enrolment, visitor.account) for enrolment in (current, last))
    return EnrolmentContext(visitor, period, visible, seen_last, now, last)


@frozen
class StepSubmission:
    """The fields of each step's form besides its answers. `by`: the sender. `version`: of the part shown."""

    by: str = field(repr=False)
    version: str
    later: bool = False


@frozen
class StepUpdate:
    """A step to save: the part of the re-enrolment that it edits, the function that changes the whole, and the form.

    `lacking`: the fields to complete, with their errors. `is_complete`: whether the stored answers are complete.
    `view`: the part that the form's version covers, if that is not all of it.
    """

    part: Callable[[Enrolment], object]
    author: Callable[[Enrolment], SavedBy | None]
    apply: Callable[[Enrolment], Enrolment]
    submission: StepSubmission
    lacking: FieldErrors = field(default_factory=dict)
    is_complete: Callable[[Enrolment], bool] = lambda _found: False
    view: Callable[[Enrolment], object] | None = None

    def check(self, current: Enrolment) -> None:
        """Refuse an incomplete step, unless it is to be finished later and empties no complete answers.

        Raises `FieldsRefused`, `LessComplete`.
        """
        if self.lacking and not self.submission.later:
            raise FieldsRefused(self.lacking)
        if self.lacking and self.is_complete(current):
            raise LessComplete(self.lacking)


def save_step(visit: Visit[Services], context: EnrolmentContext, step: StepUpdate) -> Enrolment:
    """Save a step in one write. Idempotent. A refusal changes nothing.

    Raises `FieldsRefused`, `LessComplete`, `PeriodClosed`, `EnrolmentFull`, and `StepMoved` if another guardian saved
    it since the page was shown.
    """
    context.check_open()

    def decide(current: Enrolment) -> Enrolment:
        after = step.apply(current)
        is_same = step.part(after) == step.part(current)
        visible = context.see(current)
        version = version_of((step.view or step.part)(visible))
        if version != step.submission.version and not is_same:
            author, by = step.author(current), speaker(context.visitor.account, step.submission.by)
            raise StepMoved(author, version, step.part(visible), is_own=author is not None and author.by == by)
        step.check(current)
        return current if is_same else visit.services.enrolments.check_room(current, after)

    before, after = visit.services.enrolments.revise(context.enrolment, decide)
    if after is not before:
        visit.record("enrolment_saved", account=context.visitor.account.ref)
    return after
