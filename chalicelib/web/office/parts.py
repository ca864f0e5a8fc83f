"""The kinds of parts that a wing may add to a page of the core. A wing defines its part in its own module."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.staff.members import Member
from chalicelib.office.family_file import FamilyFile
from chalicelib.office.helpdesk.turns import HeldFile
from chalicelib.office.today import SiteToday
from chalicelib.values import frozen
from chalicelib.web.office.edge import DeskRequest


@frozen
class MemberPart:
    """A part of a member's page: facts for its template, and the sentences of acts that come back to it."""

    facts: Callable[[DeskRequest, Member], dict[str, Any]]
    sentences: Mapping[str, str]


@frozen
class FamilyMatter:
    """Of a family's file: the words of a matter that waits for the office, and the page where it is settled."""

    name: str
    words: Callable[[FamilyFile], str]
    path: Callable[[AccountRef], str]


@frozen
class TodayLine:
    """A count, its words, the address of its list, its site among several, and its oldest day."""

    count: int
    words: str
    path: str
    site: str = ""
    since: str = ""


@frozen
class TodayTask:
    """Of « Aujourd'hui »: its title, its lines, and a warning about the school year, for managers."""

    title: str
    lines: Callable[[DeskRequest, Sequence[SiteToday]], list[TodayLine]]
    year_warning: Callable[[DeskRequest], str] = lambda _: ""


@frozen
class FilesPart:
    """Of « Mes dossiers »: the files of a wing. `place`: the word for a site in their turns. `path`: of their list."""

    place: str
    find: Callable[[DeskRequest, Collection[AccountRef]], Mapping[AccountRef, HeldFile]]
    words: str
    path: str
