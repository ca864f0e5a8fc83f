"""Letters: a subject, a text and an HTML part, filled from `templates/letters`. Links come from the settings only."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime

from chalicelib.presentation.rendering import environment
from chalicelib.values import frozen


@frozen
class Letter:
    """A mail to one address."""

    to: str
    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)
    at: datetime


def fill(name: str, to: str, at: datetime, facts: Mapping[str, object]) -> Letter:
    """Fill `NAME.txt` (its first line is the subject) and `NAME.html`. Raises UndefinedError if a fact is missing."""
    first, _, text = environment().get_template(f"letters/{name}.txt").render(facts).partition("\n")
    # Python adds a space where it folds a header between two encoded words, as no-break spaces are.
    subject = environment().filters["plain_dashes"](first.strip())
    html = environment().get_template(f"letters/{name}.html").render(facts, subject=subject)
    return Letter(to, subject, text.strip() + "\n", html, at)
