"""The applicants table: sessions, codes, and counts of mails. TTL deletes late, so expiries are compared too."""

from datetime import datetime
from typing import Final

from chalicelib.domain.account.sessions import Token
from chalicelib.domain.admission.applicant_sessions import ApplicantSession
from chalicelib.domain.admission.applications import ApplicationRef
from chalicelib.domain.admission.email_codes import CODES_A_DAY, CODES_AT_MOST, TRIES, Code, MailedCodes, QuestionKind
from chalicelib.domain.refusals import WriteConflict
from chalicelib.infra.dynamo.database import Database, Delete, Lookup, Put
from chalicelib.infra.dynamo.revise import nothing, revise
from chalicelib.infra.dynamo.values import Item, moment, moment_or_none
from chalicelib.stores.attempts import AttemptTimes

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


class Applicants:
    """Stores proofs of applicants' mailboxes, and their codes."""

    def __init__(self, database: Database, table: str) -> None:
        self._database = database
        self._table = table

    def find_session(self, token: Token) -> ApplicantSession | None:
        """Find the session of a token, expired or not."""
        return self._database.read(Lookup(self._table, _session_key(token.fingerprint), _session))

    def put_session(self, session: ApplicantSession) -> Put:
        """Store a new session."""
        item = _session_key(session.fingerprint) | {
            "mailbox": session.ref.mailbox,
            "season": session.ref.season,
            "opened_at": session.opened_at,
            "seen_at": session.seen_at,
            "expires": session.expires_at,
        }
        return Put(self._table, item)

    def delete_session(self, token: Token) -> Delete:
        """Close the session of a token."""
        return Delete(self._table, _session_key(token.fingerprint))

    def forget(self, ref: ApplicationRef) -> None:
        """Delete the sessions and codes of an application. All of them are read (Query)."""
        for kind in (_SESSIONS, _CODES):
            for item in self._database.items_of(self._table, kind):
                if (item["mailbox"], item["season"]) == (ref.mailbox, ref.season):
                    key = {"site": kind, "identifier": item["identifier"]}
                    self._database.write_together(Delete(self._table, key))

    def touch(self, session: ApplicantSession, now: datetime) -> None:
        """Write the last use, unless another page wrote it or the session was closed concurrently."""
        try:
            self._database.update(
                self._table,
                _session_key(session.fingerprint),
                "SET #seen_at = :now, #expires = :expires",
                "#seen_at = :seen",
                now=now,
                seen=session.seen_at,
                expires=session.touch(now).expires_at,
            )
        except WriteConflict:
            return

    def find_code(self, question: str) -> Code | None:
        """Find the code of a question, used or not."""
        return self._database.read(Lookup(self._table, _code_key(question), _code))

    def put_code(self, code: Code) -> Put:
        """Store a code in its current state."""
        return Put(self._table, _code_item(code))

    def add_digest(self, code: Code, digest: str) -> bool:
        """Add the digest of a code about to be mailed, beside others of the same job. Returns whether it was added.

        It is not if the maximum is reached, or if a code of the question was used.
        """
        try:
            self._database.update(
                self._table,
                _code_key(code.question),
                "SET #mailbox = :mailbox, #season = :season, #asked_at = :asked_at, #expires = :expires, "
                "#digests = list_append(if_not_exists(#digests, :none), :one)",
                "attribute_not_exists(#digests) OR (size(#digests) < :most AND attribute_not_exists(#used_at))",
                mailbox=code.ref.mailbox,
                season=code.ref.season,
                asked_at=code.asked_at,
                expires=_expiry(code),
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


def _session_key(fingerprint: str) -> dict[str, str]:
    return {"site": _SESSIONS, "identifier": fingerprint}


def _session(item: Item | None) -> ApplicantSession | None:
    if item is None:
        return None
    return ApplicantSession(
        item["identifier"],
        ApplicationRef(item["mailbox"], item["season"]),
        moment(item["opened_at"]),
        moment(item["seen_at"]),
    )


def _code_key(question: str) -> dict[str, str]:
    return {"site": _CODES, "identifier": question}


def _expiry(code: Code) -> datetime:
    return code.asked_at + TRIES.window


def _code_item(code: Code) -> Item:
    return _code_key(code.question) | {
        "mailbox": code.ref.mailbox,
        "season": code.ref.season,
        "asked_at": code.asked_at,
        "digests": list(code.digests),
        "used_at": code.used_at,
        "expires": _expiry(code),
    }


def _code(item: Item | None) -> Code | None:
    if item is None:
        return None
    return Code(
        item["identifier"],
        ApplicationRef(item["mailbox"], item["season"]),
        moment(item["asked_at"]),
        tuple(item["digests"]),
        moment_or_none(item.get("used_at")),
    )
