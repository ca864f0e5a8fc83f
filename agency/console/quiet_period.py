"""Waits until the requests under way have ended, so that an answer saved at that moment is stored first."""

import time

from agency.console import output
from agency.console.connection import Connection


def wait_for_requests(connection: Connection) -> None:
    """Wait as long as a request of the deployment may last."""
    seconds = int(connection.longest_request.total_seconds())
    if seconds:
        output.note(f"Attente de {seconds} secondes : ce qu'une famille enregistre en ce moment finit d'abord.")
        time.sleep(seconds)
