"""Migration of data stored by versions before 2026-11-30, and of seals under former keys."""

import hashlib
import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.keys import KeyRing, KeyUnknown
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.identity.seals import Seal
from chalicelib.domain.staff.members import Member
from chalicelib.domain.staff.totp import TOTP_KIND
from chalicelib.domain.teaching.calendars import LinkOwner, PupilCalendar, former_name
from chalicelib.domain.teaching.teachers import Teacher
from chalicelib.infra.batches import batches
from chalicelib.infra.dynamo.database import Database, Delete, Put
from chalicelib.stores.calendars import Calendars
from chalicelib.stores.mailboxes import entry_name
from chalicelib.stores.staff import Members
from chalicelib.stores.teachers import Teachers
from operations.deploy.commands import Tell
from operations.deploy.keys import Keys

_NAME: Final = 16  # bytes: an HMAC of the content, which identifies and authenticates it
_BETWEEN: Final = "\0"


class FormerSeal:
    """Seals and opens texts under the record key, for one use. No function of the service uses it any longer."""

    def __init__(self, record_key: str, use: str) -> None:
        self._name_key, self._stream_key = (
            hmac.new(record_key.encode(), purpose.encode(), hashlib.sha256).digest()
            for purpose in (use, f"{use}'s content")
        )

    def seal(self, *words: str) -> bytes:
        """Seal texts. The address of a calendar was sealed again each time it was shown."""
        content = _BETWEEN.join(words).encode()
        name = self._name(content)
        return name + self._hide(name, content)

    def open(self, sealed: bytes) -> tuple[str, ...] | None:
        """Open a seal. None if another key made it."""
        name = sealed[:_NAME]
        content = self._hide(name, sealed[_NAME:])
        return tuple(content.decode().split(_BETWEEN)) if hmac.compare_digest(name, self._name(content)) else None

    def _name(self, content: bytes) -> bytes:
        return hmac.new(self._name_key, content, hashlib.sha256).digest()[:_NAME]

    def _hide(self, name: bytes, content: bytes) -> bytes:
        stream = hashlib.shake_256(self._stream_key + name).digest(len(content))
        return bytes(byte ^ other for byte, other in zip(content, stream, strict=True))


_SEALED: Final = re.compile(r"(?:[0-9a-f]{2})+", re.ASCII)
_AT_ONCE: Final = 25  # items in a BatchWriteItem


@dataclass(frozen=True)
class Migration:
    """The tables of a stage by the template's names, its sites and its keys. Each step is idempotent.

    An item is changed only if it is as it was read, and a former seal is deleted after its content was rewritten, so
    that after an interruption at any point the functions still find their data.
    """

    database: Database
    tables: Mapping[str, str]
    sites: tuple[str, ...]
    keys: Keys = field(repr=False)
    tell: Tell

    def enter(self) -> None:
        """Write the items that this version reads, beside the former seals."""
        if not all(self.tables[name] for name in ("Lessons", "Mailboxes", "Staff")):  # an older stack
            return
        entries = list(self._sealed_entries())
        self._write(Put(table, {"site": site, "identifier": entry_name(ref)}) for table, site, _, ref in entries)
        self._tell(len(entries), "accounts entered under their addresses")
        pupils = sum(self._enter_pupil(calendar) for site in self.sites for calendar in self._calendars.all(site))
        teachers = sum(map(self._enter_teacher, Teachers(self.database, self.tables["Staff"]).all()))
        self._tell(pupils + teachers, "former addresses of calendars entered")
        self.seal_again()

    def drop_entries(self) -> None:
        """Delete the sealed accounts of addresses, once they are entered by their names."""
        self._write(
            Delete(table, {"site": site, "identifier": sealed}) for table, site, sealed, _ in self._sealed_entries()
        )

    def seal_again(self) -> None:
        """Seal the keys of members' authenticator applications under the newest version, if another one sealed them."""
        changed = lost = 0
        for member in self._members.all() if self.tables["Staff"] else ():
            after = self._sealed_again(member)
            if after is None:
                lost += 1
            elif after is not member:
                self._members.revise(member.email, lambda before: self._sealed_again(before) or before, member)
                changed += 1
        self._tell(changed, f"applications of members sealed under version {self.keys.newest.number} of the keys")
        self._tell(lost, "applications of members that no key opens: these members need a reset")

    def end_former(self) -> None:
        """Delete the former seals of applications, which the version before can then no longer open."""
        for member in self._members.all():
            self._members.revise(member.email, _without_former, member)

    @property
    def _members(self) -> Members:
        return Members(self.database, self.tables["Staff"])

    @property
    def _calendars(self) -> Calendars:
        return Calendars(self.database, self.tables["Lessons"], self._pseudonyms)

    @property
    def _pseudonyms(self) -> Pseudonyms:
        return Pseudonyms(self.keys.record_key)

    def _former(self, use: str) -> FormerSeal:
        return FormerSeal(self.keys.record_key, use)

    def _sealed_entries(self) -> Iterator[tuple[str, str, str, AccountRef]]:
        """List the accounts of addresses that a former version sealed: table, address, seal, account."""
        table, seal = self.tables["Mailboxes"], self._former("account of a mailbox")
        for item in self.database.items(table):
            sealed = item["identifier"]
            words = seal.open(bytes.fromhex(sealed)) if _SEALED.fullmatch(sealed) else None
            if words:
                yield table, item["site"], sealed, AccountRef(*words)

    def _enter_pupil(self, calendar: PupilCalendar) -> bool:
        """Enter the former address of a pupil's calendar and its new name. Return whether they were missing."""
        name = calendar.name(self._pseudonyms)
        if not calendar.nonce or name in calendar.links:
            return False
        words = (calendar.site, calendar.pupil.identifier, calendar.pupil.key)
        former = former_name(_link(self._former("calendar of a pupil").seal(*words, calendar.nonce)))
        self._write((
            self._calendars.put_owner(former, LinkOwner(words, calendar.nonce), calendar.expires_at),
            self._calendars.put_owner(name, LinkOwner(words), calendar.expires_at),
        ))  # fmt: skip

        def note(before: PupilCalendar) -> PupilCalendar:
            return replace(before, links=(former, name)) if before.version == calendar.version else before

        self._calendars.revise_at(calendar.site, calendar.pupil, note)
        return True

    def _enter_teacher(self, teacher: Teacher) -> bool:
        """Enter the former address of a teacher's calendar. Return whether it was missing."""
        if not teacher.calendar:
            return False
        former = former_name(_link(self._former("calendar of a teacher").seal(teacher.email, teacher.calendar)))
        if self._calendars.find_owner(former):
            return False
        self._write([self._calendars.put_owner(former, LinkOwner((teacher.email,), teacher.calendar), None)])
        return True

    def _sealed_again(self, member: Member) -> Member | None:
        """Seal a member's key under the newest version. The same member if it is already, None if no key opens it.

        A former seal takes precedence: the version before may have been deployed again, and have changed it.
        """
        totp = member.totp
        if totp is None:
            return member
        seal = Seal(KeyRing.parse(self.keys.of_use("staff-totp")), TOTP_KIND)
        former = self._former("key of an authenticator application")
        try:
            words = former.open(urlsafe_b64decode(totp.former)) if totp.former else seal.open_text(totp.key)
        except KeyUnknown:
            return None
        if words is None:
            return None
        key = seal.seal_text(*words)
        return member if key == totp.key else replace(member, totp=replace(totp, key=key))

    def _write(self, writes: Iterable[Put | Delete]) -> None:
        for some in batches(writes, _AT_ONCE):
            self.database.write_together(*some)

    def _tell(self, count: int, what: str) -> None:
        if count:
            self.tell(f"  {count:,} {what}")


def _link(sealed: bytes) -> str:
    return urlsafe_b64encode(sealed).decode().rstrip("=")


def _without_former(member: Member) -> Member:
    return replace(member, totp=replace(member.totp, former="")) if member.totp and member.totp.former else member
