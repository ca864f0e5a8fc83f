"""The applications table: one item is a family's application of a season. Another leads to it from its number."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from typing import Final

from chalicelib.domain.dossiers.documents import ProvidedDocument, SavedBy
from chalicelib.domain.enrolment.periods import forgotten_at
from chalicelib.domain.refusals import WriteConflict
from chalicelib.infra.batches import batches
from chalicelib.infra.dynamo.codec import Codec, Shape, by_key
from chalicelib.infra.dynamo.database import READ_AT_ONCE, Delete, Key, Lookup
from chalicelib.infra.dynamo.store import DefaultStore
from chalicelib.infra.dynamo.summary import Summary
from chalicelib.infra.dynamo.values import Item, size_of
from chalicelib.wings.admission.domain.applications import (
    Answers,
    Application,
    ApplicationFull,
    ApplicationRef,
    Candidate,
    Sent,
    Standing,
)
from chalicelib.wings.admission.domain.retention import expires_at
from chalicelib.wings.admission.domain.summaries import VERSION, summarise_application

NUMBERS: Final = "@number"  # no mailbox's pseudonym has this prefix
_LETTER: Final = "P"  # prefix of each number (`flows/applicant/summary.py`)
# Bytes for the family, of DynamoDB's 409,600 per item. Six pupils, draft and sent, take a tenth of it, and decisions of
# the office have their own room.
ROOM: Final = 184 * 1024

_FIRST_PERSONS: Final = Shape(
    lambda persons: {key: list(person) for key, person in persons},
    lambda stored: tuple((key, (person[0], person[1])) for key, person in sorted(stored.items())),
)
_ANSWERS: Final = Codec(Answers, always={"candidates"}, shapes={Candidate: Codec(Candidate, always={"wishes"})})
_DOCUMENT: Final = Codec(
    ProvidedDocument, flat={"saved"}, shapes={SavedBy: Codec(SavedBy, always={"by"}, absent={"by": ""})}
)
_SENT: Final = Codec(
    Sent,
    always={"provided", "first_persons"},
    shapes={Answers: _ANSWERS, ProvidedDocument: _DOCUMENT, "first_persons": _FIRST_PERSONS},
)


class Applications(DefaultStore[ApplicationRef, Application]):
    """Finds applications and changes them, without overwriting concurrent changes. TTL deletes them."""

    codec = Codec(
        *(Application, "ref"),
        always={"email", "standings", "provided"},
        shapes={
            Answers: _ANSWERS,
            Sent: _SENT,
            ProvidedDocument: _DOCUMENT,
            "standings": by_key(Codec(Standing, "key"), in_order=True),
        },
    )
    facts = frozenset({"started_at", "sent", "standings"})  # each change depends on the sent answers and their outcomes
    summary = Summary(summarise_application, VERSION, facts | {"email"})

    def key(self, ref: ApplicationRef) -> Key:
        """Build the key of an application."""
        return {"site": ref.mailbox, "identifier": ref.season}

    def key_fields(self, key: Key) -> tuple[ApplicationRef]:
        """Parse the key of an application."""
        return (ApplicationRef(key["site"], key["identifier"]),)

    def computed(self, application: Application) -> dict[str, datetime]:
        """Compute the item's expiry: the season's, or the draft's if it is not sent."""
        return {"expires": expires_at(application)}

    def encode_fields(self, application: Application) -> Item:
        """Encode an application. Only its key if it is not started."""
        return super().encode_fields(application) if application.started_at else self.key(application.ref)

    def parse(self, item: Item) -> Application:
        """Decode an application, new if not started."""
        return super().parse(item) if "started_at" in item else Application(*self.key_fields(item), item=item)

    def all(self, season: str) -> Iterator[Application]:
        """Read all applications of a season, page by page. The whole table is scanned (Scan)."""
        return (application for application in self.every() if application.ref.season == season)

    def every(self) -> Iterator[Application]:
        """Read all applications of all seasons, like `all`."""
        return (self.parse(item) for item in self._database.items(self._table) if "started_at" in item)

    def sent_in(self, season: str) -> Iterator[Application]:
        """Read the sent applications of a season by their numbers, a hundred at a time, without drafts.

        One Query for the numbers, and one BatchGetItem per hundred.
        """
        numbers = self._database.items_of(self._table, NUMBERS, f"{_LETTER}{season[-2:]}-")
        for batch in batches((item for item in numbers if item["season"] == season), READ_AT_ONCE):
            applications = self._database.read_together(
                *(self.lookup(ApplicationRef(one["mailbox"], season)) for one in batch)
            )
            for item, application in zip(batch, applications, strict=True):
                if application.number == item["identifier"]:
                    yield application

    def find_all(self, *refs: ApplicationRef) -> tuple[Application, ...]:
        """Find several applications in one round trip."""
        return self._database.read_together(*map(self.lookup, refs))

    def summary_texts(self, season: str) -> Iterator[tuple[str, str | None]]:
        """Read the stored summaries of a season: each mailbox, and its text, if any."""
        return self._database.summaries_under(self._table, season)

    def check_room(self, before: Application, after: Application) -> Application:
        """Return an application if it fits or became smaller. Raises `ApplicationFull`."""
        size = size_of(self.difference(before, after).item)
        if size > ROOM and size > size_of(before.item or self.encode(before)):
            raise ApplicationFull
        return after

    def begin(self, application: Application, now: datetime) -> None:
        """Start an application if there is none, or only an expired one that TTL has not deleted yet."""
        item = {name: value for name, value in self.encode(application).items() if value is not None}
        names = [name for name in item if name not in self.key(application.ref)]
        with suppress(WriteConflict):
            self._database.update(
                self._table,
                self.key(application.ref),
                f"SET {', '.join(f'#{name} = :{name}' for name in names)} REMOVE #draft",
                "attribute_not_exists(#started_at) OR (attribute_not_exists(#sent) AND #expires <= :begins)",
                begins=now,
                **{name: item[name] for name in names},
            )

    def forget(self, application: Application) -> None:
        """Delete an application as read. Raises `WriteConflict` if it changed concurrently."""
        item = application.item
        facts = [name for name in sorted(self.facts | {"saved_at"}) if name in item]
        condition = " AND ".join(f"#{name} = :{name}" for name in facts)
        self._database.remove(self._table, self.key(application.ref), condition, **{name: item[name] for name in facts})

    def add_number(self, number: str, ref: ApplicationRef) -> None:
        """Store an application's number before it is sent. Raises `WriteConflict` if another application has it."""
        item = _number_key(number) | {"mailbox": ref.mailbox, "season": ref.season, "expires": forgotten_at(ref.season)}
        try:
            self._database.create(self._table, item)
        except WriteConflict as clash:
            if _ref(clash.item) != ref:
                raise

    def number_lookup(self, number: str) -> Lookup[ApplicationRef | None]:
        """Look up the application of a number. It may be unsent, after a fault."""
        return Lookup(self._table, _number_key(number), _ref)

    def find_by_number(self, number: str) -> Application | None:
        """Find the application sent under a number."""
        ref = self._database.read(self.number_lookup(number))
        application = self.find(ref) if ref else None
        return application if application and application.number == number else None

    def find_by_numbers(self, numbers: Iterable[str]) -> dict[str, Application]:
        """Find the applications sent under some numbers, by number (two BatchGetItem for a hundred)."""
        refs = filter(None, self._database.read_together(*map(self.number_lookup, dict.fromkeys(numbers))))
        return {one.number: one for one in self.find_all(*refs) if one.number}

    def delete_number(self, number: str) -> Delete:
        """Delete a number."""
        return Delete(self._table, _number_key(number))


def _number_key(number: str) -> dict[str, str]:
    return {"site": NUMBERS, "identifier": number}


def _ref(item: Item | None) -> ApplicationRef | None:
    return ApplicationRef(item["mailbox"], item["season"]) if item else None
