"""Normalisation of identifiers and e-mail addresses, done here only."""

import re
import string
import unicodedata

IDENTIFIER_LENGTH = 64  # code points: far above any identifier of an administration
EMAIL_LENGTH = 254  # RFC 5321, section 4.5.3.1.3: a path of 256 octets less its angle brackets

_ASCII_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
# Characters that separate or quote addresses (RFC 5322, section 3.2.3) are refused, even in a quoted local part.
_WELL_FORMED_EMAIL = re.compile(r"[^@\s,;:<>()\[\]\\\"]+@[^@\s,;:<>()\[\]\\\".]+(\.[^@\s,;:<>()\[\]\\\".]+)+")
_DOTLESS = frozenset({"gmail.com", "googlemail.com"})  # domains that ignore dots in a local part
_INVISIBLE = ("Z", "C")  # Unicode blanks, controls and formats, as pasted from a mail


def identifier_from(text: str) -> str:
    """Normalise an identifier: case, blanks and invisible characters do not matter.

    Empty if nothing is left, or if it is too long.
    """
    visible = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c)[0] not in _INVISIBLE)
    folded_text = unicodedata.normalize("NFKC", visible.casefold())
    return folded_text if len(folded_text) <= IDENTIFIER_LENGTH else ""


def email_from(text: str) -> str:
    """Normalise an address: trimmed, ASCII case-folded, never Unicode-folded.

    Unicode folding would make two different mailboxes equal (« ı » and « i », « K » and « k »): see CVE-2019-19844.
    Empty if it is no address.
    """
    email = text.strip()
    if len(email) > EMAIL_LENGTH or not _WELL_FORMED_EMAIL.fullmatch(email) or not email.isprintable():
        return ""
    return email.translate(_ASCII_LOWER)


def mailbox_key(email: str) -> str:
    """Reduce a normalised address to its mailbox: « merle+1@… » and « merle@… » are read together."""
    local, _, domain = email.rpartition("@")
    box = local.partition("+")[0] or local
    return f"{box.replace('.', '') if domain in _DOTLESS else box}@{domain}" if email else ""
