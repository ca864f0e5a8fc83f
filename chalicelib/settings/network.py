"""The network: the buyer and its conservatoires, as `network.toml` describes them, in plain values that load fast.

`network_file` has pydantic check them before the service is run or packaged, and the functions load the result. The
constraints of a field are in its `metadata`, those between fields in `__post_init__`.
"""

from dataclasses import field
from datetime import date, datetime, timedelta
from email.utils import parseaddr
from functools import cache, cached_property
from pathlib import Path
from typing import Final, Literal

from chalicelib.domain.account.passwords import MAILED_LENGTH, PasswordRule
from chalicelib.domain.dossiers.documents import DocumentRule
from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.settings.look import Look
from chalicelib.settings.parts import CODE, DocumentAsked, Part, shown, text
from chalicelib.values import frozen
from chalicelib.wings.admission.settings import AdmissionSettings
from chalicelib.wings.billing.settings import BillingSettings
from chalicelib.wings.payment.settings import PaymentSettings
from chalicelib.wings.teaching.settings import TeachingSettings

FILE: Final = Path(__file__).with_name("known_words.txt")


@cache
def common_passwords() -> frozenset[str]:
    """Read the words of `known_words.txt` (docs/decisions/0038), as `weak_passwords.is_common` compares them."""
    lines = FILE.read_text("utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


Correctable = Literal["telephones", "address", "payer", "emails"]
Conformity = Literal["totalement conforme", "partiellement conforme", "non conforme"]

_LEGAL: Final = shown("Mentions légales", "/extranet/mentions-legales")

# A statement is renewed every three years (decree 2019-768, article 4).
_AUDIT_COUNTS: Final = timedelta(days=3 * 365 + 1)


@frozen
class FamilySettings(Part):
    """The parts that a family may correct on « Famille ». For others, it asks the office."""

    may_correct: tuple[Correctable, ...] = ("telephones", "address", "payer", "emails")


@frozen
class EnrolmentSettings(Part):
    """The questions of the re-enrolment, and the choices that it offers."""

    rules_url: str = field(metadata={"pattern": r"^https?://\S+$|^/\S+$"})  # to read before accepting
    rules: tuple[str, ...] = field(
        default=("le règlement intérieur du conservatoire",), metadata=text("« J'accepte… »")
    )
    image_rights: str = field(
        default="photographier et filmer les élèves pendant les cours et les concerts, pour les publications du réseau",
        metadata=text("Droit à l'image : « J'autorise à… »"),
    )
    days: tuple[str, ...] = field(
        default=("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"), metadata=text("Jours proposés")
    )
    disciplines: tuple[str, ...] = field(  # that a pupil may ask for instead
        default=(), metadata=text("Disciplines à demander à la place")
    )
    reasons: tuple[str, ...] = field(
        default=("Déménagement", "Manque de temps", "Changement d'activité", "Fin du parcours", "Coût"),
        metadata=text("Raisons d'un départ"),
    )
    documents: tuple[DocumentAsked, ...] = ()

    @property
    def document_rules(self) -> tuple[DocumentRule, ...]:
        """The required documents, as rules of the domain."""
        return tuple(document.rule for document in self.documents)

    def __post_init__(self) -> None:
        """Refuse documents with the same code."""
        super().__post_init__()
        if len({document.code for document in self.documents}) != len(self.documents):
            raise ValueError("two documents have the same code")


@frozen
class Accessibility(Part):
    """The accessibility statement (law of 11 February 2005, article 47, decree 2019-768, RGAA 4.1.2).

    Its state is computed from a whole audit, and never set by hand.
    """

    declared_on: date | None = None
    rate: float | None = field(  # % of the criteria met
        default=None, metadata={"ge": 0, "le": 100, "allow_inf_nan": False, "strict": True}
    )
    auditor: str | None = field(default=None, metadata=text("Audit fait par"))
    audited_on: date | None = None
    sample: tuple[str, ...] = field(default=(), metadata=text("Pages auditées"))
    non_conformities: tuple[str, ...] = field(default=(), metadata=text("Non-conformités"))
    disproportionate_burden: tuple[str, ...] = field(default=(), metadata=text("Charge disproportionnée"))
    exemptions: tuple[str, ...] = field(default=(), metadata=text("Contenus exemptés"))  # not required by law
    environments: tuple[str, ...] = field(default=(), metadata=text("Navigateurs et aides techniques"))
    tools: tuple[str, ...] = field(default=(), metadata=text("Outils d'évaluation"))
    technologies: tuple[str, ...] = field(
        default=("HTML", "CSS", "SVG", "JavaScript (facultatif)"), metadata=text("Technologies")
    )
    plan_url: str | None = field(default=None, metadata={"pattern": r"^https?://\S+$"})  # of the multi-year plan

    @cached_property
    def _read_on(self) -> date:
        """The day of the start, which no request changes."""
        return datetime.now(PARIS).date()

    def __post_init__(self) -> None:
        """Refuse a claim that the audit does not support."""
        super().__post_init__()
        audit = {
            "rate": self.rate,
            "auditor": self.auditor,
            "audited_on": self.audited_on,
            "sample": self.sample or None,
        }
        missing = [name for name, fact in audit.items() if fact is None]
        if missing and len(missing) < len(audit):
            raise ValueError(f"the audit is incomplete: {', '.join(missing)} is missing")
        if self.audited_on and self.audited_on > self._read_on:
            raise ValueError("the date of the audit is in the future: remove it until it is done")
        if self.declared_on and self.declared_on > self._read_on:
            raise ValueError("the statement is dated later than today")
        if self.rate is not None and round(self.rate, 2) != self.rate:
            raise ValueError("a rate has two decimals at most")
        if self.rate == 100 and self.non_conformities:  # noqa: PLR2004 - per cent
            raise ValueError("a rate of 100 leaves no non-conformity")

    @property
    def is_audited(self) -> bool:
        """Whether there is an audit, less than three years old at the start."""
        return self.audited_on is not None and self._read_on - self.audited_on <= _AUDIT_COUNTS

    @property
    def state(self) -> Conformity:
        """The state that the law derives from the rate. Without a valid audit, no conformity is claimed."""
        if not self.is_audited or self.rate is None or self.rate < 50:  # noqa: PLR2004 - per cent, the RGAA's own
            return "non conforme"
        return "partiellement conforme" if self.rate < 100 else "totalement conforme"  # noqa: PLR2004 - the same


@frozen
class Contact(Part):
    """A family's contact: an office's name, telephone, e-mail and opening hours."""

    office: str = field(metadata=text("Bureau"))
    telephone: str = field(metadata=text("Téléphone"))
    email: str = field(metadata=text("E-mail"))
    hours: str = field(metadata=text("Horaires"))


@frozen
class Site(Part):
    """One conservatoire. Its code is in keys, forms and cookies: it never changes."""

    code: str = field(metadata=CODE)
    name: str = field(metadata=text("Nom du site", "Connexion", "/extranet/usager"))
    contact: Contact = field(metadata=shown("Aide : contacter l'administration", "/extranet/aide#contacts"))


@frozen
class PasswordSettings(Part):
    """The network's rules for passwords."""

    # A mailed password obeys the rule too.
    shortest: int = field(default=8, metadata={"ge": 8, "le": MAILED_LENGTH})
    longest: int = field(default=20, metadata={"ge": MAILED_LENGTH, "le": 64})
    refuse_common: bool = True
    refuse_own_names: bool = True
    mode: Literal["keep", "must_change"] = "keep"

    @property
    def rule(self) -> PasswordRule:
        """The rule of the domain."""
        return PasswordRule(self.shortest, self.longest, self.refuse_common, self.refuse_own_names, common_passwords)


@frozen
class DataProtection(Part):
    """The facts of the data-protection notice (RGPD, articles 13 and 15 to 22)."""

    controller: str = field(metadata=text("Responsable du traitement"))
    officer_email: str = field(metadata=text("E-mail du délégué à la protection des données"))
    notice: tuple[str, ...] = field(metadata=text("Protection des données"))


@frozen
class Publisher(Part):
    """The publisher responsible in law (law of 21 June 2004 on trust in the digital economy)."""

    name: str = field(metadata=text("Éditeur"))
    address: str = field(metadata=text("Adresse de l'éditeur"))
    director: str = field(metadata=text("Direction de la publication"))
    host: str = field(metadata=text("Hébergeur"))


@frozen
class ImportSettings(Part):
    """The names in the yearly file that differ from those of `office/files`: column headings, names of sites."""

    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)  # a column of ours to the headings it may have
    sites: dict[str, str] = field(default_factory=dict)  # a name in the file to a site's code


@frozen
class CampaignSettings(Part):
    """The recipients of a notice: every working address of a family, or only the first one."""

    guardians: Literal["first", "every"] = "every"


@frozen
class ProConnect(Part):
    """The State's login for agents: the issuer, our client there, and the logins with two factors.

    `acr_values`: the provider's values for a login with a second factor. Any other is refused.
    """

    issuer: str = field(metadata={"pattern": r"^https?://[^/\s?#]+(/[^\s?#]*)?$"})
    client_id: str
    acr_values: tuple[str, ...] = field(
        default=(
            "https://proconnect.gouv.fr/assurance/self-asserted-2fa",
            "https://proconnect.gouv.fr/assurance/consistency-checked-2fa",
            "eidas2",
            "eidas3",
        ),
        metadata={"min_length": 1},
    )


@frozen
class FranceConnect(Part):
    """The State's login for individuals: the issuer and our client there.

    `acr_values`: the levels of login that it may answer with. Any other is refused. `pkce`: its authorisation endpoint
    takes a `code_challenge`, which its published code refuses (docs/decisions/0128).
    """

    issuer: str = field(metadata={"pattern": r"^https?://[^/\s?#]+(/[^\s?#]*)?$"})
    client_id: str
    acr_values: tuple[str, ...] = field(default=("eidas1", "eidas2", "eidas3"), metadata={"min_length": 1})
    pkce: bool = False


@frozen(kw_only=True)
class Network(Part):
    """The buyer: one network of conservatoires."""

    name: str = field(metadata=text("Nom du réseau"))
    title: str = field(default="Espace des familles", metadata=text("Titre de la première page"))
    welcome: str = field(
        default="Bienvenue dans l'espace des familles du réseau des conservatoires.",
        metadata=text("Bienvenue", "Accueil d'une famille connectée", "/extranet/compte"),
    )
    agglomeration: str = field(metadata=text("Collectivité, au pied des pages et des mails"))
    address: tuple[str, ...] = field(
        metadata=text("Adresse de la collectivité", "Accueil d'une famille connectée", "/extranet/compte")
    )
    period: str = field(metadata=text("Tant qu'aucune période n'est annoncée"))
    wings: tuple[str, ...] | None = None  # by name (`chalicelib/wings`), or all but payment
    public_url: str = field(metadata={"pattern": r"^https?://[^/\s]+$"})
    other_origins: tuple[str, ...] = ()
    sender: str = field(metadata=text("Expéditeur", "Tous les mails", pattern=r"^[^<>]*<?[^@<>\s]+@[^@<>\s]+>?$"))
    security_contact: str | None = field(default=None, metadata={"pattern": r"^[^@\s]+@[^@\s]+$|^https://\S+$"})
    publisher: Publisher = field(metadata=_LEGAL)
    data_protection: DataProtection = field(metadata=_LEGAL)
    accessibility: Accessibility = field(
        default=Accessibility(), metadata=shown("Aide : accessibilité", "/extranet/aide#accessibilite")
    )
    passwords: PasswordSettings = PasswordSettings()
    imports: ImportSettings = ImportSettings()
    campaign: CampaignSettings = CampaignSettings()
    family: FamilySettings = FamilySettings()
    enrolment: EnrolmentSettings = field(
        metadata=shown("Réinscription d'une famille connectée", "/extranet/compte/reinscription")
    )
    billing: BillingSettings = BillingSettings()
    admission: AdmissionSettings = field(
        default=AdmissionSettings(), metadata=shown("Pré-inscription", "/extranet/pre-inscription")
    )
    payment: PaymentSettings | None = None
    teaching: TeachingSettings = TeachingSettings()
    proconnect: ProConnect | None = None
    franceconnect: FranceConnect | None = None
    look: Look = Look()
    passkeys: bool = True  # families may add them, and log in by them
    sites: tuple[Site, ...] = field(metadata={"min_length": 1})

    def __post_init__(self) -> None:
        """Refuse sites with the same code, and unknown sites."""
        super().__post_init__()
        codes = {site.code for site in self.sites}
        if len(codes) != len(self.sites):
            raise ValueError("two sites have the same code")
        if "payment" in (self.wings or ()) and not (self.payment and "billing" in (self.wings or ())):
            raise ValueError("the wing payment needs [payment], and the wing billing")
        sites = {
            "imports.sites": {*self.imports.sites.values()},
            "look.pictures": {*self.look.pictures},
            "enrolment.documents": {site for document in self.enrolment.documents for site in document.sites},
            "admission": self.admission.sites_named,
            "payment.contracts": {*self.payment.contracts} if self.payment else set(),
        }
        for place, names in sites.items():
            if unknown := names - codes:
                raise ValueError(f"{place} has unknown sites: {', '.join(sorted(unknown))}")

    @property
    def banner(self) -> str:
        """The name beside the logo."""
        return self.look.name or self.name

    @property
    def is_https(self) -> bool:
        """Whether families reach it over TLS, as anywhere but on loopback."""
        return self.public_url.startswith("https://")

    @property
    def sender_address(self) -> str:
        """The address that mails come from, without its name."""
        return parseaddr(self.sender)[1]

    @property
    def security_address(self) -> str:
        """The contact for security flaws (RFC 9116), as a URL. By default the data-protection officer."""
        contact = self.security_contact or self.data_protection.officer_email
        return contact if contact.startswith("https://") else f"mailto:{contact}"

    @property
    def origins(self) -> frozenset[str]:
        """The origins from which our forms may be posted."""
        return frozenset((self.public_url, *self.other_origins))

    def site(self, code: str) -> Site | None:
        """Find a site by its code."""
        return next((site for site in self.sites if site.code == code), None)

    def url(self, path: str) -> str:
        """Return the public URL of a path."""
        return self.public_url + path
