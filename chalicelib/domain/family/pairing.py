"""Guardians paired with what another list of them tells: the addresses of a file, the telephones of a file or ours."""

from dataclasses import replace

from chalicelib.domain.family.households import Guardian
from chalicelib.domain.text import folded


def with_addresses(
    named: tuple[Guardian, ...], listed: tuple[Guardian, ...], held: tuple[Guardian, ...], emails: tuple[str, ...]
) -> tuple[Guardian, ...]:
    """Give guardians their addresses as the file pairs them, if it has as many; none that is not on file."""
    pairs = listed if len(named) == len(listed) else held
    return tuple(
        replace(guardian, email=pair.email if pair.email in emails else "")
        for guardian, pair in zip(named, pairs, strict=True)
    )


def with_telephones(named: tuple[Guardian, ...], known: tuple[Guardian, ...]) -> tuple[Guardian, ...]:
    """Give guardians the telephone known of their name, or of their place if nobody else is meant; or leave theirs."""
    by_name = {folded(each.name): each.telephone for each in known}
    names = {folded(each.name) for each in named}
    places = known if len(named) == len(known) else ()
    renamed = {
        folded(each.name): there.telephone
        for each, there in zip(named, places, strict=False)
        if folded(there.name) not in names
    }
    found = renamed | by_name
    return tuple(replace(each, telephone=found.get(folded(each.name), each.telephone)) for each in named)
