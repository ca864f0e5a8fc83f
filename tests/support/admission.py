"""Applications: their period, an applicant with a proven mailbox but no mail sent, and the code of a mail."""

import re
from datetime import date, timedelta
from typing import Any, Final

from chalicelib.domain.account.sessions import Token
from chalicelib.domain.enrolment.periods import EnrolmentPeriod, Periods
from chalicelib.wings.admission.domain.applicant_sessions import ApplicantSession, new_token, token_from
from chalicelib.wings.admission.domain.applications import Application, ApplicationRef
from chalicelib.wings.admission.services.stores import AdmissionStores
from tests.support.world import Visitor, World

START: Final = "/extranet/pre-inscription"
MERLE: Final = "merle@example.org"
COOKIE: Final = "clef-demande"
SEASON: Final = "2026"  # the world's
ADMISSION: Final = EnrolmentPeriod(date(2026, 8, 25), date(2026, 9, 15))  # open on the world's morning
READ: Final = timedelta(seconds=5)  # the time to read a page and type an address


def stores(world: World) -> AdmissionStores:
    """Return the admission stores."""
    return world.services.admission


def announce(
    world: World, of_all: EnrolmentPeriod | None = ADMISSION, of_sites: dict[str, EnrolmentPeriod] | None = None
) -> None:
    """Set the period of applications, replacing the former one."""
    periods = stores(world).periods
    periods.write(periods.read(), Periods(of_all, tuple(sorted((of_sites or {}).items()))))


def mailbox_of(world: World, email: str) -> str:
    """Compute the pseudonym of a mailbox, as applications do."""
    return world.services.record.pseudonyms.of_mailbox(email)


def application_of(world: World, email: str = MERLE, season: str = SEASON) -> Application:
    """Read the application of an address, even if it is not begun."""
    return stores(world).applications.find(ApplicationRef(mailbox_of(world, email), season))


def applicant(world: World, visitor: Visitor, email: str = MERLE, *, season: str = SEASON, **facts: Any) -> Application:
    """Log a visitor in as after a code, with their application begun, or as `facts`.

    Applications are open unless other periods are set. Without `facts`, an existing application of the address is kept.
    """
    admission = stores(world)
    if admission.periods.read() == Periods():
        announce(world)
    ref = ApplicationRef(mailbox_of(world, email), season)
    before = admission.applications.find(ref)
    if before.started_at is None or facts:
        fields: dict[str, Any] = {"email": email, "started_at": world.now, "saved_at": world.now} | facts
        admission.applications.change(before, Application(ref=ref, **fields))
    token = new_token()
    session = ApplicantSession(token.fingerprint, ref, world.now, world.now)
    world.database.write_together(admission.applicants.sessions.put(session))
    visitor.show(token.cookie, COOKIE)
    return admission.applications.find(ref)


def stamp_of(page: str) -> str:
    """Read the time stamp of a start page from its form."""
    match = re.search(r'name="depuis" value="([^"]+)"', page)
    assert match
    return match.group(1)


def ask(world: World, visitor: Visitor, email: str = MERLE) -> Any:
    """Apply as a person does: the page, some seconds, the address."""
    stamp = stamp_of(visitor.get(START).text)
    world.wait(READ)
    return visitor.post(START, {"email": email, "site_web": "", "depuis": stamp})


def mailed_code(world: World) -> str:
    """Read the code in the newest mail that has one."""
    codes = (re.search(r"^Code : (\d{3}) (\d{3})$", mail.text, re.MULTILINE) for mail in reversed(world.mails()))
    match = next(filter(None, codes), None)
    assert match
    return match.group(1) + match.group(2)


def walk_in(world: World, visitor: Visitor, email: str = MERLE) -> Any:
    """Prove a mailbox by mail: start page, mail, code."""
    ask(world, visitor, email)
    world.deliver()
    return visitor.post(f"{START}/code", {"code": mailed_code(world)})


def token_of(visitor: Visitor) -> Token:
    """Read the visitor's token from their cookie."""
    token = token_from(visitor.cookie(COOKIE) or "")
    assert token
    return token
