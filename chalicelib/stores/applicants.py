"""The applicants table: sessions, codes and how many were mailed. TTL forgets all of it; the expiry is compared too."""

from datetime import datetime
from typing import Final

from chalicelib.domain.account.sessions import Token
from chalicelib.domain.admission.applicant_sessions import ApplicantSession
from chalicelib.domain.admission.applications import ApplicationRef
from chalicelib.domain.admission.proving import CODES_A_DAY, CODES_AT_MOST, TRIES, Code, MailedCodes, QuestionKind
from chalicelib.domain.refusals import WriteConflict
from chalicelib.stores.attempts import Tries
from chalicelib.stores.dynamo import Database, Delete, Lookup, Put
from chalicelib.stores.revising import nothing, revise
from chalicelib.stores.values import Item, moment, moment_or_none

# No pseudonym of a mailbox, and no site, has this sign.
_SESSIONS: Final = "@session"
_CODES: Final = "@code"
_MAILED: Final = "@mailed"
_TRIES: Final = "@try"
_CLIENTS: Final = "@client"


def tries_at(question: str) -> Tries:
    """Name the tries at the code of a question, whether or not it has one."""
    return Tries({"site": _TRIES, "identifier": question})


def questions_of_client(address: str) -> Tries:
    """Name the questions of a client address."""
    return Tries({"site": _CLIENTS, "identifier": address})


class Applicants:
    """Keeps who proved a mailbox, and what the proof takes."""

    def __init__(self, database: Database, table: str) -> None:
        self._database = database
        self._table = table

    def find_session(self, token: Token) -> ApplicantSession | None:
        """Find the session of a token, over or not."""
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
        """Forget the sessions and codes of an application: each of the table is gone through (Query)."""
        for kind in (_SESSIONS, _CODES):
            for item in self._database.items_of(self._table, kind):
                if (item["mailbox"], item["season"]) == (ref.mailbox, ref.season):
                    key = {"site": kind, "identifier": item["identifier"]}
                    self._database.write_together(Delete(self._table, key))

    def touch(self, session: ApplicantSession, now: datetime) -> None:
        """Write that it was seen, unless another page did, or it was closed meanwhile."""
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
        """Store a code as it now is."""
        return Put(self._table, _code_item(code))

    def add_digest(self, code: Code, digest: str) -> bool:
        """Keep the digest of a code about to be mailed, beside those of the same job; whether it is kept.

        It is not where enough of them left, or where one did its work.
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
        """Count one more mail to an address, where one may leave; whether it may. Raises `Unavailable`."""

        def decide(current: MailedCodes) -> MailedCodes:
            return current.with_mail(request, now, kind) if current.may_mail(request, now, kind) else current

        before, _ = revise(lambda: self._mailed(name), self._change_mailed, decide, None, nothing)
        return before.may_mail(request, now, kind)

    def _mailed(self, name: str) -> MailedCodes:
        lookup = Lookup(self._table, {"site": _MAILED, "identifier": name}, lambda item: item)
        kept = (self._database.read(lookup) or {}).get("mailed", {})
        return MailedCodes(name, {request: moment(at) for request, at in kept.items()})

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
