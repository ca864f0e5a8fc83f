"""The applications table: one item is a family's application of a season. Another leads to it from its number."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Any, Final

from chalicelib.domain.admission.applications import (
    AdmissionDecision,
    Answers,
    Application,
    ApplicationRef,
    Candidate,
    Sent,
    Standing,
    Wish,
)
from chalicelib.domain.admission.refusals import ApplicationFull
from chalicelib.domain.admission.retention import expires_at
from chalicelib.domain.dossiers.documents import ProvidedDocument, SavedBy
from chalicelib.domain.enrolment.periods import forgotten_at
from chalicelib.domain.refusals import WriteConflict
from chalicelib.infra.batches import batches
from chalicelib.infra.dynamo.change import Change
from chalicelib.infra.dynamo.database import READ_AT_ONCE, Database, Delete, Lookup
from chalicelib.infra.dynamo.revise import Prepare, nothing, revise
from chalicelib.infra.dynamo.values import Item, moment, moment_or_none, size_of


def key_of(ref: ApplicationRef) -> dict[str, str]:
    """Build the key of an application."""
    return {"site": ref.mailbox, "identifier": ref.season}


def item_of(application: Application) -> dict[str, Any]:
    """Encode an application. Only its key if it is not started."""
    if application.started_at is None:
        return dict(key_of(application.ref))
    sent = application.sent
    return key_of(application.ref) | {
        "email": application.email,
        "started_at": application.started_at,
        "saved_at": application.saved_at,
        "draft": _answers_item(application.draft) if application.draft else None,
        "sent": _sent_item(sent) if sent else None,
        "standings": {standing.key: _standing_item(standing) for standing in application.standings},
        "provided": [_provided_item(document) for document in application.provided],
        "expires": expires_at(application),
    }


def application_from(ref: ApplicationRef, item: Item | None) -> Application:
    """Decode an application. A new one without an item."""
    if item is None or "started_at" not in item:
        return Application(ref, item=item or {})
    return Application(
        ref=ref,
        email=item.get("email", ""),
        started_at=moment_or_none(item.get("started_at")),
        saved_at=moment_or_none(item.get("saved_at")),
        draft=_answers(item["draft"]) if "draft" in item else None,
        sent=_sent(item["sent"]) if "sent" in item else None,
        standings=tuple(_standing(key, standing) for key, standing in sorted(item.get("standings", {}).items())),
        provided=tuple(map(_provided, item.get("provided", ()))),
        item=item,
    )


def _answers_item(answers: Answers) -> dict[str, Any]:
    return {
        "guardian": answers.guardian or None,
        "telephone": answers.telephone or None,
        "address": list(answers.address) or None,
        "groups": list(answers.groups) or None,
        "candidates": [_candidate_item(candidate) for candidate in answers.candidates],
    }


def _answers(item: Item) -> Answers:
    return Answers(
        guardian=item.get("guardian", ""),
        telephone=item.get("telephone", ""),
        address=tuple(item.get("address", ())),
        groups=tuple(item.get("groups", ())),
        candidates=tuple(map(_candidate, item.get("candidates", ()))),
    )


def _candidate_item(candidate: Candidate) -> dict[str, Any]:
    return {
        "key": candidate.key,
        "first_name": candidate.first_name or None,
        "last_name": candidate.last_name or None,
        "born_on": candidate.born_on.isoformat() if candidate.born_on else None,
        "wishes": [_wish_item(wish) for wish in candidate.wishes],
    }


def _candidate(item: Item) -> Candidate:
    return Candidate(
        key=item["key"],
        first_name=item.get("first_name", ""),
        last_name=item.get("last_name", ""),
        born_on=date.fromisoformat(item["born_on"]) if "born_on" in item else None,
        wishes=tuple(map(_wish, item.get("wishes", ()))),
    )


def _wish_item(wish: Wish) -> dict[str, Any]:
    return {
        "discipline": wish.discipline,
        "site": wish.site,
        "level": wish.level or None,
        "days": list(wish.days) or None,
        "since": wish.since,
    }


def _wish(item: Item) -> Wish:
    return Wish(
        item["discipline"],
        item["site"],
        item.get("level", ""),
        tuple(item.get("days", ())),
        moment_or_none(item.get("since")),
    )


def _sent_item(sent: Sent) -> dict[str, Any]:
    return {
        "answers": _answers_item(sent.answers),
        "number": sent.number,
        "first_at": sent.first_at,
        "at": sent.at,
        "provided": [_provided_item(document) for document in sent.provided],
        "first_persons": {key: list(person) for key, person in sent.first_persons},
    }


def _sent(item: Item) -> Sent:
    provided = tuple(map(_provided, item.get("provided", ())))
    persons = tuple((key, (person[0], person[1])) for key, person in sorted(item.get("first_persons", {}).items()))
    times = moment(item["first_at"]), moment(item["at"])
    return Sent(_answers(item["answers"]), item["number"], *times, provided, persons)


def _standing_item(standing: Standing) -> dict[str, Any]:
    decision = standing.decision
    return {
        "withdrawn_at": standing.withdrawn_at,
        "decision": decision and _decision_item(decision),
        "account": list(standing.account) if standing.account else None,
        "slot": list(standing.slot) if standing.slot else None,
        "joined": standing.joined or None,
    }


def _standing(key: str, item: Item) -> Standing:
    site_and_identifier, slot = item.get("account"), item.get("slot")
    return Standing(
        key,
        moment_or_none(item.get("withdrawn_at")),
        _decision(item["decision"]) if "decision" in item else None,
        (site_and_identifier[0], site_and_identifier[1]) if site_and_identifier else None,
        (slot[0], slot[1], slot[2]) if slot else None,
        item.get("joined", False),
    )


def _decision_item(decision: AdmissionDecision) -> dict[str, Any]:
    return {
        "verdict": decision.verdict,
        "by": decision.by,
        "at": decision.at,
        "words": decision.words or None,
        "until": decision.until.isoformat() if decision.until else None,
    }


def _decision(item: Item) -> AdmissionDecision:
    until = date.fromisoformat(item["until"]) if "until" in item else None
    return AdmissionDecision(item["verdict"], item["by"], moment(item["at"]), item.get("words", ""), until)


def _provided_item(document: ProvidedDocument) -> dict[str, Any]:
    return {
        "code": document.code,
        "owner": document.owner,
        "by": document.saved.by,
        "at": document.saved.at,
        "object_key": document.object_key or None,
    }


def _provided(item: Item) -> ProvidedDocument:
    saved = SavedBy(item.get("by", ""), moment(item["at"]))
    return ProvidedDocument(item["code"], item["owner"], saved, item.get("object_key", ""))


NUMBERS: Final = "@number"  # no mailbox's pseudonym has this prefix
_LETTER: Final = "P"  # prefix of each number (`flows/applicant/summary.py`)
# Every change depends on the sent answers and their outcomes.
_FACTS: Final = frozenset({"started_at", "sent", "standings"})
# Bytes for the family, of DynamoDB's 409,600 per item. Six pupils, draft and sent, take a tenth of it, and decisions of
# the office have their own room.
ROOM: Final = 184 * 1024


class Applications:
    """Finds applications and changes them, without overwriting concurrent changes. TTL deletes them."""

    def __init__(self, database: Database, table: str) -> None:
        self._database = database
        self._table = table

    def lookup(self, ref: ApplicationRef) -> Lookup[Application]:
        """Look up an application. A new one without an item."""
        return Lookup(self._table, key_of(ref), partial(application_from, ref))

    def find(self, ref: ApplicationRef) -> Application:
        """Find an application."""
        return self._database.read(self.lookup(ref))

    def all(self, season: str) -> Iterator[Application]:
        """Read all applications of a season, page by page. The whole table is scanned (Scan)."""
        return (application for application in self.every() if application.ref.season == season)

    def every(self) -> Iterator[Application]:
        """Read all applications of all seasons, like `all`."""
        for item in self._database.items(self._table):
            if "started_at" in item:
                yield application_from(ApplicationRef(item["site"], item["identifier"]), item)

    def sent_in(self, season: str) -> Iterator[Application]:
        """Read the sent applications of a season by their numbers, a hundred at a time, without drafts.

        One Query for the numbers, and one BatchGetItem per hundred.
        """
        numbers = self._database.items_of(self._table, NUMBERS, f"{_LETTER}{season[-2:]}-")
        for some in batches((item for item in numbers if item["season"] == season), READ_AT_ONCE):
            applications = self._database.read_together(
                *(self.lookup(ApplicationRef(one["mailbox"], season)) for one in some)
            )
            for item, application in zip(some, applications, strict=True):
                if application.number == item["identifier"]:
                    yield application

    def change(self, before: Application, after: Application) -> Application:
        """Write the differences if the facts of the change are unchanged, or raise `WriteConflict`."""
        change = Change(item_of(before), item_of(after), _FACTS, read=before.item)
        written = change.write(self._database, self._table)
        return after if after is before else replace(after, item=written)

    @staticmethod
    def check_room(before: Application, after: Application) -> Application:
        """Return an application if it fits or became smaller. Raises `ApplicationFull`."""
        size = size_of(Change(item_of(before), item_of(after), read=before.item).item)
        if size > ROOM and size > size_of(before.item or item_of(before)):
            raise ApplicationFull
        return after

    def revise(
        self,
        known: Application,
        decide: Callable[[Application], Application],
        prepare: Prepare[Application] = nothing,
    ) -> tuple[Application, Application]:
        """Change an application, deciding again each time that another writer came first. Return it before and after.

        `known`: as read before. Raises `Unavailable`, and the errors of `decide`.
        """
        return revise(lambda: self.find(known.ref), self.change, decide, known, prepare)

    def delete(self, ref: ApplicationRef) -> Delete:
        """Delete an application."""
        return Delete(self._table, key_of(ref))

    def begin(self, begun: Application, now: datetime) -> None:
        """Start an application if there is none, or only an expired one that TTL has not deleted yet."""
        item = {name: value for name, value in item_of(begun).items() if value is not None}
        names = [name for name in item if name not in key_of(begun.ref)]
        with suppress(WriteConflict):
            self._database.update(
                self._table,
                key_of(begun.ref),
                f"SET {', '.join(f'#{name} = :{name}' for name in names)} REMOVE #draft",
                "attribute_not_exists(#started_at) OR (attribute_not_exists(#sent) AND #expires <= :begins)",
                begins=now,
                **{name: item[name] for name in names},
            )

    def forget(self, application: Application) -> None:
        """Delete an application as read. Raises `WriteConflict` if it changed concurrently."""
        read = application.item
        facts = [name for name in sorted(_FACTS | {"saved_at"}) if name in read]
        known = " AND ".join(f"#{name} = :{name}" for name in facts)
        self._database.remove(self._table, key_of(application.ref), known, **{name: read[name] for name in facts})

    def add_number(self, number: str, ref: ApplicationRef) -> None:
        """Store an application's number before it is sent. Raises `WriteConflict` if another application has it."""
        item = _number_key(number) | {
            "mailbox": ref.mailbox,
            "season": ref.season,
            "expires": forgotten_at(ref.season),
        }
        try:
            self._database.create(self._table, item)
        except WriteConflict as lost:
            if _ref(lost.item) != ref:
                raise

    def number_lookup(self, number: str) -> Lookup[ApplicationRef | None]:
        """Look up the application of a number. It may be unsent, after a fault."""
        return Lookup(self._table, _number_key(number), _ref)

    def find_by_number(self, number: str) -> Application | None:
        """Find the application sent under a number."""
        ref = self._database.read(self.number_lookup(number))
        application = self.find(ref) if ref else None
        return application if application and application.number == number else None

    def delete_number(self, number: str) -> Delete:
        """Delete a number."""
        return Delete(self._table, _number_key(number))


def _number_key(number: str) -> dict[str, str]:
    return {"site": NUMBERS, "identifier": number}


def _ref(item: Item | None) -> ApplicationRef | None:
    return ApplicationRef(item["mailbox"], item["season"]) if item else None
