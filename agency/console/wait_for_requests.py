"""Waiting until the requests that are under way have ended: what a family saves at that very moment is saved first."""

import time

from agency.console import show
from agency.console.connection import Connection


def settle(connection: Connection) -> None:
    """Wait as long as a request may last there."""
    seconds = int(connection.longest_request.total_seconds())
    if seconds:
        show.note(f"Attente de {seconds} secondes : ce qu'une famille enregistre en ce moment finit d'abord.")
        time.sleep(seconds)
