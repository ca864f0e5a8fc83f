"""The notice by post: which families get a letter, and in which order; what it says is in `letter_words`."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Literal

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.campaign.campaigns import Campaign
from chalicelib.domain.campaign.funnel import best_notice, exclusion, has_password
from chalicelib.domain.campaign.postal_letters import PostalLetter
from chalicelib.domain.enrolment.periods import PARIS, EnrolmentPeriod
from chalicelib.domain.family.postal import capitals, is_too_long, postal_lines, postcode_of
from chalicelib.office.account import audit, check_author, find_account
from chalicelib.office.campaign.letter_text import LetterTemplate
from chalicelib.office.helpdesk.access import DeskRequest
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.office.sites import select_sites
from chalicelib.services.family import Services
from chalicelib.settings.environment import Site
from chalicelib.values import frozen

# How mail fares with a family: no address on file; none that works, or mails are unwanted there; nobody can say whether
# the notice left; it has yet to leave, for the first time or to an address put right; it left.
MailState = Literal["no-address", "bounced", "uncertain", "waiting", "reached"]
Reason = Literal[MailState, "never-activated"]
Order = Literal["postcode", "name"]

UNREACHABLE: Final[frozenset[Reason]] = frozenset({"no-address", "bounced"})
EVERYBODY: Final[frozenset[Reason]] = frozenset({"no-address", "bounced", "uncertain", "waiting", "reached"})


@frozen
class LetterRequest:
    """What to print: to whom, after which campaign (None while none was begun), bearing which date, in which order."""

    to: frozenset[Reason]
    season: Campaign | None
    dated: date
    order: Order = "postcode"


@dataclass
class LetterBatch:
    """The letters of one site in their order, why each family gets one, and who has none."""

    site: Site
    period: EnrolmentPeriod | None  # what the letters announce
    letters: list[PostalLetter] = field(default_factory=list)
    reasons: dict[AccountRef, Reason] = field(default_factory=dict)
    without_address: list[Account] = field(default_factory=list)  # to be written to, but no postal address is on file
    too_long: list[Account] = field(default_factory=list)  # of those with a letter: La Poste reads fewer lines
    not_asked_for: Counter[MailState] = field(default_factory=Counter)


def letter_batch(services: Services, site: Site, request: LetterRequest) -> LetterBatch:
    """Find who gets a letter at a site, and write it."""
    batch = LetterBatch(site, services.periods.read().of(site.code))
    words = LetterTemplate(services.settings.network, site, batch.period, request.dated)
    keyed = []
    for account in services.accounts.all(site.code):
        if exclusion(account):
            continue
        mail = mail_state(account, request.season, services.record.pseudonyms)
        reason = _reason(account, mail, request.to)
        if reason is None:
            batch.not_asked_for[mail] += 1
        elif not postal_lines(account.household.address):
            batch.without_address.append(account)
        else:
            batch.reasons[account.ref] = reason
            if is_too_long(account.household.address):
                batch.too_long.append(account)
            is_mailable = bool(account.reachable(services.record.pseudonyms))
            keyed.append((_key(account, request.order), words.letter(account, is_mailable=is_mailable)))
    batch.letters = [letter for _, letter in sorted(keyed, key=lambda pair: pair[0])]
    return batch


def family_letter(services: Services, request: DeskRequest, now: datetime) -> PostalLetter:
    """Write the letter of one family, whatever mail does, and note that it is printed. Raises `OfficeRefusal`."""
    author = check_author(request.author)
    account = find_account(services, request.identifier, request.site)
    if exclusion(account):
        raise OfficeRefusal("letter_excluded")
    if not postal_lines(account.household.address):
        raise OfficeRefusal("letter_nowhere")
    (site,) = select_sites(services.settings.network, account.ref.site)
    period, today = services.periods.read().of(site.code), now.astimezone(PARIS).date()
    words = LetterTemplate(services.settings.network, site, period, today)
    audit(services, account.ref, "letter_printed", author, now)
    return words.letter(account, is_mailable=bool(account.reachable(services.record.pseudonyms)))


def mail_state(account: Account, season: Campaign | None, pseudonyms: Pseudonyms) -> MailState:
    """Find how mail fares with a family in a campaign."""
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


def _reason(account: Account, mail: MailState, wanted: frozenset[Reason]) -> Reason | None:
    if mail in wanted:
        return mail
    return "never-activated" if "never-activated" in wanted and not has_password(account) else None


def _key(account: Account, order: Order) -> tuple[str, ...]:
    """Sort as the post gives its rates, or by name; abroad comes last."""
    postcode = postcode_of(account.household.address) or "~"
    name = (capitals(account.name), account.ref.identifier)
    return (postcode, *name) if order == "postcode" else name
