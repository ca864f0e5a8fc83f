"""Guardians paired with what another list of them tells: the addresses of a file, the telephones of a file or ours."""

from dataclasses import replace

from chalicelib.domain.family.households import Guardian
from chalicelib.domain.text import fold


def with_addresses(
    named: tuple[Guardian, ...], listed: tuple[Guardian, ...], on_file: tuple[Guardian, ...], emails: tuple[str, ...]
) -> tuple[Guardian, ...]:
    """Attach to guardians the addresses that the file pairs with them, if it has as many; none that is not on file."""
    pairs = _in_order_of(named, listed if len(named) == len(listed) else on_file)
    return tuple(
        replace(guardian, email=pair.email if pair.email in emails else "")
        for guardian, pair in zip(named, pairs, strict=True)
    )


def _in_order_of(named: tuple[Guardian, ...], others: tuple[Guardian, ...]) -> tuple[Guardian, ...]:
    """Put the same guardians in the order of another list of them; leave others in theirs."""
    order = [fold(guardian.name) for guardian in named]
    is_same = sorted(order) == sorted(fold(guardian.name) for guardian in others)
    return tuple(sorted(others, key=lambda one: order.index(fold(one.name)))) if is_same else others


def with_emails_on_file(named: tuple[Guardian, ...], on_file: tuple[Guardian, ...]) -> tuple[Guardian, ...]:
    """Attach to guardians the addresses on file of their name, or of their place if nobody else is meant."""
    found = _counterparts(named, on_file)
    pairs = ((guardian, found.get(fold(guardian.name), guardian)) for guardian in named)
    return tuple(replace(guardian, email=known_one.email) for guardian, known_one in pairs)


def with_telephones(named: tuple[Guardian, ...], known: tuple[Guardian, ...]) -> tuple[Guardian, ...]:
    """Attach to guardians the telephone known of their name, or of their place if nobody else is meant."""
    found = _counterparts(named, known)
    pairs = ((guardian, found.get(fold(guardian.name), guardian)) for guardian in named)
    return tuple(replace(guardian, telephone=known_one.telephone) for guardian, known_one in pairs)


def with_postal_addresses(named: tuple[Guardian, ...], known: tuple[Guardian, ...]) -> tuple[Guardian, ...]:
    """Attach to guardians the postal address known of their name, or of their place if nobody else is meant."""
    found = _counterparts(named, known)
    pairs = ((guardian, found.get(fold(guardian.name), guardian)) for guardian in named)
    return tuple(replace(guardian, address=known_one.address) for guardian, known_one in pairs)


def with_logins(
    named: tuple[Guardian, ...], listed: tuple[Guardian, ...], on_file: tuple[Guardian, ...]
) -> tuple[Guardian, ...]:
    """Give guardians their own logins and addresses on file; who has a login and is not listed stays as on file."""
    unlisted = unlisted_logins(listed, on_file)
    found = _counterparts(named, on_file)
    pairs = [(guardian, found.get(fold(guardian.name), guardian)) for guardian in named]
    paired = [
        guardian if own in unlisted else replace(guardian, address=own.address, login=own.login)
        for guardian, own in pairs
    ]
    there = {fold(guardian.name) for guardian in unlisted}
    return (*(guardian for guardian in paired if fold(guardian.name) not in there), *unlisted)


def unlisted_logins(listed: tuple[Guardian, ...], on_file: tuple[Guardian, ...]) -> tuple[Guardian, ...]:
    """List the guardians on file who have a login of their own, and of whom a file says nothing.

    Who has the place of one in the file is the same only by its name, its address or its telephone.
    """
    found = _counterparts(listed, on_file)
    pairs = ((guardian, found[fold(guardian.name)]) for guardian in listed if fold(guardian.name) in found)
    meant = {own.login for guardian, own in pairs if _is_same(guardian, own)}
    return tuple(guardian for guardian in on_file if guardian.login and guardian.login not in meant)


def _is_same(guardian: Guardian, own: Guardian) -> bool:
    ours = {fold(own.name), own.email, own.telephone} - {""}
    return not ours.isdisjoint({fold(guardian.name), guardian.email, guardian.telephone})


def _counterparts(named: tuple[Guardian, ...], known: tuple[Guardian, ...]) -> dict[str, Guardian]:
    """Find whom each of some names means: who is called so, or who has its place if nobody else is meant."""
    names = {fold(guardian.name) for guardian in named}
    places = known if len(named) == len(known) else ()
    renamed = {
        fold(guardian.name): there
        for guardian, there in zip(named, places, strict=False)
        if fold(there.name) not in names
    }
    by_name = {fold(guardian.name): guardian for guardian in known if fold(guardian.name) in names}
    return renamed | by_name
