"""A day as one types it."""

from datetime import date, datetime

import typer


def day_typed(typed: str) -> date:
    """Read a day, written 2027-06-01 or 01/06/2027."""
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(typed, form).date()  # noqa: DTZ007 - a day, wherever
        except ValueError:
            continue
    raise typer.BadParameter(f"« {typed} » n'est pas un jour : écrivez 2027-06-01 ou 01/06/2027.")
