"""Leave the desk."""

from chalicelib.domain.account.sessions import Token
from chalicelib.services.family import Services
from chalicelib.services.staff import staff_stores


def log_out(services: Services, token: Token | None) -> None:
    """Close the session of a token, half open or open, if there is one."""
    if token:
        services.database.write_together(staff_stores(services).sessions.delete(token))
