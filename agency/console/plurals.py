"""Counts in French: « 0 facture », « 1 pièce déposée », « 2 pièces déposées »."""


def plural(number: int, singular: str, several: str = "") -> str:
    """Write a count with its noun. Without `several`, every word of `singular` takes an « s »."""
    return f"{number} {several or ' '.join(f'{word}s' for word in singular.split()) if number > 1 else singular}"
