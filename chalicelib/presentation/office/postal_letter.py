"""A letter by post: the dates, the identifier, and the family's way to a password."""

from __future__ import annotations

import unicodedata
from dataclasses import field
from datetime import date
from typing import TYPE_CHECKING, Final

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.enrolment.periods import EnrolmentPeriod
from chalicelib.domain.family.postal import postal_lines
from chalicelib.presentation import texts
from chalicelib.values import frozen

if TYPE_CHECKING:
    from chalicelib.settings.environment import Network, Site
    from chalicelib.wings.campaign.office.letters import FamilyLetter

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
    "Pour vous connecter la première fois : sur la page de connexion, choisissez « Première connexion », puis "
    "saisissez votre site, votre identifiant et l'adresse e-mail que vous avez donnée à l'administration. Un code "
    "arrive par mail en quelques minutes ; saisissez-le aussitôt, et choisissez votre mot de passe."
)
_NO_EMAIL: Final = "Aucune adresse e-mail n'est enregistrée pour vous : donnez-en une à l'administration."
_FAILING: Final = (
    "Les mails envoyés à l'adresse e-mail que vous avez donnée ne vous parviennent pas : donnez-en une autre à "
    "l'administration."
)
_NEEDED: Final = "Sans elle, un mot de passe perdu ne peut pas être remplacé."
_NEEDED_FIRST: Final = (
    "Ensuite, sur la page de connexion, choisissez « Première connexion » : un code vous est envoyé à cette adresse, "
    "et vous choisissez votre premier mot de passe."
)
_HELP: Final = (
    "Une difficulté ? {office}, {telephone}, {hours}, {email}. L'administration ne peut ni voir votre mot de passe, ni "
    "vous le demander."
)


@frozen
class PostalLetter:
    """One page, from the sender (under its head) to the signature. `addressee`: the block for the envelope's window."""

    ref: AccountRef
    sender: tuple[str, ...]
    addressee: tuple[str, ...] = field(repr=False)
    date_line: str
    subject: str
    dates: str  # the highlighted paragraph of the opening
    opening: tuple[str, ...] = field(repr=False)
    site: str
    identifier: str
    closing: tuple[str, ...]
    signature: tuple[str, ...]


@frozen
class LetterTemplate:
    """The common data of one site's letters."""

    network: Network
    site: Site
    period: EnrolmentPeriod | None
    day: date

    def letter(self, account: Account, *, is_mailable: bool) -> PostalLetter:
        """Write a teacher's message to a family's address. None if there is none."""
        name = _as_printed(account.name)
        return PostalLetter(
            ref=account.ref,
            sender=self._sender(),
            addressee=(name, *postal_lines(account.household.address)),
            date_line=f"Le {texts.day(self.day)}",
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
        return (contact.office, *self.network.address, contact.telephone, contact.email)

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


def write_letter(letter: FamilyLetter, network: Network) -> PostalLetter:
    """Write a letter to a family."""
    template = LetterTemplate(network, letter.site, letter.period, letter.day)
    return template.letter(letter.account, is_mailable=letter.is_mailable)


def _as_printed(text: str) -> str:
    """Normalise a text for print: composed letters and accents, no invisible characters, single blanks."""
    letters = unicodedata.normalize("NFC", " ".join(text.split()))
    return "".join(c for c in letters if unicodedata.category(c)[0] != "C")


def _way_to_a_password(account: Account, *, is_mailable: bool) -> str:
    if account.password:
        steps = (_ANOTHER,) if is_mailable else (_missing_email(account), _NEEDED)
        return " ".join((_HAS_ONE, *steps))
    return _FIRST if is_mailable else " ".join((_missing_email(account), _NEEDED_FIRST))


def _missing_email(account: Account) -> str:
    return _FAILING if account.emails else _NO_EMAIL
