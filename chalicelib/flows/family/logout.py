"""Log out: the session ends, here and now."""

from datetime import datetime

from chalicelib.domain.account.sessions import Token
from chalicelib.services.family import Client, Services


def log_out(services: Services, token: Token | None, client: Client, now: datetime) -> None:
    """Forget the session of this token; nothing to say when there is none."""
    session = services.sessions.find(token) if token else None
    if token is None or session is None:
        return
    services.database.write_together(services.sessions.delete(token))
    services.record.write("session_ended", now, client.request, account=session.account, reason="logout")
