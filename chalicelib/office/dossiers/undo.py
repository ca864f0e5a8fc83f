"""A decision taken back within thirty seconds, while its mail waits. Its form has a seal of the former decision."""

import json
import zlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar

from chalicelib.domain.dossiers.decisions import Decision
from chalicelib.domain.fields import longest
from chalicelib.domain.identity.base64url import decode, encode
from chalicelib.domain.identity.seals import Seal
from chalicelib.domain.refusals import NotThere
from chalicelib.infra.dynamo.codec import Codec
from chalicelib.infra.dynamo.values import moment
from chalicelib.mail.outbox import UNDO_LASTS
from chalicelib.office.dossiers.decisions import SubjectDecision, fingerprint
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.family import Services
from chalicelib.values import frozen

Made = TypeVar("Made", bound=Decision)


@frozen
class Undo(Generic[Made]):
    """A decision to take back: its dossier and its subject as sent, its moment and digest, and the one it replaced."""

    subject: tuple[str, ...]
    at: datetime
    decision: str
    former: Made | None

    @property
    def until(self) -> datetime:
        """When it may no longer be taken back."""
        return self.at + UNDO_LASTS

    def is_due(self, name: str, current: Made | None, now: datetime) -> bool:
        """Whether the decision still stands. False if it is already undone. Raises `OfficeRefusal`."""
        if fingerprint(current) == fingerprint(self.former):
            return False
        if fingerprint(current) != self.decision:
            raise OfficeRefusal("decide_meanwhile", name=name, decision=current)
        if now >= self.until:
            raise OfficeRefusal("undo_late")
        return True


@frozen
class UndoSeal(Generic[Made]):
    """Seals the decisions of a kind, so that no form can have another one put back."""

    kind: str
    codec: Codec[Made]

    def seal(self, services: Services, entries: Sequence[tuple[Sequence[str], SubjectDecision[Any, Made]]]) -> str:
        """Seal the same decision, just made on some subjects, for the form that takes it back. Empty for none.

        Empty too if the decisions that it replaced are too long for a form.
        """
        if not entries:
            return ""
        decision = entries[0][1].decision
        subjects = [(*subject, entry.former and self.codec.encode(entry.former)) for subject, entry in entries]
        facts = decision.at, fingerprint(decision), subjects
        packed_facts = encode(zlib.compress(json.dumps(facts, default=lambda at: int(at.timestamp())).encode()))
        text = self._seal(services).seal_text(packed_facts)
        return text if len(text) <= longest("annuler") else ""

    def open(self, services: Services, text: str) -> list[Undo[Made]]:
        """Open the sealed decisions. Raises `NotThere` for a text that was not sealed here."""
        words = self._seal(services).open_sent(text, 1)
        if words is None:
            raise NotThere
        at, decision, subjects = json.loads(zlib.decompress(decode(words[0])))
        return [
            Undo(tuple(subject), moment(at), decision, self.codec.decode(former) if former else None)
            for *subject, former in subjects
        ]

    def _seal(self, services: Services) -> Seal:
        return Seal(services.settings.key_ring("staff-forms"), f"undo of {self.kind}")
