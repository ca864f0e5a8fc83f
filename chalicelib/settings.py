"""Settings: the environment's part, and the network as an agency edits it in `network.toml`; both checked at start."""

import os
import tomllib
from collections.abc import Mapping
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from chalicelib.domain.account.passwords import MAILED_LENGTH, PasswordRule
from chalicelib.known_words import known_words
from chalicelib.network_parts import Accessibility, BillingSettings, Checked, EnrolmentSettings, FamilySettings

NETWORK_FILE = Path(__file__).with_name("network.toml")


class Contact(Checked):
    """Whom a family calls: an office's name, telephone, e-mail and opening hours."""

    office: str
    telephone: str
    email: str
    hours: str


class Site(Checked):
    """One conservatoire. Its code is in keys, forms and cookies: it never changes."""

    code: str = Field(pattern=r"^[a-z0-9-]{1,40}$")
    name: str
    contact: Contact


class PasswordSettings(Checked):
    """What the network asks of passwords."""

    # A mailed password obeys the rule too.
    shortest: int = Field(default=8, ge=8, le=MAILED_LENGTH)
    longest: int = Field(default=20, ge=MAILED_LENGTH, le=64)
    refuse_common: bool = True
    refuse_own_names: bool = True
    mode: Literal["keep", "must_change"] = "keep"

    @property
    def rule(self) -> PasswordRule:
        """The rule as the domain applies it."""
        return PasswordRule(self.shortest, self.longest, self.refuse_common, self.refuse_own_names, known_words)


class DataProtection(Checked):
    """What the data-protection notice says (RGPD, articles 13 and 15 to 22)."""

    controller: str
    officer_email: str
    notice: tuple[str, ...]


class Publisher(Checked):
    """Who answers for the service in law (law of 21 June 2004 on trust in the digital economy)."""

    name: str
    address: str
    director: str
    host: str


class ImportSettings(Checked):
    """How the yearly file names things, where not as `agency/files` expects: a column's headings, a site's names."""

    columns: dict[str, tuple[str, ...]] = Field(default_factory=dict)  # a column of ours to the headings it may have
    sites: dict[str, str] = Field(default_factory=dict)  # a name in the file to a site's code


class CampaignSettings(Checked):
    """To whom a notice goes: every address of a family that works, or the first one only."""

    guardians: Literal["first", "every"] = "every"


class Network(Checked):
    """The buyer: one network of conservatoires."""

    name: str
    agglomeration: str
    address: tuple[str, ...]
    period: str
    public_url: str = Field(pattern=r"^https?://[^/\s]+$")
    other_origins: tuple[str, ...] = ()
    sender: str = Field(pattern=r"^[^<>]*<?[^@<>\s]+@[^@<>\s]+>?$")
    security_contact: str | None = Field(default=None, pattern=r"^[^@\s]+@[^@\s]+$|^https://\S+$")
    publisher: Publisher
    data_protection: DataProtection
    accessibility: Accessibility
    passwords: PasswordSettings = PasswordSettings()
    imports: ImportSettings = ImportSettings()
    campaign: CampaignSettings = CampaignSettings()
    family: FamilySettings = FamilySettings()
    enrolment: EnrolmentSettings = EnrolmentSettings()
    billing: BillingSettings = BillingSettings()
    sites: tuple[Site, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _one_site_per_code(self) -> "Network":
        if len({site.code for site in self.sites}) != len(self.sites):
            raise ValueError("two sites have the same code")
        if unknown := set(self.imports.sites.values()) - {site.code for site in self.sites}:
            raise ValueError(f"imports.sites names sites that are not there: {', '.join(sorted(unknown))}")
        asked = {site for document in self.enrolment.documents for site in document.sites}
        if unknown := asked - {site.code for site in self.sites}:
            raise ValueError(f"enrolment.documents names sites that are not there: {', '.join(sorted(unknown))}")
        return self

    @property
    def is_https(self) -> bool:
        """Whether families reach it over TLS: anywhere but on loopback."""
        return self.public_url.startswith("https://")

    @property
    def sender_address(self) -> str:
        """The address that mails come from, without its name."""
        return parseaddr(self.sender)[1]

    @property
    def security_address(self) -> str:
        """Where who finds a flaw writes to (RFC 9116), as an address of the web; else the data-protection officer."""
        told = self.security_contact or self.data_protection.officer_email
        return told if told.startswith("https://") else f"mailto:{told}"

    @property
    def origins(self) -> frozenset[str]:
        """The origins a form of ours may be posted from."""
        return frozenset((self.public_url, *self.other_origins))

    def site(self, code: str) -> Site | None:
        """Find a site by its code."""
        return next((site for site in self.sites if site.code == code), None)

    def url(self, path: str) -> str:
        """Give the public address of a path."""
        return self.public_url + path


class Settings(Checked):
    """What the stage decides: names of the AWS resources, keys, and the network."""

    accounts_table: str
    sessions_table: str
    attempts_table: str
    office_table: str
    enrolments_table: str
    billing_table: str
    documents_bucket: str
    mail_queue_url: str
    slow_mail_queue_url: str
    record_key: str = Field(min_length=32, repr=False)
    cdn_secret_digests: tuple[Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")], ...] = Field(min_length=1)
    endpoint_url: str | None = None
    configuration_set: str | None = None  # of SES: tells what becomes of a mail
    network: Network


def load_network(stage: Mapping[str, str | tuple[str, ...]] | None = None, path: Path = NETWORK_FILE) -> Network:
    """Read `network.toml`; what the stage says (its public address) goes first. Raises pydantic's ValidationError."""
    return Network.model_validate(tomllib.loads(path.read_text(encoding="utf-8")) | dict(stage or {}))


def load_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the environment (`CLEF_…`). Raises pydantic's ValidationError, which names what is missing."""
    given = {name.removeprefix("CLEF_").lower(): value for name, value in environ.items() if name.startswith("CLEF_")}
    stage: dict[str, str | tuple[str, ...]] = {name: given[name] for name in ("public_url", "sender") if name in given}
    if "other_origins" in given:
        stage["other_origins"] = tuple(given["other_origins"].split())
    return Settings.model_validate(
        {name: given[name] for name in Settings.model_fields if name in given}
        | {
            "cdn_secret_digests": tuple(given.get("cdn_secret_digests", "").split()),
            "network": load_network(stage),
        }
    )
