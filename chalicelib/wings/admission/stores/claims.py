"""Claims in the applications table: the application of a season that asks for a child, in the whole network."""

from datetime import datetime
from typing import Final

from chalicelib.domain.enrolment.periods import forgotten_at
from chalicelib.domain.refusals import WriteConflict
from chalicelib.infra.dynamo.database import Delete, Table
from chalicelib.infra.dynamo.values import Item, moment
from chalicelib.values import frozen
from chalicelib.wings.admission.domain.applications import ApplicationRef

NUMBERS: Final = "@identifiers"  # no site has this code


class IdentifierNumbers(Table):
    """Gives each number once. The number of a failed acceptance is not given again."""

    def next(self, season: str) -> int:
        """Return the next number of a season, from 1. Raises `Unavailable`."""
        return self._database.count(self._table, {"site": NUMBERS, "identifier": season}, "last")


CLAIMS: Final = "@candidate"  # no mailbox's pseudonym has this prefix


@frozen
class Claim:
    """A candidate, by the person's pseudonym, claimed by an application under a key since a time."""

    person: str
    application: ApplicationRef
    key: str
    at: datetime


class CandidateClaims(Table):
    """Writes claims conditionally: of two concurrent ones, one wins. TTL deletes them."""

    def add(self, claim: Claim) -> Claim:
        """Claim a candidate (PutItem). Returns the stored claim: this one, or an earlier one."""
        ref = claim.application
        item = _key(ref.season, claim.person) | {
            "mailbox": ref.mailbox,
            "candidate": claim.key,
            "at": claim.at,
            "expires": forgotten_at(ref.season),
        }
        try:
            self._database.create(self._table, item)
        except WriteConflict as clash:
            return _claim(ref.season, claim.person, clash.item) if clash.item else claim
        return claim

    def replace(self, former: Claim, claim: Claim) -> bool:
        """Replace a claim as read. Returns whether it was unchanged."""
        try:
            self._database.update(
                self._table,
                _key(former.application.season, former.person),
                "SET #mailbox = :mailbox, #candidate = :candidate, #at = :at",
                "#mailbox = :known_mailbox AND #candidate = :known_candidate AND #at = :known_at",
                mailbox=claim.application.mailbox,
                candidate=claim.key,
                at=claim.at,
                known_mailbox=former.application.mailbox,
                known_candidate=former.key,
                known_at=former.at,
            )
        except WriteConflict as clash:
            return clash.item is not None and _claim(former.application.season, former.person, clash.item) == claim
        return True

    def release(self, person: str, application: ApplicationRef, key: str, until: datetime | None = None) -> None:
        """Release a claim of an application's candidate. `until`: only if made by that time."""
        try:
            self._database.remove(
                self._table,
                _key(application.season, person),
                "#mailbox = :mailbox AND #candidate = :candidate" + (" AND #at <= :until" if until else ""),
                mailbox=application.mailbox,
                candidate=key,
                **({"until": until} if until else {}),
            )
        except WriteConflict:
            return

    def delete(self, person: str, season: str) -> Delete:
        """Delete any claim."""
        return Delete(self._table, _key(season, person))


def _key(season: str, person: str) -> dict[str, str]:
    return {"site": f"{CLAIMS}/{season}", "identifier": person}


def _claim(season: str, person: str, item: Item) -> Claim:
    return Claim(person, ApplicationRef(item["mailbox"], season), item["candidate"], moment(item["at"]))
