"""The notice by post: the families that get a letter, and their order. Its text is in `presentation`."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Literal

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.enrolment.funnel import best_notice
from chalicelib.domain.enrolment.periods import PARIS, EnrolmentPeriod
from chalicelib.domain.family.postal import capitals, is_too_long, postal_lines, postcode_of
from chalicelib.office.account import audit, check_author, find_account, select_sites
from chalicelib.office.helpdesk.access import HelpdeskCase
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.staff import StaffServices as Services
from chalicelib.settings.environment import Site
from chalicelib.values import frozen
from chalicelib.wings.campaign.domain.campaigns import Campaign

# How mail fares with a family: no address on file; none that works, or mails are unwanted there; nobody can say whether
# the notice left; it has yet to leave, for the first time or to an address put right; it left.
MailState = Literal["no-address", "bounced", "uncertain", "waiting", "reached"]
Reason = Literal[MailState, "never-activated"]
Order = Literal["postcode", "name"]

UNREACHABLE: Final[frozenset[Reason]] = frozenset({"no-address", "bounced"})
EVERYBODY: Final[frozenset[Reason]] = frozenset({"no-address", "bounced", "uncertain", "waiting", "reached"})


@frozen
class LetterOptions:
    """The letters to print: recipients, campaign (None before the first), date and order."""

    to: frozenset[Reason]
    season: Campaign | None
    day: date
    order: Order = "postcode"


@frozen
class FamilyLetter:
    """A letter to write to a family: its site's period, its date, and whether mails reach the family."""

    account: Account
    site: Site
    period: EnrolmentPeriod | None
    day: date
    is_mailable: bool


@dataclass
class LetterBatch:
    """The letters of one site in order, the reason of each, and the families without one."""

    site: Site
    period: EnrolmentPeriod | None  # what the letters announce
    letters: list[FamilyLetter] = field(default_factory=list)
    reasons: dict[AccountRef, Reason] = field(default_factory=dict)
    without_address: list[Account] = field(default_factory=list)  # due a letter, but without a postal address on file
    too_long: list[Account] = field(default_factory=list)  # of those with a letter: La Poste reads fewer lines
    not_asked_for: Counter[MailState] = field(default_factory=Counter)


def letter_batch(services: Services, site: Site, options: LetterOptions) -> LetterBatch:
    """Select a site's families to write to, and write their letters."""
    batch = LetterBatch(site, services.periods.read().of(site.code))
    for account in services.accounts.all(site.code):
        if account.exclusion:
            continue
        mail = mail_state(account, options.season, services.record.pseudonyms)
        reason = _reason(account, mail, options.to)
        if reason is None:
            batch.not_asked_for[mail] += 1
        elif not postal_lines(account.household.address):
            batch.without_address.append(account)
        else:
            batch.reasons[account.ref] = reason
            if is_too_long(account.household.address):
                batch.too_long.append(account)
            is_mailable = bool(account.reachable(services.record.pseudonyms))
            batch.letters.append(FamilyLetter(account, site, batch.period, options.day, is_mailable))
    batch.letters.sort(key=lambda letter: _key(letter.account, options.order))
    return batch


def family_letter(services: Services, case: HelpdeskCase, now: datetime) -> FamilyLetter:
    """Write one family's letter, even if mails reach it, and audit that it is printed. Raises `OfficeRefusal`."""
    author = check_author(case.author)
    account = find_account(services, case.identifier, case.site)
    if account.exclusion:
        raise OfficeRefusal("letter_excluded")
    if not postal_lines(account.household.address):
        raise OfficeRefusal("letter_nowhere")
    (site,) = select_sites(services.settings.network, account.ref.site)
    period, today = services.periods.read().of(site.code), now.astimezone(PARIS).date()
    audit(services, account.ref, "letter_printed", author, now)
    return FamilyLetter(account, site, period, today, bool(account.reachable(services.record.pseudonyms)))


def mail_state(account: Account, season: Campaign | None, pseudonyms: Pseudonyms) -> MailState:
    """Find a family's mail status in a campaign."""
    notice = best_notice(account, season.name, season.started_at) if season else None
    match notice.state if notice else None:
        case "sent" | "delivered":
            return "reached"
        case "sending":
            return "uncertain"
        case "complained":
            return "bounced"
    if account.reachable(pseudonyms):
        return "waiting"
    return "bounced" if account.emails else "no-address"


def _reason(account: Account, mail: MailState, reasons: frozenset[Reason]) -> Reason | None:
    if mail in reasons:
        return mail
    return "never-activated" if "never-activated" in reasons and not account.is_activated else None


def _key(account: Account, order: Order) -> tuple[str, ...]:
    """Build the sort key of the postal rates, or of names. Abroad comes last."""
    postcode = postcode_of(account.household.address) or "~"
    name = (capitals(account.name), account.ref.identifier)
    return (postcode, *name) if order == "postcode" else name
