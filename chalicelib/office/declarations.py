"""How subject access gives an attribute of a value, and which part of an erasure deletes it."""

from functools import partial
from typing import Literal

from chalicelib.values import frozen

# « withheld »: it protects the account, a member of staff or another family. « author »: withheld if of the office.
# « merged »: its own attributes are given in its place. « alone »: the only one given, in place of its owner.
# « counted », « noted »: its length, or whether there is any. « names »: of pairs, whose values are withheld.
# « mailbox », « pupil », « document »: the address, name or parts behind a key. « if_any »: not given without a value.
# « unnamed »: not given, as a key of ours or as its owner has it. « none »: None if empty. « parts »: its wings'.
Way = Literal[
    "given", "withheld", "author", "merged", "alone", "counted", "noted", "names", "mailbox", "pupil", "document",
    "if_any", "none", "unnamed", "parts",
]  # fmt: skip
# The parts of an erasure (`erasure.py`). « owner »: erased with its owner.
Erased = Literal[
    "account", "logins", "sessions", "trail", "notices", "enrolments", "opinions", "wings", "rolls", "lessons",
    "applications", "documents", "owner",
]  # fmt: skip


@frozen
class Attribute:
    """The label of an attribute in an export, how it is given there, and the part of an erasure that deletes it.

    `phrase`: the words before it in the text, or around it if they have braces. With a space first, no comma parts it
    from the text before. None: the text leaves it out.
    `otherwise`: the text without a value.
    """

    label: str
    way: Way
    part: Erased = "owner"
    phrase: str | None = None
    otherwise: str = ""


def declare(way: Way, *names: str, part: Erased = "owner") -> dict[str, Attribute]:
    """Declare attributes, in the order of an export: « label=attribute|phrase|otherwise », or without some of these."""
    attributes = {}
    for declaration in names:
        name, *text = declaration.split("|")
        label, _, attribute = name.rpartition("=")
        attributes[attribute] = Attribute(label or attribute, way, part, *text)
    return attributes


give, withhold, merge = (partial(declare, way) for way in ("given", "withheld", "merged"))
drop, alone = partial(declare, "unnamed"), partial(declare, "alone")
