"""Waiting until the requests that are under way have ended: what a family saves at that very moment is saved first."""

import time

from agency.console import output
from agency.console.connection import Connection


def wait_for_requests(connection: Connection) -> None:
    """Wait as long as a request may last there."""
    seconds = int(connection.longest_request.total_seconds())
    if seconds:
        output.note(f"Attente de {seconds} secondes : ce qu'une famille enregistre en ce moment finit d'abord.")
        time.sleep(seconds)
