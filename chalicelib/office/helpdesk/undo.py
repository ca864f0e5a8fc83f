"""A correction taken back within thirty seconds, while its notice waits. Its form has a seal of the former values."""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.audit import Author
from chalicelib.domain.account.coordinates import Lines, last_correction, trail
from chalicelib.domain.identity.seals import Seal
from chalicelib.domain.refusals import NotThere
from chalicelib.infra.dynamo.values import moment
from chalicelib.mail.outbox import UNDO_LASTS
from chalicelib.office.account import audit, find_account
from chalicelib.office.helpdesk.corrections import ADDERS, KINDS, Correctable, NewValues
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.staff import StaffServices as Services
from chalicelib.values import frozen


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


def seal_correction(services: Services, undo: CorrectionUndo) -> str:
    """Seal a correction just made, for the form that takes it back. Empty for a person who was removed."""
    if undo.kind in ADDERS and undo.owner:
        return ""
    ref, at = undo.family, int(undo.at.timestamp())
    facts = ref.site, ref.identifier, undo.kind.action, undo.owner, at, undo.decision, undo.former, undo.new
    return _seal(services).seal_text(json.dumps(facts))


def open_correction(services: Services, family: AccountRef, text: str) -> CorrectionUndo:
    """Open a sealed correction of a family. Raises `NotThere` for a text that was not sealed here for it."""
    words = _seal(services).open_sent(text, 1)
    if words is None:
        raise NotThere
    site, identifier, action, owner, at, decision, former, new = json.loads(words[0])
    if AccountRef(site, identifier) != family:
        raise NotThere
    return CorrectionUndo(family, KINDS[action], owner, moment(at), decision, tuple(former), tuple(new))


def undo_correction(services: Services, undo: CorrectionUndo, author: Author, now: datetime) -> None:
    """Restore the former values of a correction, by one write without a trace, if nothing was corrected since.

    Idempotent. Its notice, which waits longer, is then dropped. Raises `OfficeRefusal`.
    """
    kind = undo.kind
    account = find_account(services, undo.family.identifier, undo.family.site)
    whole = kind.find(services, account, now)

    def restore(current: Any) -> Any:  # noqa: ANN401 - an account, or a re-enrolment
        traces = trail(current) if isinstance(current, Account) else current.corrections
        datum = next((one for one in kind.list(current) if one.owner == undo.owner), None)
        if datum and datum.values == undo.former and undo.decision not in {trace.decision for trace in traces}:
            return current
        if datum is None or datum.values != undo.new or traces[-1:] == () or traces[-1].decision != undo.decision:
            last = last_correction(current, *kind.fields) if isinstance(current, Account) else None
            raise OfficeRefusal("correction_moved", change=last)
        if now >= undo.until:
            raise OfficeRefusal("undo_late")
        owner, former = (kind.list(current)[-1].owner, ()) if kind in ADDERS else (undo.owner, undo.former)
        staying = tuple(one for one in current.corrections if one.decision != undo.decision)
        return replace(kind.write(current, NewValues(owner, former, "")), corrections=staying)

    if restore(whole) is not whole:
        audit(services, account.ref, "correction_undone", author, now)
        kind.revise(services, whole, restore, lambda *_: None)
