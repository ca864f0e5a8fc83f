"""New requests: their period, somebody who has proven a mailbox without walking the mail, and the code of a mail."""

import re
from datetime import date, timedelta
from typing import Any, Final

from chalicelib.domain.account.sessions import Token
from chalicelib.domain.admission.applicant_sessions import ApplicantSession, new_token, token_from
from chalicelib.domain.admission.applications import Application, ApplicationRef
from chalicelib.domain.enrolment.periods import EnrolmentPeriod, Periods
from chalicelib.services.admission import AdmissionStores, admission_stores
from tests.support.world import Visitor, World

START: Final = "/extranet/pre-inscription"
MERLE: Final = "merle@example.org"
COOKIE: Final = "clef-demande"
SEASON: Final = "2026"  # the world's
REQUESTS: Final = EnrolmentPeriod(date(2026, 8, 25), date(2026, 9, 15))  # open on the world's morning
READ: Final = timedelta(seconds=5)  # that somebody needs to read a page and type an address


def stores(world: World) -> AdmissionStores:
    """Find the stores of new requests."""
    return admission_stores(world.services)


def announce(
    world: World, of_all: EnrolmentPeriod | None = REQUESTS, of_sites: dict[str, EnrolmentPeriod] | None = None
) -> None:
    """Announce the period of new requests, in the place of what was announced before."""
    periods = stores(world).periods
    periods.write(periods.read(), Periods(of_all, tuple(sorted((of_sites or {}).items()))))


def mailbox_of(world: World, email: str) -> str:
    """Name a mailbox as applications do."""
    return world.services.record.pseudonyms.of_mailbox(email)


def application_of(world: World, email: str = MERLE, season: str = SEASON) -> Application:
    """Read the application of an address, begun or not."""
    return stores(world).applications.find(ApplicationRef(mailbox_of(world, email), season))


def applicant(world: World, visitor: Visitor, email: str = MERLE, *, season: str = SEASON, **given: Any) -> Application:
    """Let a visitor be in, as one who typed a code: with its application begun, or as `given` says it is.

    Requests are open unless something else was announced. What stood there of this address is kept where nothing is
    given.
    """
    kept = stores(world)
    if kept.periods.read() == Periods():
        announce(world)
    ref = ApplicationRef(mailbox_of(world, email), season)
    before = kept.applications.find(ref)
    if before.started_at is None or given:
        told: dict[str, Any] = {"email": email, "started_at": world.now, "saved_at": world.now} | given
        kept.applications.change(before, Application(ref=ref, **told))
    token = new_token()
    session = ApplicantSession(token.fingerprint, ref, world.now, world.now)
    world.database.write_together(kept.applicants.put_session(session))
    visitor.show(token.cookie, COOKIE)
    return kept.applications.find(ref)


def stamp_of(page: str) -> str:
    """Read when a start page was made, as its form says it back."""
    found = re.search(r'name="depuis" value="([^"]+)"', page)
    assert found
    return found.group(1)


def ask(world: World, visitor: Visitor, email: str = MERLE) -> Any:
    """Ask for a place as a person does: the page, some seconds, the address."""
    stamp = stamp_of(visitor.get(START).text)
    world.wait(READ)
    return visitor.post(START, {"email": email, "site_web": "", "depuis": stamp})


def mailed_code(world: World) -> str:
    """Read the code in the newest mail that has one."""
    codes = (re.search(r"^Code : (\d{3}) (\d{3})$", mail.text, re.MULTILINE) for mail in reversed(world.mails()))
    found = next(filter(None, codes), None)
    assert found
    return found.group(1) + found.group(2)


def walk_in(world: World, visitor: Visitor, email: str = MERLE) -> Any:
    """Prove a mailbox by the mail itself: start page, mail, code."""
    ask(world, visitor, email)
    world.deliver()
    return visitor.post(f"{START}/code", {"code": mailed_code(world)})


def token_of(visitor: Visitor) -> Token:
    """Read the token of who is in, as its cookie has it."""
    token = token_from(visitor.cookie(COOKIE) or "")
    assert token
    return token
