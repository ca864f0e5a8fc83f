"""A correction taken back within thirty seconds, while its notice waits. Its form has a seal of the former values."""

import json
import zlib
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from chalicelib.domain.account.accounts import Account, AccountRef, FailingMailbox
from chalicelib.domain.account.audit import Author
from chalicelib.domain.account.coordinates import Lines, last_correction, trail
from chalicelib.domain.family.corrections import Correction
from chalicelib.domain.family.households import Household
from chalicelib.domain.fields import longest
from chalicelib.domain.identity.base64url import decode, encode
from chalicelib.domain.identity.seals import Seal
from chalicelib.domain.refusals import NotThere
from chalicelib.infra.dynamo.codec import Codec
from chalicelib.infra.dynamo.values import moment
from chalicelib.mail.outbox import UNDO_LASTS
from chalicelib.office.account import audit, find_account
from chalicelib.office.helpdesk.corrections import ADDERS, KINDS, Correctable, CorrectionResult, Datum, NewValues
from chalicelib.office.helpdesk.email import AddressChangeResult, ends_access
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.staff import StaffServices as Services
from chalicelib.stores.account_items import SHAPES
from chalicelib.values import frozen


@frozen
class _State:
    """The part of an account that a change of addresses or the removal of a person changes."""

    emails: tuple[str, ...]
    household: Household
    failing_mailboxes: tuple[FailingMailbox, ...] = ()


_STATE: Final = Codec(_State, shapes=SHAPES)


def _state(account: Account) -> Datum:
    item = _STATE.encode(_State(account.emails, account.household, account.failing_mailboxes))
    return Datum("", "", (json.dumps(item, default=lambda at: int(at.timestamp())),))


# A change of addresses, or the removal of a person, is taken back whole.
STATE: Final = Correctable(
    "email_changed",
    ("emails",),
    lambda account: (_state(account),),
    lambda account, new: replace(account, **vars(_STATE.decode(json.loads(new.values[0])))),
)


@frozen
class CorrectionUndo:
    """A correction to take back: its family, kind and owner, its moment and decision, and the values of before."""

    family: AccountRef
    kind: Correctable
    owner: str
    at: datetime
    decision: str
    former: Lines
    new: Lines

    @property
    def until(self) -> datetime:
        """When it may no longer be taken back."""
        return self.at + UNDO_LASTS


def _seal(services: Services) -> Seal:
    return Seal(services.settings.key_ring("staff-forms"), "undo of a correction")


def undo_of(family: AccountRef, kind: Correctable, owner: str, result: CorrectionResult) -> CorrectionUndo | None:
    """Describe the undo of a correction just made, if it changed something."""
    if result.trace is None or result.states is None:
        return None
    trace = result.trace
    if kind in ADDERS and owner:
        return _undo_of_states(*result.states, trace)
    return CorrectionUndo(family, kind, owner, trace.at, trace.decision, trace.old, trace.new)


def undo_of_addresses(result: AddressChangeResult, now: datetime) -> CorrectionUndo | None:
    """Describe the undo of a change of addresses just made. None if a proof ended, or would: it stays so."""
    before, after = result.before, result.after
    trace = last_correction(after, "emails")
    if trace is None or ends_access(before, after, now) or ends_access(after, before, now):
        return None
    return _undo_of_states(before, after, trace)


def _undo_of_states(before: Account, after: Account, trace: Correction) -> CorrectionUndo:
    old, new = _state(before).values, _state(after).values
    return CorrectionUndo(after.ref, STATE, "", trace.at, trace.decision, old, new)


def seal_correction(services: Services, undo: CorrectionUndo | None) -> str:
    """Seal a correction just made, for the form that takes it back. Empty for none, and for one too long for a form."""
    if undo is None:
        return ""
    ref, at = undo.family, int(undo.at.timestamp())
    facts = ref.site, ref.identifier, undo.kind.action, undo.owner, at, undo.decision, undo.former, undo.new
    text = _seal(services).seal_text(encode(zlib.compress(json.dumps(facts).encode())))
    return text if len(text) <= longest("annuler") else ""


def open_correction(services: Services, family: AccountRef, text: str) -> CorrectionUndo:
    """Open a sealed correction of a family. Raises `NotThere` for a text that was not sealed here for it."""
    words = _seal(services).open_sent(text, 1)
    if words is None:
        raise NotThere
    site, identifier, action, owner, at, decision, former, new = json.loads(zlib.decompress(decode(words[0])))
    if AccountRef(site, identifier) != family:
        raise NotThere
    kind = KINDS.get(action, STATE)
    return CorrectionUndo(family, kind, owner, moment(at), decision, tuple(former), tuple(new))


def undo_correction(services: Services, undo: CorrectionUndo, author: Author, now: datetime) -> None:
    """Restore the former values of a correction, by one write without a trace, if nothing was corrected since.

    Idempotent. Its notice, which waits longer, is then dropped. Raises `OfficeRefusal`, also if a password was mailed
    to an address that the correction added.
    """
    kind = undo.kind
    account = find_account(services, undo.family.identifier, undo.family.site)
    whole = kind.find(services, account, now)

    def restore(current: Any) -> Any:  # noqa: ANN401 - an account, or a re-enrolment
        is_account = isinstance(current, Account)
        traces = trail(current) if is_account else current.corrections
        datum = next((one for one in kind.list(current) if one.owner == undo.owner), None)
        if datum and datum.values == undo.former and undo.decision not in {trace.decision for trace in traces}:
            return current
        if datum is None or datum.values != undo.new or traces[-1:] == () or traces[-1].decision != undo.decision:
            last = last_correction(current, *kind.fields) if is_account else None
            raise OfficeRefusal("correction_moved", change=last if last and last.decision != undo.decision else None)
        if now >= undo.until:
            raise OfficeRefusal("undo_late")
        owner, former = (kind.list(current)[-1].owner, ()) if kind in ADDERS else (undo.owner, undo.former)
        after = kind.write(current, NewValues(owner, former, ""))
        if is_account and ends_access(current, after, now):
            raise OfficeRefusal("undo_used")
        names = ("corrections", "access_corrections") if is_account else ("corrections",)
        trails = {name: getattr(after, name) for name in names}
        staying = {name: tuple(one for one in trails[name] if one.decision != undo.decision) for name in names}
        return replace(after, **staying)

    if restore(whole) is not whole:
        audit(services, account.ref, "correction_undone", author, now)
        kind.revise(services, whole, restore, lambda *_: None)
