"""How many of what, in French: « 0 facture », « 1 pièce déposée », « 2 pièces déposées »."""


def plural(number: int, one: str, several: str = "") -> str:
    """Count in words; without `several`, all words of `one` take an « s »."""
    return f"{number} {several or ' '.join(f'{word}s' for word in one.split()) if number > 1 else one}"
