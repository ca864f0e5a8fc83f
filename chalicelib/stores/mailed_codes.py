"""Mailed codes, in a table whose items expire."""

from datetime import datetime
from typing import Final

from chalicelib.domain.account.mailed_codes import CODES_A_DAY, CODES_AT_MOST, TRIES, Code, MailedCodes, QuestionKind
from chalicelib.domain.refusals import WriteConflict
from chalicelib.infra.dynamo.codec import Codec
from chalicelib.infra.dynamo.database import Database, Key, Lookup
from chalicelib.infra.dynamo.revise import nothing, revise
from chalicelib.infra.dynamo.store import Items
from chalicelib.infra.dynamo.values import moment
from chalicelib.stores.attempts import Attempts, AttemptTimes

# Neither a mailbox's pseudonym nor a site has this prefix.
CODES: Final = "@code"
_MAILED: Final = "@mailed"
_TRIES: Final = "@try"


def tries_at(question: str) -> AttemptTimes:
    """Make the key of the tries at a question's code, whether or not it exists."""
    return AttemptTimes({"site": _TRIES, "identifier": question})


class Codes(Items[str, Code]):
    """Stores the code of a question, used or not, the tries at it, and the counts of mails.

    Families' are in the attempts table, applicants' in their own. TTL deletes late, so expiries are compared too.
    """

    codec = Codec(Code, "question", names={"owner": "mailbox", "scope": "season"}, always={"digests"})

    def __init__(self, database: Database, table: str) -> None:
        super().__init__(database, table)
        self.tries = Attempts(database, table)

    def key(self, question: str) -> Key:
        """Build the key of a question's code."""
        return {"site": CODES, "identifier": question}

    def computed(self, code: Code) -> dict[str, datetime]:
        """Compute the item's expiry: the end of the limit on tries."""
        return {"expires": code.asked_at + TRIES.window}

    def add_digest(self, code: Code, digest: str) -> bool:
        """Add the digest of a code about to be mailed, beside others of the same job. Returns whether it was added.

        It is not if the maximum is reached, or if a code of the question was used.
        """
        try:
            self._database.update(
                self._table,
                self.key_of(code),
                "SET #mailbox = :mailbox, #season = :season, #asked_at = :asked_at, #expires = :expires, "
                "#digests = list_append(if_not_exists(#digests, :none), :one)",
                "attribute_not_exists(#digests) OR (size(#digests) < :most AND attribute_not_exists(#used_at))",
                mailbox=code.owner,
                season=code.scope,
                asked_at=code.asked_at,
                expires=code.asked_at + TRIES.window,
                none=[],
                one=[digest],
                most=CODES_AT_MOST,
            )
        except WriteConflict:
            return False
        return True

    def count_mail(self, name: str, request: str, now: datetime, kind: QuestionKind = "email") -> bool:
        """Count a mail to an address if the limit allows it, and return whether it does. Raises `Unavailable`."""

        def decide(current: MailedCodes) -> MailedCodes:
            return current.with_mail(request, now, kind) if current.may_mail(request, now, kind) else current

        before, _ = revise(lambda: self._mailed(name), self._change_mailed, decide, None, nothing)
        return before.may_mail(request, now, kind)

    def _mailed(self, name: str) -> MailedCodes:
        lookup = Lookup(self._table, {"site": _MAILED, "identifier": name}, lambda item: item)
        times = (self._database.read(lookup) or {}).get("mailed", {})
        return MailedCodes(name, {request: moment(at) for request, at in times.items()})

    def _change_mailed(self, before: MailedCodes, after: MailedCodes) -> MailedCodes:
        if after.mailed != before.mailed:
            self._database.update(
                self._table,
                {"site": _MAILED, "identifier": after.name},
                "SET #mailed = :mailed, #expires = :expires",
                "#mailed = :seen" if before.mailed else "attribute_not_exists(#mailed)",
                mailed=after.mailed,
                expires=max(after.mailed.values()) + CODES_A_DAY.window,
                **({"seen": before.mailed} if before.mailed else {}),
            )
        return after
