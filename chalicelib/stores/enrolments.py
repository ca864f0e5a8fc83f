"""The enrolments table: one item is a family's re-enrolment of a season, changed by one conditional write."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.enrolment.answers import HouseholdAnswers, PupilAnswers
from chalicelib.domain.enrolment.enrolments import Enrolment, EnrolmentFull, PaperForm, PupilFile, Receipt
from chalicelib.domain.enrolment.periods import EnrolmentRef, forgotten_at
from chalicelib.domain.family.corrections import Correction
from chalicelib.domain.search.summaries import ENROLMENT_VERSION, summarise_enrolment
from chalicelib.infra.dynamo.codec import Codec, HasShape, Shape, by_key
from chalicelib.infra.dynamo.database import Delete, Key
from chalicelib.infra.dynamo.revise import Prepare, nothing
from chalicelib.infra.dynamo.store import DefaultStore
from chalicelib.infra.dynamo.summary import Summary
from chalicelib.infra.dynamo.values import Item, size_of
from chalicelib.stores.account_items import CORRECTION

_SENT: Final = frozenset({"household", "provided"})  # in a receipt besides its pupils, which depend on them too
# Bytes for the family, of DynamoDB's 409,600 per item. The office's decisions about the pupils of the largest family
# have their own room, also in an emulator that counts the replaced values (docs/decisions/0033).
ROOM: Final = 184 * 1024

_HOUSEHOLD: Final = Codec(HouseholdAnswers, always={"coordinates_exact", "rules_accepted"})
_ANSWERS: Final = Codec(PupilAnswers, always={"wishes"})
_SHAPES: Final[dict[Any, HasShape]] = {HouseholdAnswers: _HOUSEHOLD, PupilAnswers: _ANSWERS}
_RECEIPT_PUPILS: Final = Shape(
    lambda pupils: [{"key": key, "name": name, "answers": _ANSWERS.encode(answers)} for key, name, answers in pupils],
    lambda stored: tuple((part["key"], part["name"], _ANSWERS.decode(part["answers"])) for part in stored),
)
_MARKS: Final = ("with_household", "place", "paper")
_PAPER: Final = Codec(PaperForm)
_RECEIPT: Final = Codec(
    *(Receipt, "number"), always={"provided"}, unstored=_MARKS, shapes={**_SHAPES, "pupils": _RECEIPT_PUPILS}
)


def _marks_items(receipts: Iterable[Receipt]) -> dict[str, Item]:
    """Encode the receipts' newer fields separately, since the previous version compares the fields that it knows."""
    marks = {receipt.number: {name: getattr(receipt, name) or None for name in _MARKS} for receipt in receipts}
    for about in marks.values():
        about["paper"] = about["paper"] and _PAPER.encode(about["paper"])
    return {number: about for number, about in marks.items() if any(about.values())}


def _known_marks(marks: Item) -> Item:
    about = {name: marks[name] for name in _MARKS if name in marks}
    return about | ({"paper": _PAPER.decode(about["paper"])} if about.get("paper") else {})


class Enrolments(DefaultStore[EnrolmentRef, Enrolment]):
    """Finds re-enrolments and changes them, without overwriting concurrent changes. TTL: `forgotten_at`."""

    codec = Codec(
        *(Enrolment, "ref"),
        always={"household", "pupils", "provided", "receipts"},
        unstored={"is_partly_hidden"},
        shapes={
            **_SHAPES,
            "pupils": by_key(Codec(PupilFile, "key", shapes=_SHAPES), in_order=True),
            "receipts": by_key(_RECEIPT),
            Correction: CORRECTION,
        },
    )
    facts = frozenset({"started_at"})  # so that no write restores a concurrently erased re-enrolment
    summary = Summary(
        summarise_enrolment, ENROLMENT_VERSION, frozenset({"started_at", "pupils", "provided", "receipts"})
    )

    def key(self, ref: EnrolmentRef) -> Key:
        """Build the key of a re-enrolment. Those of one season are contiguous, by identifier."""
        return {"site": ref.account.site, "identifier": f"{ref.season}#{ref.account.identifier}"}

    def key_fields(self, key: Key) -> tuple[EnrolmentRef]:
        """Parse the key of a re-enrolment."""
        season, _, identifier = key["identifier"].partition("#")
        return (EnrolmentRef(AccountRef(key["site"], identifier), season),)

    def encode_fields(self, enrolment: Enrolment) -> Item:
        """Encode a re-enrolment. Only its key if it is not started."""
        return super().encode_fields(enrolment) if enrolment.started_at else self.key(enrolment.ref)

    def computed(self, enrolment: Enrolment) -> dict[str, Any]:
        """Compute the expiry, and the receipts' marks."""
        return {
            "receipt_marks": _marks_items(enrolment.receipts) or None,
            "expires": forgotten_at(enrolment.ref.season),
        }

    def parse(self, item: Item) -> Enrolment:
        """Decode a re-enrolment, new if not started."""
        if "started_at" not in item:
            return Enrolment(*self.key_fields(item), item=item)
        enrolment, marks = super().parse(item), item.get("receipt_marks", {})
        if enrolment.receipts:
            with_marks = (replace(one, **_known_marks(marks.get(one.number, {}))) for one in enrolment.receipts)
            receipts = tuple(sorted(with_marks, key=lambda receipt: (receipt.at, receipt.place, receipt.number)))
            enrolment = replace(enrolment, receipts=receipts)
        return replace(enrolment, pupils=tuple(map(enrolment.with_image_rights, enrolment.pupils)))

    def all(self, season: str, site: str) -> Iterator[Enrolment]:
        """Read the re-enrolments of a season at a site, by identifier, page by page."""
        return self.under(site, f"{season}#")

    def find_all(self, *refs: EnrolmentRef) -> tuple[Enrolment, ...]:
        """Find several re-enrolments in one round trip."""
        return self._database.read_together(*map(self.lookup, refs))

    def summary_texts(self, season: str, site: str) -> Iterator[tuple[str, str | None]]:
        """Read the stored summaries of a season at a site: each account's identifier, and its text."""
        begins = f"{season}#"
        return ((key.removeprefix(begins), text) for key, text in self._database.summaries(self._table, site, begins))

    def with_receipt(self, number: str, season: str, site: str) -> Enrolment | None:
        """Find the re-enrolment with a receipt, by season and site. All are queried, but only it is returned."""
        items = self._database.items_of(self._table, site, f"{season}#", having=("receipts", number))
        return next(map(self.parse, items), None)

    def of_account(self, account: AccountRef, seasons: Iterable[str]) -> tuple[Enrolment, ...]:
        """Find the started re-enrolments of an account among some seasons (BatchGetItem)."""
        enrolments = self.find_all(*(EnrolmentRef(account, season) for season in seasons))
        return tuple(enrolment for enrolment in enrolments if enrolment.started_at)

    def forget(self, account: AccountRef, seasons: Iterable[str]) -> tuple[Delete, ...]:
        """Delete an account's re-enrolments of some seasons."""
        return tuple(self.delete(EnrolmentRef(account, season)) for season in seasons)

    def further_facts(self, before: Enrolment, after: Enrolment) -> frozenset[str]:
        """Let a new receipt depend on the household and the documents in it."""
        return frozenset() if before.receipts == after.receipts else _SENT

    def check_room(self, before: Enrolment, after: Enrolment) -> Enrolment:
        """Return a re-enrolment if it fits or became smaller. Raises `EnrolmentFull`."""
        size = size_of(self.difference(before, after).item)
        if size > ROOM and size > size_of(before.item or self.encode(before)):
            raise EnrolmentFull
        return after

    def revise(
        self, enrolment: Enrolment, decide: Callable[[Enrolment], Enrolment], prepare: Prepare[Enrolment] = nothing
    ) -> tuple[Enrolment, Enrolment]:
        """Change a re-enrolment as just read. One read partly hidden is read again."""
        return super().revise(self.find(enrolment.ref) if enrolment.is_partly_hidden else enrolment, decide, prepare)
