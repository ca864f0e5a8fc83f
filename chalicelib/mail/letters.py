"""Letters: a subject, a text and an HTML part, filled from `templates/letters`; links come from the settings only."""

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
    """Fill `NAME.txt` (its first line is the subject) and `NAME.html`; a fact that is missing raises UndefinedError."""
    first, _, text = environment().get_template(f"letters/{name}.txt").render(facts).partition("\n")
    # Python puts a blank too many where it folds a header between two words that it encodes, as it does for these.
    subject = environment().filters["plain_dashes"](first.strip())
    html = environment().get_template(f"letters/{name}.html").render(facts, subject=subject)
    return Letter(to, subject, text.strip() + "\n", html, at)
