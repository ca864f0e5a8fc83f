"""Offers of a place have a term: what has expired passes to the next in line."""

from datetime import datetime

from chalicelib.services import Services


def advance(services: Services, now: datetime) -> None:
    """Pass on what has expired; twice changes nothing more."""
