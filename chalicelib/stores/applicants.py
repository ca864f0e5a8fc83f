"""The applicants table: sessions, codes, and counts of mails. TTL deletes late, so expiries are compared too."""

from datetime import datetime
from typing import Final

from chalicelib.domain.account.sessions import Token
from chalicelib.domain.admission.applicant_sessions import ApplicantSession
from chalicelib.domain.admission.applications import ApplicationRef
from chalicelib.domain.admission.email_codes import CODES_A_DAY, CODES_AT_MOST, TRIES, Code, MailedCodes, QuestionKind
from chalicelib.domain.refusals import WriteConflict
from chalicelib.infra.dynamo.codec import Codec
from chalicelib.infra.dynamo.database import Database, Delete, Key, Lookup
from chalicelib.infra.dynamo.revise import nothing, revise
from chalicelib.infra.dynamo.store import Items
from chalicelib.infra.dynamo.values import moment
from chalicelib.stores.attempts import AttemptTimes
from chalicelib.stores.sessions import SessionItems

# Neither a mailbox's pseudonym nor a site has this prefix.
_SESSIONS: Final = "@session"
_CODES: Final = "@code"
_MAILED: Final = "@mailed"
_TRIES: Final = "@try"
_CLIENTS: Final = "@client"


def tries_at(question: str) -> AttemptTimes:
    """Make the key of the tries at a question's code, whether or not it exists."""
    return AttemptTimes({"site": _TRIES, "identifier": question})


def questions_of_client(address: str) -> AttemptTimes:
    """Make the key of a client address's questions."""
    return AttemptTimes({"site": _CLIENTS, "identifier": address})


class ApplicantSessions(SessionItems[ApplicantSession]):
    """Opens, finds and closes the sessions of applicants."""

    codec = Codec(ApplicantSession, "fingerprint", flat={"ref"})

    def key(self, token: Token) -> Key:
        """Build the key of a token's session."""
        return {"site": _SESSIONS, "identifier": token.fingerprint}

    def key_of(self, session: ApplicantSession) -> Key:
        """Build the key of a session."""
        return {"site": _SESSIONS, "identifier": session.fingerprint}


class Codes(Items[str, Code]):
    """Finds the code of a question, used or not, and stores it."""

    codec = Codec(Code, "question", always={"digests"}, flat={"ref"})

    def key(self, question: str) -> Key:
        """Build the key of a question's code."""
        return {"site": _CODES, "identifier": question}

    def computed(self, code: Code) -> dict[str, datetime]:
        """Expire with the limit on tries."""
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
                mailbox=code.ref.mailbox,
                season=code.ref.season,
                asked_at=code.asked_at,
                expires=code.asked_at + TRIES.window,
                none=[],
                one=[digest],
                most=CODES_AT_MOST,
            )
        except WriteConflict:
            return False
        return True


class Applicants:
    """Stores proofs of applicants' mailboxes, and their codes."""

    def __init__(self, database: Database, table: str) -> None:
        self._database = database
        self._table = table
        self.sessions = ApplicantSessions(database, table)
        self.codes = Codes(database, table)

    def forget(self, ref: ApplicationRef) -> None:
        """Delete the sessions and codes of an application. All of them are read (Query)."""
        for kind in (_SESSIONS, _CODES):
            for item in self._database.items_of(self._table, kind):
                if (item["mailbox"], item["season"]) == (ref.mailbox, ref.season):
                    key = {"site": kind, "identifier": item["identifier"]}
                    self._database.write_together(Delete(self._table, key))

    def count_mail(self, name: str, request: str, now: datetime, kind: QuestionKind = "email") -> bool:
        """Count a mail to an address if the limit allows it, and return whether it does. Raises `Unavailable`."""

        def decide(current: MailedCodes) -> MailedCodes:
            return current.with_mail(request, now, kind) if current.may_mail(request, now, kind) else current

        before, _ = revise(lambda: self._mailed(name), self._change_mailed, decide, None, nothing)
        return before.may_mail(request, now, kind)

    def _mailed(self, name: str) -> MailedCodes:
        lookup = Lookup(self._table, {"site": _MAILED, "identifier": name}, lambda item: item)
        mailed = (self._database.read(lookup) or {}).get("mailed", {})
        return MailedCodes(name, {request: moment(at) for request, at in mailed.items()})

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
