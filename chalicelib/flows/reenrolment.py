"""The re-enrolment entered: who comes, for which season, what was saved so far; and a step of it saved."""

import hashlib
from collections.abc import Callable
from dataclasses import astuple, dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from types import MappingProxyType

from chalicelib.domain.account.coordinates import last_correction, speakers
from chalicelib.domain.account.sessions import Token
from chalicelib.domain.enrolment.checklist import Step, steps
from chalicelib.domain.enrolment.enrolments import Enrolment, Saved
from chalicelib.domain.enrolment.paperwork import Asked, asked
from chalicelib.domain.enrolment.periods import PARIS, EnrolmentPeriod, PeriodState
from chalicelib.domain.enrolment.seasons import EnrolmentRef, season_of, seasons_at
from chalicelib.domain.family.households import Household, Pupil
from chalicelib.domain.refusals import FieldsRefused, LessComplete, PeriodClosed, StepMoved
from chalicelib.flows.visit import Lacking, Speaks, Visitor, nobody, visit_with
from chalicelib.services import Client, Services


@dataclass(frozen=True)
class Enrolling:
    """Somebody logged in, and the re-enrolment of its family, at one moment; `last` is that of the year before."""

    visitor: Visitor
    period: EnrolmentPeriod | None
    enrolment: Enrolment
    last: Enrolment
    now: datetime

    @property
    def state(self) -> PeriodState | None:
        """Tell whether the site's period is to come, open or over; None while none is announced."""
        return self.period.state(self.now) if self.period else None

    @property
    def is_open(self) -> bool:
        """Tell whether the family may answer now: the last day lasts until midnight in Paris."""
        return self.state == "during"

    @property
    def left(self) -> timedelta:
        """Give how long the period lasts from now on; nothing when it is not open."""
        return self.period.ends_at - self.now if self.period and self.is_open else timedelta()

    @property
    def household(self) -> Household:
        """Give everybody of the account, as on file."""
        return self.visitor.account.household

    @cached_property
    def pupils(self) -> dict[str, Pupil]:
        """Give the pupils by the keys that name them in addresses."""
        return self.household.keyed_pupils

    @property
    def proposed_payer(self) -> str:
        """Propose who pays: as last sent the year before, unless it was corrected on file since; never assumed."""
        on_file, corrected = self.household.payer, last_correction(self.visitor.account, "payer")
        receipt = self.last.household_receipt
        if receipt is None:
            return on_file
        is_newer = corrected is not None and corrected.at > receipt.at
        return on_file if on_file and is_newer else receipt.household.payer

    @property
    def names(self) -> tuple[str, ...]:
        """Name those who may be at the keyboard."""
        return speakers(self.visitor.account)

    def saved_by(self, chosen: str, lacking: Lacking = MappingProxyType({})) -> Saved:
        """Say who saves, as chosen in the form. Raises `FieldsRefused`, with what else lacks, where it does not say."""
        return Saved(self.visitor.speaking(chosen, lacking), self.now)

    def check_open(self) -> None:
        """Refuse what comes before the period or after it, whatever is in it. Raises `PeriodClosed`."""
        if not self.is_open:
            raise PeriodClosed

    def asked(self, services: Services) -> tuple[Asked, ...]:
        """List the documents asked for, as the answers stand."""
        rules = services.settings.network.enrolment.document_rules
        return asked(rules, self.pupils, self.enrolment, self.now.astimezone(PARIS).date())

    def steps(self, services: Services) -> tuple[Step, ...]:
        """List the steps, and which are done."""
        return steps(self.enrolment, self.pupils, [each.slot for each in self.asked(services)])


def enter(services: Services, token: Token | None, client: Client, now: datetime, speaks: Speaks = nobody) -> Enrolling:
    """Find who comes, and all that a page of the re-enrolment tells: two reads. Raises as `visit` does.

    What is kept of another year than this one and the last is not read: a period that opens next year is not begun.
    """
    enrolments = services.enrolments
    visitor, (periods, *found) = visit_with(
        services,
        token,
        client,
        now,
        lambda ref: (
            services.periods.lookup(),
            *(enrolments.one(EnrolmentRef(ref, season)) for season in seasons_at(now)),
        ),
        speaks,
    )
    ref = visitor.account.ref
    period = periods.of(ref.site)
    season = season_of(period, now)
    kept = {each.ref.season: each for each in found}
    current = kept.get(season, Enrolment(EnrolmentRef(ref, season)))
    before = str(int(season) - 1)
    return Enrolling(visitor, period, current, kept.get(before, Enrolment(EnrolmentRef(ref, before))), now)


def mark_of(part: object) -> str:
    """Give a short mark of what a step showed: it comes back with the form, to tell whether that still stands."""
    everything = astuple(_Shown(part))  # what does not print counts too
    return hashlib.blake2b(repr(everything).encode(), digest_size=8).hexdigest()


@dataclass(frozen=True)
class _Shown:
    part: object


@dataclass(frozen=True)
class Said:
    """What each step's form says besides: who is at the keyboard, the mark shown, and whether one goes on later."""

    by: str = field(repr=False)
    shown: str
    later: bool = False


@dataclass(frozen=True)
class Saving:
    """A step to save: the part of the re-enrolment that it is about, what becomes of the whole, and what the form said.

    `lacking`: what must be mended before it is whole, field by field. `is_whole`: tells whether what is saved is.
    """

    part: Callable[[Enrolment], object]
    saved: Callable[[Enrolment], Saved | None]
    apply: Callable[[Enrolment], Enrolment]
    said: Said
    lacking: Lacking = field(default_factory=dict)
    is_whole: Callable[[Enrolment], bool] = lambda _found: False

    def check(self, found: Enrolment) -> None:
        """Refuse what lacks something, unless it is finished later and empties nothing that is whole.

        Raises `FieldsRefused`, `LessComplete`.
        """
        if self.lacking and not self.said.later:
            raise FieldsRefused(self.lacking)
        if self.lacking and self.is_whole(found):
            raise LessComplete(self.lacking)


def save(services: Services, enrolling: Enrolling, step: Saving, client: Client) -> Enrolment:
    """Save a step: one write; what is refused changes nothing. The same form sent twice finds its own work.

    Raises `FieldsRefused`, `LessComplete`, `PeriodClosed`, `EnrolmentFull`, and `StepMoved` where another guardian
    saved it meanwhile.
    """
    enrolling.check_open()

    def decide(found: Enrolment) -> Enrolment:
        after = step.apply(found)
        is_same = step.part(after) == step.part(found)
        mark = mark_of(step.part(found))
        if mark != step.said.shown and not is_same:
            raise StepMoved(step.saved(found), mark)
        step.check(found)
        return found if is_same else services.enrolments.fitting(found, after)

    before, after = services.enrolments.revise(enrolling.enrolment, decide)
    if after is not before:
        ref = enrolling.visitor.account.ref
        services.record.write("enrolment_saved", enrolling.now, client.request, account=ref)
    return after
