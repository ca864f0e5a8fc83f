"""The notice by post: its recipients and their order. Its text is in `letter_words`."""

import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Literal

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.campaign.audience import PostalLetter
from chalicelib.domain.campaign.campaigns import Campaign
from chalicelib.domain.campaign.funnel import best_notice, exclusion, has_password
from chalicelib.domain.enrolment.periods import PARIS, EnrolmentPeriod
from chalicelib.domain.family.postal import capitals, is_too_long, postal_lines, postcode_of
from chalicelib.office.account import audit, check_author, find_account, select_sites
from chalicelib.office.helpdesk.access import HelpdeskCase
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.presentation import texts
from chalicelib.services.family import Services
from chalicelib.settings.environment import Network, Site
from chalicelib.values import frozen

_SUBJECT: Final = "Objet : réinscription{year}, et votre accès à l'extranet des conservatoires"
_GREETING: Final = "Bonjour {name},"
_WHERE: Final = "L'extranet est à cette adresse : {url}"
_WHO: Final = "Pour vous connecter, choisissez votre site et saisissez votre identifiant, que voici :"
_HAS_ONE: Final = "Vous avez déjà un mot de passe : il est toujours valable."
_ANOTHER: Final = (
    "S'il est perdu : sur la page de connexion, choisissez « Mot de passe perdu », puis saisissez votre identifiant et "
    "l'adresse e-mail que vous avez donnée à l'administration. Un autre vous est envoyé par mail."
)
_FIRST: Final = (
    "Pour recevoir votre premier mot de passe : sur la page de connexion, choisissez « Mot de passe perdu », puis "
    "saisissez votre identifiant et l'adresse e-mail que vous avez donnée à l'administration. Il arrive par mail en "
    "quelques minutes, et s'utilise dans les 24 heures."
)
_NO_EMAIL: Final = "Aucune adresse e-mail n'est enregistrée pour vous : donnez-en une à l'administration."
_FAILING: Final = (
    "Les mails envoyés à l'adresse e-mail que vous avez donnée ne vous parviennent pas : donnez-en une autre à "
    "l'administration."
)
_NEEDED: Final = "Sans elle, un mot de passe perdu ne peut pas être remplacé."
_NEEDED_FIRST: Final = (
    "Ensuite, sur la page de connexion, choisissez « Mot de passe perdu » : votre premier mot de passe vous est envoyé "
    "à cette adresse, et s'utilise dans les 24 heures."
)
_HELP: Final = (
    "Une difficulté ? {office}, {telephone}, {hours}, {email}. L'administration ne peut ni voir votre mot de passe, ni "
    "vous le demander."
)


@frozen
class LetterTemplate:
    """The common data of one site's letters."""

    network: Network
    site: Site
    period: EnrolmentPeriod | None
    dated: date

    def letter(self, account: Account, *, is_mailable: bool) -> PostalLetter:
        """Write to a family. `is_mailable`: whether mails reach it."""
        name = _as_printed(account.name)
        return PostalLetter(
            ref=account.ref,
            sender=self._sender(),
            addressee=(name, *postal_lines(account.household.address)),
            dated=f"Le {texts.day(self.dated)}",
            subject=_SUBJECT.format(year=self._year()),
            dates=self._dates(),
            opening=(_GREETING.format(name=name), self._dates(), self._where(), _WHO),
            site=self.site.name,
            identifier=_as_printed(account.display_identifier or account.ref.identifier),
            closing=(_way_to_a_password(account, is_mailable=is_mailable), self._help()),
            signature=(self.site.contact.office, self.network.name),
        )

    def _sender(self) -> tuple[str, ...]:
        contact = self.site.contact
        return (self.network.name, contact.office, *self.network.address, contact.telephone, contact.email)

    def _year(self) -> str:
        return f" {texts.school_year(str(self.period.opens_on.year))}" if self.period else ""

    def _dates(self) -> str:
        return texts.period(self.period) if self.period else self.network.period

    def _where(self) -> str:
        return _WHERE.format(url=self.network.url("/extranet/usager"))

    def _help(self) -> str:
        contact = self.site.contact
        return _HELP.format(
            office=contact.office, telephone=contact.telephone, hours=contact.hours, email=contact.email
        )


def _as_printed(typed: str) -> str:
    """Normalise a text for print: composed letters and accents, no invisible characters, single blanks."""
    composed = unicodedata.normalize("NFC", " ".join(typed.split()))
    return "".join(c for c in composed if unicodedata.category(c)[0] != "C")


def _way_to_a_password(account: Account, *, is_mailable: bool) -> str:
    if account.password:
        lost = (_ANOTHER,) if is_mailable else (_missing_email(account), _NEEDED)
        return " ".join((_HAS_ONE, *lost))
    return _FIRST if is_mailable else " ".join((_missing_email(account), _NEEDED_FIRST))


def _missing_email(account: Account) -> str:
    return _FAILING if account.emails else _NO_EMAIL


# The mail status of a family: no address on file; none that works, or mails are unwanted there; the notice may or may
# not have been sent; it is not sent yet, at all or to a corrected address; it was sent.
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
    dated: date
    order: Order = "postcode"


@dataclass
class LetterBatch:
    """The letters of one site in order, the reason of each, and the families without one."""

    site: Site
    period: EnrolmentPeriod | None  # announced by the letters
    letters: list[PostalLetter] = field(default_factory=list)
    reasons: dict[AccountRef, Reason] = field(default_factory=dict)
    without_address: list[Account] = field(default_factory=list)  # due a letter, but without a postal address on file
    too_long: list[Account] = field(default_factory=list)  # of those with a letter: La Poste reads fewer lines
    not_asked_for: Counter[MailState] = field(default_factory=Counter)


def letter_batch(services: Services, site: Site, options: LetterOptions) -> LetterBatch:
    """Select a site's families to write to, and write their letters."""
    batch = LetterBatch(site, services.periods.read().of(site.code))
    words = LetterTemplate(services.settings.network, site, batch.period, options.dated)
    keyed = []
    for account in services.accounts.all(site.code):
        if exclusion(account):
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
            keyed.append((_key(account, options.order), words.letter(account, is_mailable=is_mailable)))
    batch.letters = [letter for _, letter in sorted(keyed, key=lambda pair: pair[0])]
    return batch


def family_letter(services: Services, case: HelpdeskCase, now: datetime) -> PostalLetter:
    """Write one family's letter, even if mails reach it, and audit that it is printed. Raises `OfficeRefusal`."""
    author = check_author(case.author)
    account = find_account(services, case.identifier, case.site)
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


def _reason(account: Account, mail: MailState, wanted: frozenset[Reason]) -> Reason | None:
    if mail in wanted:
        return mail
    return "never-activated" if "never-activated" in wanted and not has_password(account) else None


def _key(account: Account, order: Order) -> tuple[str, ...]:
    """Build the sort key of the postal rates, or of names. Abroad comes last."""
    postcode = postcode_of(account.household.address) or "~"
    name = (capitals(account.name), account.ref.identifier)
    return (postcode, *name) if order == "postcode" else name
