"""Two accounts of one family made one: the reasons against it, and the account that stays.

The one that stops becomes an alias of it (docs/decisions/0164).
"""

import hashlib
from dataclasses import replace
from datetime import datetime
from typing import Final

from chalicelib.domain.account.accounts import FAMILY, Account
from chalicelib.domain.account.aliases import new_alias, written_identifier
from chalicelib.domain.account.coordinates import current_freeze, record_corrections
from chalicelib.domain.family.corrections import KEPT_AT_MOST, Actor, Correction, limit_trail
from chalicelib.domain.family.households import Household, merge_pupils
from chalicelib.domain.text import fold
from chalicelib.values import frozen

AWAITS_FILE: Final = "merged"  # in `imported`: no file has come since, so that nobody knows whom it lists


@frozen
class Merger:
    """The account that stays, and the one that stops."""

    stays: Account
    stops: Account

    @property
    def version(self) -> str:
        """A digest of the parts of both that a look shows."""
        facts = [(one.ref, one.emails, one.household) for one in (self.stays, self.stops)]
        return hashlib.blake2b(repr(facts).encode(), digest_size=8).hexdigest()

    @property
    def is_begun(self) -> bool:
        """Whether both are marked for this merge, or the one that stops is an alias already."""
        stays, stops = self.stays, self.stops
        is_marked = (stays.merging_from, stops.merging_into) == (stops.ref.identifier, stays.ref.identifier)
        return is_marked or (stays.ref == stops.ref and stays.merging_from in stays.aliases)

    @property
    def stopping(self) -> str:
        """The identifier of the one that stops, also once it is an alias."""
        return self.stays.merging_from or self.stops.ref.identifier

    @property
    def obstacle(self) -> str:
        """The code of an `OfficeRefusal` to merge them. Empty without one."""
        pair = (self.stays, self.stops)
        reasons = {
            "merge_same": self.stays.ref == self.stops.ref and not self.is_begun,
            "merge_not_families": any(one.role != FAMILY for one in pair),
            "merge_at_work": any(one.is_merging for one in pair) and not self.is_begun,
            "merge_disabled": any(one.disabled for one in pair),
            "merge_separated": any(one.separated_at for one in pair),
            "merge_frozen": any(map(current_freeze, pair)),
            "merge_logins": any(guardian.login for guardian in self.stops.household.guardians),
            "merge_pupil_twice": self._has_pupil_under_two_keys,
        }
        return next((code for code, is_so in reasons.items() if is_so), "")

    @property
    def _has_pupil_under_two_keys(self) -> bool:
        households = (self.stays.household, self.stops.household)
        keys = {key for household in households for key in household.pupils_by_key}
        return len(keys) != len(merge_pupils(pupil for household in households for pupil in household.pupils))

    def begin(self) -> "Merger":
        """Mark both."""
        stays = replace(self.stays, merging_from=self.stops.ref.identifier)
        return Merger(stays, replace(self.stops, merging_into=self.stays.ref.identifier))

    def complete(self, actor: Actor, now: datetime, decision: str) -> "Merger":
        """Give all to the one that stays, with the trace, and make the other its alias, whose sessions end.

        Its people count as added on the desk, so that a file with either identifier keeps those of the other. The alias
        keeps the digests of its last row, so that the same row again changes nothing.
        """
        stays, stops = self.stays, self.stops
        after = replace(
            stays,
            emails=tuple(dict.fromkeys((*stays.emails, *stops.emails))),
            household=_joined(stays.household, stops.household),
            failing_mailboxes=tuple({one.mailbox: one for one in _both(stops, stays, "failing_mailboxes")}.values()),
            notices=tuple({(one.campaign, one.mailbox): one for one in _both(stops, stays, "notices")}.values()),
            corrections=tuple(sorted(_both(stops, stays, "corrections"), key=lambda change: change.at)),
            aliases=(stops.ref.identifier, *stops.aliases, *stays.aliases),
            former_aliases=(*stops.former_aliases, *stays.former_aliases),
            gone_at=stays.gone_at and stops.gone_at and max(stays.gone_at, stops.gone_at),
            imported=(*rows, (AWAITS_FILE, "")) if (rows := stays.imported or stops.imported) else (),
            application=stays.application or stops.application,
            extension=stays.extension or stops.extension,
        )
        after = record_corrections(stays, after, actor, now, decision)
        old, new = ((written_identifier(one),) for one in (stops, stays))
        trace = Correction("merged", old, new, actor, now, decision)
        after = replace(after, corrections=limit_trail((*after.corrections, trace), KEPT_AT_MOST, now))
        alias = new_alias(stays, stops.ref.identifier)
        return Merger(after, replace(alias, imported=stops.imported))


def _both(first: Account, second: Account, name: str) -> tuple:  # type: ignore[type-arg] # of the attribute's type
    return (*getattr(first, name), *getattr(second, name))


def _joined(stays: Household, stops: Household) -> Household:
    """Join two households: the coordinates of the one that stays hold, the other's fill their gaps."""
    twins = {fold(guardian.name): guardian for guardian in stops.guardians}
    guardians = [
        replace(guardian, email=guardian.email or twin.email, telephone=guardian.telephone or twin.telephone)
        if (twin := twins.pop(fold(guardian.name), None))
        else guardian
        for guardian in stays.guardians
    ]
    return Household(
        tuple(replace(guardian, is_added=True) for guardian in (*guardians, *twins.values())),
        stays.address or stops.address,
        tuple(replace(pupil, is_added=True) for pupil in merge_pupils((*stays.pupils, *stops.pupils))),
        stays.payer or stops.payer,
    )
