"""The addresses of the calendars of a pupil's or teacher's lessons, which programs poll (`functions/calendars.py`)."""

from typing import Final

from chalicelib.services.family import Services

OF_PUPIL: Final = "/extranet/compte/agenda"
OF_TEACHER: Final = "/extranet/enseignant/agenda"


def subscription(services: Services, beginning: str, link: str) -> dict[str, str]:
    """Write the address of a calendar: to copy, and as `webcal:` for telephones and computers to subscribe."""
    address = services.settings.network.url(f"{beginning}/{link}")
    return {"address": address, "webcal": f"webcal:{address.partition(':')[2]}"}
