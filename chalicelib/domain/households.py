"""The household behind an account: its guardians, where it lives, its pupils; as the administration's file tells it."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Guardian:
    """An adult who answers for the pupils, or an adult pupil; `email` is normalised, empty where none is known."""

    name: str
    email: str = field(default="", repr=False)


@dataclass(frozen=True)
class Pupil:
    """Somebody who takes lessons."""

    name: str
    born_on: date | None = field(default=None, repr=False)
    discipline: str = ""
    level: str = ""


@dataclass(frozen=True)
class Household:
    """Everybody of one account, and its postal address, line by line, the town last."""

    guardians: tuple[Guardian, ...] = ()
    address: tuple[str, ...] = field(default=(), repr=False)
    pupils: tuple[Pupil, ...] = ()
