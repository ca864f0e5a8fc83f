"""Make a browser known by a mailed link, for a member slowed down by a stranger's guesses.

The link is no factor: the password and the second factor are asked for as before (docs/decisions/0089).
"""

from dataclasses import replace
from datetime import datetime
from typing import Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.rate_limits import LOST_OF_ADDRESS
from chalicelib.domain.identity.seals import Seal
from chalicelib.domain.refusals import FormRefusal, SlowedDown
from chalicelib.domain.staff.browser_links import LINK_LASTS, BrowserLinkGone
from chalicelib.domain.staff.members import Member, link_digest, new_link_secret
from chalicelib.mail.staff_jobs import BrowserLinkAsked, member_of, sealed_member, tracked_as
from chalicelib.services.family import Visit
from chalicelib.services.mails import ConfirmedMail
from chalicelib.services.staff import StaffServices as Services
from chalicelib.services.staff_mails import staff_mail
from chalicelib.stores.attempts import AttemptTimes

PATH = "/extranet/bureau/navigateur"


class BrowserKeepsNothing(FormRefusal):
    """The form of a link comes without its page's cookie: a browser without cookies cannot become known."""

    code = "staff_browser_keeps_nothing"


class LinksSlowedDown(SlowedDown):
    """Too many links were requested from one client address. `until`: when the next one is accepted."""

    code = "staff_links_slowed_down"


def ask_for_link(visit: Visit[Services], email: str) -> None:
    """Post the request without any look-up: the same for an address without an access.

    Raises `LinksSlowedDown` for a client address that asks too often.
    """
    client = visit.client
    stores = visit.services.staff
    requests = AttemptTimes({"site": "@client/link", "identifier": client.address})
    try:
        stores.attempts.reserve(requests, LOST_OF_ADDRESS, visit.now)
    except SlowedDown as refusal:
        visit.record_of_staff("staff_link_slowed", email, address=client.address)
        raise LinksSlowedDown(refusal.until) from None
    text = sealed_member(visit.services.settings.key_ring("jobs"), email)
    visit.services.post_box.post(BrowserLinkAsked(request=client.request, asked_at=visit.now, member=text))
    visit.record_of_staff("staff_link_asked", email, address=client.address)


def _prove(services: Services, job: BrowserLinkAsked, now: datetime) -> ConfirmedMail | str:
    """Write a link of a member with an active access. A repeated call writes another: at worst two links work."""
    secret, email = new_link_secret(), member_of(services.settings.key_ring("jobs"), job)

    def decide(member: Member) -> Member:
        if not member.is_active or not member.browser_links.may_be_mailed(job.request, now):
            return member
        links = member.browser_links.with_mailed(link_digest(secret), job.request, now)
        return replace(member, browser_links=links)

    if job.is_stale(now):
        return "stale"
    before, after = (services.staff.members.revise(email, decide) if email else None) or (None, None)
    if before is None or after is None or not before.is_active:
        return "unknown"
    if after is before:
        return "too_soon"
    account = tracked_as(services.record.pseudonyms.of_mailbox(after.email))
    return ConfirmedMail(account, after.email, "staff_browser_link", _facts(services, after, secret, now))


def open_link(visit: Visit[Services], lien: str) -> str:
    """Check that a link may be used now: one read, and no write. Raises `BrowserLinkGone`.

    Returns the cookie of known browsers with the link in it: only the browser that opened a link may use it.
    """
    email, digest = _read(visit.services, lien)
    opener = visit.client.devices.find(_door_of_link(digest), visit.now)
    member = _check(visit.services.staff.members.find(email))
    member.browser_links.find(digest, opener.name if opener else "", visit.now)
    return visit.client.devices.remember(_door_of_link(digest), visit.now)


def use_link(visit: Visit[Services], lien: str) -> str:
    """Use a link up, in one write. Return the address of the member whose login is to know this browser.

    Raises `BrowserLinkGone`, `BrowserKeepsNothing` or `BrowsersSlowedDown`. Idempotent for the same form sent again
    within a minute from the same browser.
    """
    email, digest = _read(visit.services, lien)
    opener = visit.client.devices.find(_door_of_link(digest), visit.now)

    def decide(member: Member) -> Member:
        links = _check(member).browser_links
        links.find(digest, opener.name if opener else "", visit.now)
        if opener is None:
            raise BrowserKeepsNothing
        used = links.with_used(digest, opener.name, visit.now)
        return member if used is links else replace(member, browser_links=used)

    if visit.services.staff.members.revise(email, decide) is None:
        raise BrowserLinkGone
    visit.record_of_staff("staff_browser_known", email, address=visit.client.address)
    return email


def _door_of_link(digest: str) -> AccountRef:
    return AccountRef("bureau-lien", digest)


def _seal(services: Services) -> Seal:
    return Seal(services.settings.key_ring("staff-links"), "known browser")


def _read(services: Services, lien: str) -> tuple[str, str]:
    words = _seal(services).open_sent(lien, len(("email", "secret")))
    if words is None:
        raise BrowserLinkGone
    email, secret = words
    return email, link_digest(secret)


def _check(member: Member | None) -> Member:
    if member is None or not member.is_active:
        raise BrowserLinkGone
    return member


def _facts(services: Services, member: Member, secret: str, now: datetime) -> dict[str, object]:
    sites = services.settings.network.sites
    lien = _seal(services).seal_text(member.email, secret)
    return {
        "sites": tuple(site for site in sites if site.code in member.sites),  # none for a manager
        "member": member,
        "until": now + LINK_LASTS,
        "browser_link": f"{PATH}/{lien}",
    }


MAIL: Final = staff_mail(BrowserLinkAsked, _prove, lambda _: "link")
