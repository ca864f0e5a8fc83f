"""The applicants table: sessions, codes, and counts of mails. TTL deletes late, so expiries are compared too."""

from typing import Final

from chalicelib.domain.account.sessions import Token
from chalicelib.infra.dynamo.codec import Codec
from chalicelib.infra.dynamo.database import Database, Delete, Key
from chalicelib.stores.attempts import AttemptTimes
from chalicelib.stores.mailed_codes import CODES, Codes
from chalicelib.stores.sessions import SessionItems
from chalicelib.wings.admission.domain.applicant_sessions import ApplicantSession
from chalicelib.wings.admission.domain.applications import ApplicationRef

# Neither a mailbox's pseudonym nor a site has this prefix.
_SESSIONS: Final = "@session"
_CLIENTS: Final = "@client"


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


class Applicants:
    """Stores proofs of applicants' mailboxes, and their codes."""

    def __init__(self, database: Database, table: str) -> None:
        self._database = database
        self._table = table
        self.sessions = ApplicantSessions(database, table)
        self.codes = Codes(database, table)

    def forget(self, ref: ApplicationRef) -> None:
        """Delete the sessions and codes of an application. All of them are read (Query)."""
        for kind in (_SESSIONS, CODES):
            for item in self._database.items_of(self._table, kind):
                if (item["mailbox"], item["season"]) == (ref.mailbox, ref.season):
                    key = {"site": kind, "identifier": item["identifier"]}
                    self._database.write_together(Delete(self._table, key))
