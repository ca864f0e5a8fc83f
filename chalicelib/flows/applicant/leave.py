"""Leave: the session of an applicant ends, here and now; what was answered is kept."""

from datetime import datetime

from chalicelib.domain.account.sessions import Token
from chalicelib.services.admission import admission_stores
from chalicelib.services.family import Client, Services


def leave(services: Services, token: Token | None, client: Client, now: datetime) -> None:
    """Forget the session of this token; nothing to say when there is none."""
    if token is None:
        return
    services.database.write_together(admission_stores(services).applicants.delete_session(token))
    services.record.write("admission_left", now, client.request)
