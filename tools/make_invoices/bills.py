"""What a fictitious family was billed in a year: the same from the same seed, around the day one likes."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from chalicelib.domain.billing.bills import Invoice, Payment

_HOW = ("chèque", "prélèvement", "carte bancaire", "chèque-vacances", "espèces")
_LABELS = ("Droits d'inscription", "Cours du 1er trimestre", "Cours du 2e trimestre", "Cours du 3e trimestre")


def bills(seed: int, first_number: int, today: date) -> Iterator[Invoice]:
    """Make one to four invoices: paid, in part or not, late or not; now and then a credit note."""
    chance = Random(f"{seed}:{first_number}")  # noqa: S311 - the same each time is what is wanted
    for place in range(chance.choice((1, 2, 3, 4))):
        issued_on = today - timedelta(days=chance.choice((290, 200, 110, 20)))
        cents = chance.randrange(4_000, 42_000, 50)
        if chance.random() < 0.05:  # noqa: PLR2004 - a share
            cents = -chance.randrange(1_000, 9_000, 50)
        yield Invoice(
            number=f"{issued_on.year}-{first_number + place:06}",
            issued_on=issued_on,
            cents=cents,
            due_on=issued_on + timedelta(days=30) if cents > 0 else None,
            label=_LABELS[place] if cents > 0 else "Avoir sur les droits d'inscription",
            payments=tuple(_payments(chance, issued_on, cents, today)),
        )


def _payments(chance: Random, issued_on: date, cents: int, today: date) -> Iterator[Payment]:
    on = issued_on + timedelta(days=chance.randrange(3, 40))
    share = chance.choice((0, 0.5, 1, 1, 1))
    if cents < 0 or not share or on > today:
        return
    yield Payment(on, int(cents * share), chance.choice(_HOW))
