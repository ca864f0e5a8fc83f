"""Likely typing errors in e-mail addresses: domains one slip from a well-known one. Reported, never corrected."""

from typing import Final

KNOWN: Final = frozenset(
    {
        *("gmail.com", "orange.fr", "wanadoo.fr", "free.fr", "sfr.fr", "laposte.net", "bbox.fr", "numericable.fr"),
        *("neuf.fr", "club-internet.fr", "hotmail.fr", "hotmail.com", "outlook.fr", "outlook.com", "live.fr"),
        *("yahoo.fr", "yahoo.com", "icloud.com", "protonmail.com", "proton.me", "aliceadsl.fr", "cegetel.net"),
    }
)
# One slip from a known domain, yet real providers.
_OTHERS: Final = frozenset({"live.com", "ymail.com", "email.com", "mail.com", "free.com", "neuf.com", "orange.com"})
_ENDINGS: Final = {"gmail.fr": "gmail.com", "laposte.fr": "laposte.net", "icloud.fr": "icloud.com"}
_ALPHABET: Final = "abcdefghijklmnopqrstuvwxyz0123456789-."


def _slips(word: str) -> set[str]:
    """List all results of one slip: a letter omitted, doubled, added or replaced, or two swapped."""
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    return {
        *(start + end[1:] for start, end in cuts if end),
        *(start + end[1] + end[0] + end[2:] for start, end in cuts if len(end) > 1),
        *(start + letter + end[1:] for start, end in cuts if end for letter in _ALPHABET),
        *(start + letter + end for start, end in cuts for letter in _ALPHABET),
    }


_MEANT: Final = {slip: known for known in sorted(KNOWN) for slip in _slips(known)} | _ENDINGS


def likely_meant(email: str) -> str | None:
    """Guess the intended address. None if nothing looks wrong."""
    mailbox, _, domain = email.rpartition("@")
    if domain in KNOWN or domain in _OTHERS or domain not in _MEANT:
        return None
    return f"{mailbox}@{_MEANT[domain]}"
