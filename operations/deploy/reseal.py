"""Sealing of members' authenticator keys under the newest version of the stage's keys, after a rotation."""

from dataclasses import replace

from chalicelib.domain.account.keys import KeyRing, KeyUnknown
from chalicelib.domain.identity.seals import Seal
from chalicelib.domain.staff.members import Member
from chalicelib.domain.staff.totp import TOTP_KIND
from chalicelib.stores.staff import Members
from operations.deploy.commands import Tell
from operations.deploy.keys import Keys


def seal_again(members: Members, keys: Keys, tell: Tell) -> None:
    """Seal the key of each authenticator application that another version sealed. It may be stopped and run again."""
    seal = Seal(KeyRing.parse(keys.of_use("staff-totp")), TOTP_KIND)
    change_count = lost_count = 0
    for member in members.all():
        after = _sealed_again(seal, member)
        if after is None:
            lost_count += 1
        elif after != member:
            members.revise(member.email, lambda before: _sealed_again(seal, before) or before, member)
            change_count += 1
    if change_count:
        tell(f"  {change_count:,} applications of members sealed under version {keys.newest.number} of the keys")
    if lost_count:
        tell(f"  {lost_count:,} applications of members that no key opens: these members need a reset")


def _sealed_again(seal: Seal, member: Member) -> Member | None:
    """Seal a member's key under the newest version. None if no key opens it."""
    if member.totp is None:
        return member
    try:
        words = seal.open_text(member.totp.key)
    except KeyUnknown:
        return None
    return replace(member, totp=replace(member.totp, key=seal.seal_text(*words))) if words else None
