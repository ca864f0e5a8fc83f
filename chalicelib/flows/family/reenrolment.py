"""The re-enrolment entered: who comes, for which season, what was saved so far; and a step of it saved."""

import hashlib
from collections.abc import Callable
from dataclasses import MISSING, Field, field, fields, is_dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from types import MappingProxyType
from typing import Any, TypeVar

from chalicelib.domain.account.coordinates import last_correction, speaker, speakers
from chalicelib.domain.account.sessions import Token
from chalicelib.domain.billing.bills import Bills
from chalicelib.domain.enrolment.answers import HouseholdAnswers, PupilAnswers
from chalicelib.domain.enrolment.enrolments import Enrolment, SavedBy, see_enrolment
from chalicelib.domain.enrolment.paperwork import EnrolmentStep, RequiredDocument, required_documents, steps
from chalicelib.domain.enrolment.periods import PARIS, EnrolmentPeriod, EnrolmentRef, PeriodState, season_of, seasons_at
from chalicelib.domain.family.households import Household, Pupil
from chalicelib.domain.family.redaction import unhide
from chalicelib.domain.refusals import FieldsRefused, LessComplete, PeriodClosed, StepMoved
from chalicelib.flows.family.visit import FieldErrors, FindSpeaker, MoreLookups, Visitor, authenticate_with, no_speaker
from chalicelib.services.family import Client, Services
from chalicelib.values import frozen

A = TypeVar("A", HouseholdAnswers, PupilAnswers)


@frozen
class EnrolmentContext:
    """Somebody logged in, and the re-enrolment of its family, at one moment; `last` is that of the year before.

    Both are as this login may see them (`see`): where coordinates are separated, none of another guardian's stands in
    what was typed.
    """

    visitor: Visitor
    period: EnrolmentPeriod | None
    enrolment: Enrolment
    last: Enrolment
    now: datetime
    last_on_file: Enrolment | None = field(default=None, compare=False)  # as it stands: for what is written of it

    def see(self, enrolment: Enrolment) -> Enrolment:
        """Show a re-enrolment as this login may see it; itself where nothing is hidden."""
        return see_enrolment(enrolment, self.visitor.account)

    def on_file(self, current: Enrolment) -> "EnrolmentContext":
        """Make what a write is decided in: a re-enrolment as it stands, and the last one too."""
        account, payer = self.visitor.account, self.visitor.on_file.household.payer
        whole = replace(account, household=replace(account.household, payer=payer))
        visitor = replace(self.visitor, account=whole)
        return replace(self, visitor=visitor, enrolment=current, last=self.last_on_file or self.last)

    def unhide(self, answers: A, on_file: A | None) -> A:
        """Put back in answers what this login was shown hidden, as it stands on file."""
        view = self.visitor.account.view
        restored: A = unhide(answers, on_file, view.secrets if view else ())
        return restored

    @property
    def state(self) -> PeriodState | None:
        """The state of the site's period: to come, open or over; None while none is announced."""
        return self.period.state(self.now) if self.period else None

    @property
    def is_open(self) -> bool:
        """Whether the family may answer now: the last day lasts until midnight in Paris."""
        return self.state == "during"

    @property
    def time_left(self) -> timedelta:
        """How long the period lasts from now on; nothing when it is not open."""
        return self.period.ends_at - self.now if self.period and self.is_open else timedelta()

    @property
    def household(self) -> Household:
        """The household of the account, as on file."""
        return self.visitor.account.household

    @cached_property
    def pupils(self) -> dict[str, Pupil]:
        """The pupils, by the keys that name them in addresses."""
        return self.household.pupils_by_key

    @property
    def proposed_payer(self) -> str:
        """Who pays, as last sent the year before, unless it was corrected on file since; never assumed."""
        on_file, corrected = self.household.payer, last_correction(self.visitor.account, "payer")
        receipt = self.last.household_receipt
        if receipt is None:
            return on_file
        is_newer = corrected is not None and corrected.at > receipt.at
        return on_file if on_file and is_newer else receipt.household.payer

    def image_rights_of(self, key: str) -> bool | None:
        """Find what stands of a pupil about images: answered this season, or before and not changed since."""
        file = self.enrolment.pupil(key)
        answered = file.answers.image_rights if file and file.answers else self.enrolment.household.image_rights
        return self.last.standing_image_rights(key) if answered is None else answered

    @property
    def names(self) -> tuple[str, ...]:
        """The names of those who may be at the keyboard."""
        return speakers(self.visitor.account)

    def saved_by(self, chosen: str, lacking: FieldErrors = MappingProxyType({})) -> SavedBy:
        """Name who saves, as chosen in the form. Raises `FieldsRefused`, with what else lacks, where nobody is."""
        return SavedBy(self.visitor.speaker_chosen(chosen, lacking), self.now)

    def check_open(self) -> None:
        """Refuse what comes before the period or after it, whatever is in it. Raises `PeriodClosed`."""
        if not self.is_open:
            raise PeriodClosed

    def required_documents(self, services: Services) -> tuple[RequiredDocument, ...]:
        """List the documents asked for, as the answers stand."""
        rules = services.settings.network.enrolment.document_rules
        return required_documents(rules, self.pupils, self.enrolment, self.now.astimezone(PARIS).date())

    def awaited_documents(self, services: Services) -> tuple[RequiredDocument, ...]:
        """List the documents asked for that did not come yet: those that lack, and those promised on paper."""
        noted = {(document.code, document.owner): document for document in self.enrolment.provided}
        required = self.required_documents(services)
        return tuple(one for one in required if one.slot not in noted or not noted[one.slot].object_key)

    def steps(self, services: Services) -> tuple[EnrolmentStep, ...]:
        """List the steps, and which are done."""
        return steps(self.enrolment, self.pupils, [document.slot for document in self.required_documents(services)])


def enter(
    services: Services, token: Token | None, client: Client, now: datetime, find_speaker: FindSpeaker = no_speaker
) -> EnrolmentContext:
    """Find who comes, and all that a page of the re-enrolment tells: two reads. Raises as `visit` does."""
    context, _ = _enter_reading(services, token, client, now, lambda _: (), find_speaker)
    return context


def enter_with_bills(
    services: Services, token: Token | None, client: Client, now: datetime
) -> tuple[EnrolmentContext, Bills]:
    """Find who comes, all that a page of the re-enrolment tells, and the bills: two reads. Raises as `visit` does."""
    context, (bills,) = _enter_reading(services, token, client, now, lambda ref: (services.billing.lookup(ref),))
    return context, bills


def _enter_reading(  # noqa: PLR0913, PLR0917 - who asks, when, and for what
    services: Services,
    token: Token | None,
    client: Client,
    now: datetime,
    more_lookups: MoreLookups,
    find_speaker: FindSpeaker = no_speaker,
) -> tuple[EnrolmentContext, tuple[Any, ...]]:
    """Find who comes, and read more together with the re-enrolment.

    What is kept of another year than this one and the last is not read: a period that opens next year is not begun.
    """
    seasons = seasons_at(now)
    enrolments = services.enrolments
    visitor, (periods, *read) = authenticate_with(
        services,
        token,
        client,
        now,
        lambda ref: (
            services.periods.lookup(),
            *(enrolments.lookup(EnrolmentRef(ref, season)) for season in seasons),
            *more_lookups(ref),
        ),
        find_speaker,
    )
    ref = visitor.account.ref
    period = None if visitor.account.is_newcomer else periods.of(ref.site)
    season = season_of(period, now)
    by_season = dict(zip(seasons, read, strict=False))
    before = str(int(season) - 1)
    current, last = (by_season.get(year, Enrolment(EnrolmentRef(ref, year))) for year in (season, before))
    seen, seen_last = (see_enrolment(enrolment, visitor.account) for enrolment in (current, last))
    return EnrolmentContext(visitor, period, seen, seen_last, now, last), tuple(read[len(seasons) :])


def version_of(part: object) -> str:
    """Compute the version of what a step showed: it comes back with the form, to tell whether that still stands.

    What was left at its default does not count: a form that is open when the step gets one more field stays good.
    """
    return hashlib.blake2b(repr((_significant_values(part),)).encode(), digest_size=8).hexdigest()


def _significant_values(part: object) -> object:
    """List the values of a part, those too that do not print; of answers, what is not their default."""
    if isinstance(part, tuple):
        return tuple(map(_significant_values, part))
    if not is_dataclass(part):
        return part
    values = {own.name: (getattr(part, own.name), _default(own)) for own in fields(part)}
    return {name: _significant_values(value) for name, (value, default) in values.items() if value != default}


def _default(own: Field[Any]) -> object:
    return own.default if own.default_factory is MISSING else own.default_factory()


@frozen
class StepSubmission:
    """What each step's form says besides: who is at the keyboard, the version shown, and whether one goes on later."""

    by: str = field(repr=False)
    version: str
    later: bool = False


@frozen
class StepUpdate:
    """A step to save: the part of the re-enrolment that it is about, what becomes of the whole, and what the form said.

    `lacking`: what must be mended before it is whole, field by field. `is_complete`: tells whether what is saved is.
    `shown`: the part as far as the form's version counts it, where not all of it does.
    """

    part: Callable[[Enrolment], object]
    saved: Callable[[Enrolment], SavedBy | None]
    apply: Callable[[Enrolment], Enrolment]
    submission: StepSubmission
    lacking: FieldErrors = field(default_factory=dict)
    is_complete: Callable[[Enrolment], bool] = lambda _found: False
    shown: Callable[[Enrolment], object] | None = None

    def check(self, current: Enrolment) -> None:
        """Refuse what lacks something, unless it is finished later and empties nothing that is whole.

        Raises `FieldsRefused`, `LessComplete`.
        """
        if self.lacking and not self.submission.later:
            raise FieldsRefused(self.lacking)
        if self.lacking and self.is_complete(current):
            raise LessComplete(self.lacking)


def save_step(services: Services, context: EnrolmentContext, step: StepUpdate, client: Client) -> Enrolment:
    """Save a step: one write; what is refused changes nothing. The same form sent twice finds its own work.

    Raises `FieldsRefused`, `LessComplete`, `PeriodClosed`, `EnrolmentFull`, and `StepMoved` where another guardian
    saved it meanwhile.
    """
    context.check_open()

    def decide(current: Enrolment) -> Enrolment:
        after = step.apply(current)
        is_same = step.part(after) == step.part(current)
        seen = context.see(current)
        version = version_of((step.shown or step.part)(seen))
        if version != step.submission.version and not is_same:
            saved, by = step.saved(current), speaker(context.visitor.account, step.submission.by)
            raise StepMoved(saved, version, step.part(seen), is_own=saved is not None and saved.by == by)
        step.check(current)
        return current if is_same else services.enrolments.check_room(current, after)

    before, after = services.enrolments.revise(context.enrolment, decide)
    if after is not before:
        ref = context.visitor.account.ref
        services.record.write("enrolment_saved", context.now, client.request, account=ref)
    return after
