"""The enrolments table: one item is a family's re-enrolment of a season, changed by one conditional write."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any, Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.dossiers.documents import ProvidedDocument, SavedBy
from chalicelib.domain.enrolment.answers import (
    PUPIL_FIELDS,
    CourseWish,
    FormField,
    HouseholdAnswers,
    PupilAnswers,
    form_fields,
)
from chalicelib.domain.enrolment.enrolments import Enrolment, EnrolmentDecision, PupilFile, Receipt, SentAnswers
from chalicelib.domain.enrolment.periods import EnrolmentRef, forgotten_at
from chalicelib.domain.refusals import EnrolmentFull
from chalicelib.domain.search.summaries import summarise_enrolment
from chalicelib.infra.dynamo.change import Change
from chalicelib.infra.dynamo.database import Database, Delete, Lookup
from chalicelib.infra.dynamo.revise import Prepare, nothing, revise
from chalicelib.infra.dynamo.values import Item, moment, moment_or_none, size_of
from chalicelib.stores.summaries import DERIVED, SUMMARY, compact, refresh

_HOUSEHOLD_FIELDS: Final = form_fields(HouseholdAnswers)  # with former questions


def key_of(ref: EnrolmentRef) -> dict[str, str]:
    """Build the key of a re-enrolment. Those of one season are contiguous, by identifier."""
    return {"site": ref.account.site, "identifier": f"{ref.season}#{ref.account.identifier}"}


def item_of(enrolment: Enrolment) -> dict[str, Any]:
    """Encode a re-enrolment. Only its key if it is not started."""
    if enrolment.started_at is None:
        return dict(key_of(enrolment.ref))
    return key_of(enrolment.ref) | {
        "started_at": enrolment.started_at,
        "household": _fields_item(enrolment.household),
        "household_saved": _saved_item(enrolment.household_saved),
        "pupils": {pupil.key: _pupil_item(pupil) for pupil in enrolment.pupils},
        "provided": [_provided_item(document) for document in enrolment.provided],
        "receipts": {receipt.number: _receipt_item(receipt) for receipt in enrolment.receipts},
        "receipt_marks": _marks_items(enrolment.receipts) or None,
        "expires": forgotten_at(enrolment.ref.season),
        SUMMARY: compact(summarise_enrolment(enrolment)),
    }


def enrolment_from(ref: EnrolmentRef, item: Item | None) -> Enrolment:
    """Decode a re-enrolment. A new one without an item."""
    if item is None or "started_at" not in item:
        return Enrolment(ref, item=item or {})
    marks = item.get("receipt_marks", {})
    receipts = (_receipt(number, receipt, marks.get(number, {})) for number, receipt in item["receipts"].items())
    enrolment = Enrolment(
        ref=ref,
        started_at=moment_or_none(item.get("started_at")),
        household=HouseholdAnswers(**_fields(_HOUSEHOLD_FIELDS, item["household"])),
        household_saved=_saved_by(item.get("household_saved")),
        pupils=tuple(_pupil(key, pupil) for key, pupil in sorted(item["pupils"].items())),
        provided=tuple(map(_provided_from, item["provided"])),
        receipts=tuple(sorted(receipts, key=lambda receipt: (receipt.at, receipt.place, receipt.number))),
        item=item,
    )
    return replace(enrolment, pupils=tuple(map(enrolment.with_image_rights, enrolment.pupils)))


def _fields_item(answers: HouseholdAnswers | PupilAnswers) -> dict[str, Any]:
    values = {field.attribute: getattr(answers, field.attribute) for field in form_fields(answers)}
    return {attribute: None if value == "" else value for attribute, value in values.items()}


def _fields(described: Iterable[FormField], item: Item) -> dict[str, Any]:
    """Decode the fields in an item. The others keep their defaults."""
    return {field.attribute: item[field.attribute] for field in described if field.attribute in item}


def _saved_item(saved: SavedBy | None) -> dict[str, Any] | None:
    return {"by": saved.by, "at": saved.at} if saved else None


def _saved_by(item: Item | None) -> SavedBy | None:
    return _saved_by_or_error(item) if item else None


def _saved_by_or_error(item: Item) -> SavedBy:
    return SavedBy(item["by"], moment(item["at"]))


def _answers_item(answers: PupilAnswers) -> dict[str, Any]:
    return _fields_item(answers) | {
        "wishes": [
            {
                "discipline": wish.discipline,
                "choice": wish.choice,
                "wanted": wish.wanted or None,
                "days": list(wish.days) or None,
            }
            for wish in answers.wishes
        ],
    }


def _answers(item: Item) -> PupilAnswers:
    wishes = tuple(
        CourseWish(wish["discipline"], wish["choice"], wish.get("wanted", ""), tuple(wish.get("days", ())))
        for wish in item["wishes"]
    )
    return PupilAnswers(wishes=wishes, **_fields(PUPIL_FIELDS, item))


def _pupil_item(pupil: PupilFile) -> dict[str, Any]:
    sent = pupil.sent
    return {
        "name": pupil.name,
        "draft": _answers_item(pupil.draft) if pupil.draft else None,
        "saved": _saved_item(pupil.saved),
        "sent": sent
        and {
            "answers": _answers_item(sent.answers),
            "receipt": sent.receipt,
            "at": sent.at,
            "decision": sent.decision
            and {
                "verdict": sent.decision.verdict,
                "by": sent.decision.by,
                "at": sent.decision.at,
                "words": sent.decision.words or None,
            },
        },
    }


def _pupil(key: str, item: Item) -> PupilFile:
    sent = item.get("sent")
    return PupilFile(
        key=key,
        name=item["name"],
        draft=_answers(item["draft"]) if "draft" in item else None,
        saved=_saved_by(item.get("saved")),
        sent=SentAnswers(
            _answers(sent["answers"]), sent["receipt"], moment(sent["at"]), _decision(sent.get("decision"))
        )
        if sent
        else None,
    )


def _decision(item: Item | None) -> EnrolmentDecision | None:
    return EnrolmentDecision(item["verdict"], item["by"], moment(item["at"]), item.get("words", "")) if item else None


def _receipt_item(receipt: Receipt) -> dict[str, Any]:
    return {
        "at": receipt.at,
        "by": receipt.by,
        "household": _fields_item(receipt.household),
        "pupils": [
            {"key": key, "name": name, "answers": _answers_item(answers)} for key, name, answers in receipt.pupils
        ],
        "provided": [_provided_item(document) for document in receipt.provided],
    }


def _marks_items(receipts: Iterable[Receipt]) -> dict[str, Any]:
    """Encode the receipts' newer fields separately, since the previous version compares the fields that it knows."""
    return {
        receipt.number: {"with_household": receipt.with_household or None, "place": receipt.place or None}
        for receipt in receipts
        if receipt.with_household or receipt.place
    }


def _receipt(number: str, item: Item, marks: Item) -> Receipt:
    return Receipt(
        number=number,
        at=moment(item["at"]),
        by=item["by"],
        household=HouseholdAnswers(**_fields(_HOUSEHOLD_FIELDS, item["household"])),
        pupils=tuple((pupil["key"], pupil["name"], _answers(pupil["answers"])) for pupil in item["pupils"]),
        provided=tuple(map(_provided_from, item["provided"])),
        with_household=marks.get("with_household", False),
        place=marks.get("place", 0),
    )


def _provided_item(provided: ProvidedDocument) -> dict[str, Any]:
    return {
        "code": provided.code,
        "owner": provided.owner,
        "saved": _saved_item(provided.saved),
        "object_key": provided.object_key or None,
    }


def _provided_from(item: Item) -> ProvidedDocument:
    return ProvidedDocument(item["code"], item["owner"], _saved_by_or_error(item["saved"]), item.get("object_key", ""))


# Every change depends on its start, so that no write restores a concurrently erased re-enrolment.
_FACTS: Final = frozenset({"started_at"})
_SUMMARISED: Final = frozenset({"started_at", "pupils", "provided", "receipts"})  # the attributes in its summary
_SENT: Final = frozenset({"household", "provided"})  # in a receipt besides its pupils, which depend on them too
# Bytes for the family, of DynamoDB's 409,600 per item. The office's decisions about the pupils of the largest family
# have their own room, also in an emulator that counts the replaced values (docs/decisions/0033).
ROOM: Final = 184 * 1024


class Enrolments:
    """Finds re-enrolments and changes them, without overwriting concurrent changes. TTL: `forgotten_at`."""

    def __init__(self, database: Database, table: str) -> None:
        self._database = database
        self._table = table

    def lookup(self, ref: EnrolmentRef) -> Lookup[Enrolment]:
        """Look up a re-enrolment. A new one without an item."""
        return Lookup(self._table, key_of(ref), partial(enrolment_from, ref))

    def find(self, ref: EnrolmentRef) -> Enrolment:
        """Find a re-enrolment."""
        return self._database.read(self.lookup(ref))

    def all(self, season: str, site: str) -> Iterator[Enrolment]:
        """Read the re-enrolments of a season at a site, by identifier, page by page."""
        return self._of_season(season, site)

    def find_all(self, *refs: EnrolmentRef) -> tuple[Enrolment, ...]:
        """Find several re-enrolments in one round trip."""
        return self._database.read_together(*map(self.lookup, refs))

    def summary_texts(self, season: str, site: str) -> Iterator[tuple[str, str | None]]:
        """Read the stored summaries of a season at a site: each account's identifier, and its text."""
        begins = f"{season}#"
        return ((key.removeprefix(begins), text) for key, text in self._database.summaries(self._table, site, begins))

    def write_summary(self, enrolment: Enrolment) -> bool:
        """Write the summary of a re-enrolment if it is out of date. Returns whether it was.

        Raises `WriteConflict` if the re-enrolment changed since it was read, with a new summary.
        """
        return refresh(self._database, self._table, item_of(enrolment), enrolment.item, _SUMMARISED)

    def with_receipt(self, number: str, season: str, site: str) -> Enrolment | None:
        """Find the re-enrolment with a receipt, by season and site. All are queried, but only it is returned."""
        return next(self._of_season(season, site, ("receipts", number)), None)

    def of_account(self, account: AccountRef, seasons: Iterable[str]) -> tuple[Enrolment, ...]:
        """Find the started re-enrolments of an account among some seasons (BatchGetItem)."""
        enrolments = self._database.read_together(*(self.lookup(EnrolmentRef(account, season)) for season in seasons))
        return tuple(enrolment for enrolment in enrolments if enrolment.started_at)

    def forget(self, account: AccountRef, seasons: Iterable[str]) -> tuple[Delete, ...]:
        """Delete an account's re-enrolments of some seasons."""
        return tuple(self.delete(EnrolmentRef(account, season)) for season in seasons)

    def delete(self, ref: EnrolmentRef) -> Delete:
        """Delete a re-enrolment."""
        return Delete(self._table, key_of(ref))

    def change(self, before: Enrolment, after: Enrolment) -> Enrolment:
        """Write the differences if the facts of the change are unchanged, or raise `WriteConflict`."""
        facts = _FACTS if before.receipts == after.receipts else _FACTS | _SENT
        change = Change(item_of(before), item_of(after), facts, read=before.item, derived=DERIVED)
        written = change.write(self._database, self._table)
        return after if after is before else replace(after, item=written)

    @staticmethod
    def check_room(before: Enrolment, after: Enrolment) -> Enrolment:
        """Return a re-enrolment if it fits or became smaller. Raises `EnrolmentFull`."""
        size = size_of(Change(item_of(before), item_of(after), read=before.item, derived=DERIVED).item)
        if size > ROOM and size > size_of(before.item or item_of(before)):
            raise EnrolmentFull
        return after

    def revise(
        self, known: Enrolment, decide: Callable[[Enrolment], Enrolment], prepare: Prepare[Enrolment] = nothing
    ) -> tuple[Enrolment, Enrolment]:
        """Change a re-enrolment, deciding again each time that another writer came first. Return it before and after.

        `known`: as read before. Raises `Unavailable`, and the errors of `decide`.
        """
        on_file = None if known.is_partly_hidden else known
        return revise(lambda: self.find(known.ref), self.change, decide, on_file, prepare)

    def _of_season(self, season: str, site: str, having: tuple[str, ...] = ()) -> Iterator[Enrolment]:
        for item in self._database.items_of(self._table, site, f"{season}#", having=having):
            identifier = item["identifier"].partition("#")[2]
            yield enrolment_from(EnrolmentRef(AccountRef(site, identifier), season), item)
