"""The differences between a stage and its state at a second, and which of them to copy back."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Final, Literal, get_type_hints

from chalicelib.domain.account.accounts import Account, new_stamp
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.infra.dynamo.database import Key
from chalicelib.infra.dynamo.values import Item, encode_item
from chalicelib.settings.wings import WINGS
from chalicelib.stores.account_items import ACCOUNT

# In the order of the copy: an account comes last, so that no login opens a file that is half restored.
TABLES: Final = ("Enrolments", *(table for wing in WINGS for table in wing.tables), "Office", "Staff", "Accounts")
DOCUMENTS: Final = "Documents"
NETWORK: Final = "*"  # in place of a site
COPIED: Final = "copied_back"  # attribute of an item of a second table: when it was copied back
State = Literal["missing", "changed", "new"]

# The family in the identifier of an item, or its pseudonym.
_FAMILY: Final[Mapping[str, re.Pattern[str]]] = {
    "Accounts": re.compile(r"(.+)", re.DOTALL),
    "Enrolments": re.compile(r"[^#]+#(.+)", re.DOTALL),
    "Office": re.compile(r"act#([0-9a-f]+)#.*"),
    "Staff": re.compile(r"([0-9a-f]+)#.*"),
    **{table: re.compile(family, re.DOTALL) for wing in WINGS for table, family in wing.tables.items() if family},
}
_BY_PSEUDONYM: Final = frozenset({"Office", "Staff"})
_APPLICATIONS: Final = "demande"  # in place of a site, in the audit trail of applications
_MEMBER: Final = "@member"
_TURN: Final = "@turn#"
# Neither sessions, tries nor jobs.
_STAFF: Final = (_MEMBER, "@list", "@teacher", "@lent", "@act", "@import", "@read#", _TURN)
_DERIVED: Final = frozenset({"summary", COPIED})
# Attributes of an account that exists which stay as they are: a former proof never returns, nor a closed account's.
_ACCESS: Final = frozenset(
    ACCOUNT.attributes[name]
    for name, hint in get_type_hints(Account, include_extras=True).items()
    if "access" in getattr(hint, "__metadata__", ())
)


@dataclass(frozen=True, eq=False)
class RestoreDifference:
    """One item or document that differs. `site`, `family`: its own, « * » and nothing if it has none."""

    table: str
    state: State
    site: str
    family: str
    key: Key
    live: Item | None = field(repr=False)
    then: Item | None = field(repr=False)

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the attributes that differ."""
        live, then = _compared(self.table, self.live or {}), _compared(self.table, self.then or {})
        return tuple(sorted(name for name in live.keys() | then.keys() if live.get(name) != then.get(name)))


def is_compared(table: str, item: Item, now: int) -> bool:
    """Whether an item is worth a comparison. `now`: in seconds. Sessions, tries and expired items never return."""
    if table == "Staff" and not item["site"].startswith(_STAFF):
        return False
    expires = item.get("expires")
    return not (isinstance(expires, int) and expires <= now)


def digest(table: str, item: Item) -> bytes:
    """Compute a digest of an item, equal if a copy would change nothing."""
    if table == "Staff" and item["site"] in {_MEMBER, "@list"}:
        return b""  # a member's access is changed on the desk only
    content = encode_item(_compared(table, item))
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=repr).encode()).digest()


def _compared(table: str, item: Item) -> Item:
    """Select the attributes that a copy may change."""
    if table == "Accounts":
        item = _with_logins({name: value for name, value in item.items() if name not in _ACCESS}, {})
    return {name: value for name, value in item.items() if name not in _DERIVED}


def _with_logins(then: Item, live: Item) -> Item:
    """Replace the guardians' own logins of a former account by the present ones, so that no ended login comes back."""
    former, now = (item.get("household", {}).get("guardians", []) for item in (then, live))
    logins = {guardian["login"]: guardian["name"] for guardian in now if guardian.get("login")}
    new_logins = {name: login for login, name in logins.items() if login not in {one.get("login") for one in former}}
    guardians = []
    for guardian in former:
        login = guardian.get("login") if guardian.get("login") in logins else new_logins.pop(guardian["name"], None)
        rest = {name: value for name, value in guardian.items() if name != "login"}
        guardians.append({**rest, "login": login} if login else rest)
    return {**then, "household": {**then["household"], "guardians": guardians}} if former else then


def restored(difference: RestoreDifference) -> Item:
    """Build the item to store. An account gets a new stamp and no mailed password: no former proof returns."""
    item = {name: value for name, value in (difference.then or {}).items() if name != COPIED}
    if difference.table == "Accounts":
        if live := difference.live:
            item = dict(_with_logins({name: value for name, value in item.items() if name not in _ACCESS}, live))
            item |= {name: live[name] for name in _ACCESS & live.keys()}
        return item | {"stamp": new_stamp(), "mailed": {}}
    return item | {"stamp": new_stamp()} if item["site"] == _MEMBER else item


class Families:
    """The families of both states: finds the one that an item belongs to."""

    def __init__(self, sites: Iterable[str], accounts: Iterable[Item], pseudonym: Any) -> None:  # noqa: ANN401 - a function
        self._sites = frozenset(sites)
        self._owners: dict[tuple[str, str], str] = {}
        self._refs: dict[str, tuple[str, str]] = {}
        for account in accounts:
            site, login = account["site"], account["identifier"]
            family = account.get("family", login)
            self._owners[site, login] = family
            self._refs[pseudonym(site, login)] = site, family

    def place(self, table: str, key: Key) -> tuple[str, str]:
        """Find the site and the family of an item, « * » and nothing if it has none."""
        if table == DOCUMENTS:
            return self._place_document(key["identifier"].split("/"))
        site = next((part for part in re.split(r"[#@]", key["site"]) if part in self._sites), NETWORK)
        if key["site"].startswith(_TURN):
            return site, key["identifier"]
        pattern = _FAMILY.get(table)
        name = pattern and pattern.fullmatch(key["identifier"])
        if not name:
            return site, ""
        if table in _BY_PSEUDONYM:
            return self._refs.get(name[1], (site, ""))
        return site, self._owners.get((site, name[1]), name[1])

    def _place_document(self, parts: list[str]) -> tuple[str, str]:
        site = next((part for part in parts if part in self._sites), NETWORK)
        return next((self._refs[part] for part in parts if part in self._refs), (site, ""))


@dataclass(frozen=True)
class ErasuresSince:
    """The deliberate erasures since the second to restore to.

    Most are known by their tombstones. `counts`: the others, by site. Where they outnumber the names that the operator
    gave, missing items stay away.
    """

    counts: Mapping[str, int]
    pseudonyms: Pseudonyms
    names: frozenset[tuple[str, str]] = frozenset()
    tombstones: frozenset[str] = frozenset()

    @property
    def nameless(self) -> dict[str, int]:
        """The erasures without a name, by site."""
        sites = [site for site, _ in self.names]
        counts_left = {site: count - sites.count(site) for site, count in self.counts.items()}
        return {site: count for site, count in counts_left.items() if count > 0}

    def unmatched(self, differences: Iterable[RestoreDifference]) -> list[tuple[str, str]]:
        """List the operator's names that no difference mentions: slips, which would protect nothing."""
        return sorted(name for name in self.names if not _mentioning(differences, {name}))

    def hold(self, differences: Iterable[RestoreDifference]) -> frozenset[RestoreDifference]:
        """Select the differences that would bring something erased back, or that mention it."""
        unnamed_counts, pseudonym = self.nameless, self.pseudonyms.of
        missing = [difference for difference in differences if difference.state == "missing"]
        held_back = {
            difference
            for difference in missing
            if difference.site in unnamed_counts
            or (
                difference.table == "Applications"
                and (unnamed_counts or self._is_erased(_APPLICATIONS, _number(difference)))
            )
        }
        families = {(difference.site, difference.family) for difference in differences if difference.family}
        erased_ones = (
            set(self.names)
            | {family for family in families if self._is_erased(*family)}
            | {(difference.site, difference.family) for difference in held_back if difference.family}
        )
        names = erased_ones | {(site, pseudonym(site, name)) for site, name in erased_ones}
        held_back |= _mentioning(differences, names)
        applications = [kept for kept in held_back if kept.table == "Applications" and "@" not in kept.key["site"]]
        traces = {application.key["site"] for application in applications}
        traces |= {pseudonym(_APPLICATIONS, _number(application)) for application in applications}
        return frozenset(held_back | _mentioning(differences, {(trace, trace) for trace in traces}))

    def _is_erased(self, site: str, identifier: str) -> bool:
        return self.pseudonyms.of_erased(site, identifier) in self.tombstones


def _number(application: RestoreDifference) -> str:
    """Name an application as the audit trail does."""
    return f"{application.key['identifier']}-{application.key['site']}"


def _mentioning(differences: Iterable[RestoreDifference], names: set[tuple[str, str]]) -> set[RestoreDifference]:
    """Select the differences whose key, family or former content has one of these names with its site."""
    sites: dict[str, set[str]] = {}
    for site, name in names:
        sites.setdefault(name, set()).add(site)

    def is_mentioned(difference: RestoreDifference) -> bool:
        words = set(_words([difference.site, difference.family, difference.key, difference.then]))
        return any(sites[name] & words for name in sites.keys() & words)

    return (
        {difference for difference in differences if difference.state != "new" and is_mentioned(difference)}
        if names
        else set()
    )


def _words(value: Any) -> Iterator[str]:  # noqa: ANN401 - any stored value
    """List the texts of a value, names of attributes included, and the parts of a key."""
    if isinstance(value, str):
        yield from re.split(r"[\t#/@]", value.casefold())
    elif isinstance(value, Mapping):
        yield from chain(_words(list(value)), _words(list(value.values())))
    elif isinstance(value, list):
        yield from chain.from_iterable(map(_words, value))


@dataclass(frozen=True)
class RestoreChoice:
    """The differences to copy back. `families`: by site and identifier. `items`: by table and key.

    The staff's table is copied only if it is named.
    """

    is_all: bool = False
    site: str = ""
    table: str = ""
    families: frozenset[tuple[str, str]] = frozenset()
    items: frozenset[tuple[str, str, str]] = frozenset()

    def __bool__(self) -> bool:
        """Whether anything is chosen."""
        return bool(self.is_all or self.site or self.table or self.families or self.items)

    def names(self, difference: RestoreDifference) -> bool:
        """Whether the difference is chosen by its own name, or its family's."""
        key = difference.key
        is_item = (difference.table, key["site"], key["identifier"]) in self.items
        return is_item or (difference.site, difference.family) in self.families

    def takes(self, difference: RestoreDifference, held_back: frozenset[RestoreDifference]) -> bool:
        """Whether to copy it back. A new item stays. Held differences come only by name."""
        if difference.state == "new":
            return False
        if self.names(difference):
            return True
        is_asked = self.site in {"", difference.site} and self.table in {"", difference.table}
        is_whole = self.is_all or self.site or self.table
        is_staff = difference.table == "Staff" and not self.table
        return bool(is_whole and is_asked and not is_staff and difference not in held_back)
