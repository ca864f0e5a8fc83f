"""The addresses of the calendars of a pupil's or teacher's lessons, which programs poll (`functions/calendars.py`)."""

from datetime import timedelta
from typing import Final

from chalicelib.services.family import Services

OF_PUPIL: Final = "/extranet/compte/agenda"
OF_TEACHER: Final = "/extranet/enseignant/agenda"
KEPT_AT_CDN: Final = timedelta(hours=1)  # a revoked address shows nothing after it (docs/decisions/0142)


def subscription(services: Services, beginning: str, link: str) -> dict[str, str]:
    """Write the address of a calendar: to copy, and as `webcal:` for telephones and computers to subscribe."""
    address = services.settings.network.url(f"{beginning}/{link}")
    return {"address": address, "webcal": f"webcal:{address.partition(':')[2]}"}
