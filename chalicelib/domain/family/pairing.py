"""Guardians paired with what another list of them tells: the addresses of a file, the telephones of a file or ours."""

from dataclasses import replace

from chalicelib.domain.family.households import Guardian
from chalicelib.domain.text import fold


def with_addresses(
    named: tuple[Guardian, ...], listed: tuple[Guardian, ...], on_file: tuple[Guardian, ...], emails: tuple[str, ...]
) -> tuple[Guardian, ...]:
    """Attach to guardians the addresses that the file pairs with them, if it has as many; none that is not on file."""
    pairs = listed if len(named) == len(listed) else on_file
    return tuple(
        replace(guardian, email=pair.email if pair.email in emails else "")
        for guardian, pair in zip(named, pairs, strict=True)
    )


def with_telephones(named: tuple[Guardian, ...], known: tuple[Guardian, ...]) -> tuple[Guardian, ...]:
    """Attach to guardians the telephone known of their name, or of their place if nobody else is meant."""
    by_name = {fold(guardian.name): guardian.telephone for guardian in known}
    names = {fold(guardian.name) for guardian in named}
    places = known if len(named) == len(known) else ()
    renamed = {
        fold(guardian.name): there.telephone
        for guardian, there in zip(named, places, strict=False)
        if fold(there.name) not in names
    }
    found = renamed | by_name
    return tuple(replace(guardian, telephone=found.get(fold(guardian.name), guardian.telephone)) for guardian in named)
