"""Fictitious families of `families.toml`, one for each case worth trying."""

import tomllib
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from chalicelib.domain.account.accounts import Account, AccountRef, Password, new_stamp
from chalicelib.domain.account.identifiers import email_from, identifier_from
from chalicelib.domain.enrolment.periods import PARIS, EnrolmentPeriod
from chalicelib.domain.family.households import Household
from chalicelib.office.enrolment.period import set_period
from chalicelib.services.office import OfficeServices
from chalicelib.wings.billing.domain.bills import Bills, Due, Invoice, Payment
from chalicelib.wings.billing.office.survey import key_of, store
from chalicelib.wings.billing.stores import Billing
from tools.fixtures.invoices import invoice_pdf
from tools.local.franceconnect import links_of


@dataclass(frozen=True)
class SampleFamily:
    """A family to try: its data on file, and its password, if any."""

    site: str
    identifier: str
    name: str
    note: str
    household: Household
    password: str | None = None
    is_disabled: bool = False

    @property
    def emails(self) -> tuple[str, ...]:
        """The addresses of its guardians."""
        return tuple(guardian.email for guardian in self.household.guardians if guardian.email)

    @property
    def ref(self) -> AccountRef:
        """The key of its account."""
        return AccountRef(self.site, identifier_from(self.identifier))

    def account(self, services: OfficeServices, now: datetime) -> Account:
        """Make its account."""
        password_hash = services.hasher.hash(self.password) if self.password else None
        return Account(
            ref=self.ref,
            name=self.name,
            emails=tuple(map(email_from, self.emails)),
            stamp=new_stamp(),
            disabled=self.is_disabled,
            display_identifier=self.identifier,
            password=Password(password_hash, now, "chosen") if password_hash else None,
            household=self.household,
            links=links_of(services, self.site, self.identifier, now),
        )


FAMILIES: Final = TypeAdapter(tuple[SampleFamily, ...]).validate_python(
    tomllib.loads(Path(__file__).with_name("families.toml").read_text(encoding="utf-8"))["families"]
)


def store_families(services: OfficeServices) -> None:
    """Store every family's account."""
    now = services.clock()
    for family in FAMILIES:
        account = family.account(services, now)
        services.accounts.enter_mailboxes(account)
        services.database.write_together(services.accounts.put(account))


def print_families() -> None:
    """List the families for a tester: site, identifier, password, addresses, and use."""
    for family in FAMILIES:
        password, emails = family.password or "-", ", ".join(family.emails) or "-"
        print(f"  {family.site:<22} {family.identifier:<8} {password:<16} {emails:<44} {family.note}")


# From one day to another: one site is open for re-enrolment, one announced, one closed. The others have no period.
PERIODS: Final = {"evry-xenakis": (-9, 20), "villabe-yves-henry": (16, 40), "bondoufle-gounod": (-33, -3)}


def open_periods(services: OfficeServices) -> dict[str, EnrolmentPeriod]:
    """Set the periods of re-enrolment, and return those that have begun."""
    now = services.clock()
    today = now.astimezone(PARIS).date()
    periods = {site: EnrolmentPeriod(*(today + timedelta(days=one) for one in days)) for site, days in PERIODS.items()}
    for site, period in periods.items():
        set_period(services, site, period.opens_on, period.closes_on, now)
    return {site: period for site, period in periods.items() if period.state(now) != "before"}


PAYER: Final = "XEN3201"  # has three bills to pay
BILLED: Final = ("MES4001", "HEN5002", PAYER)


def store_bills(services: OfficeServices) -> None:
    """Store the bills and their PDFs."""
    today = services.clock().astimezone(PARIS).date()
    for family in FAMILIES:
        if family.identifier in BILLED:
            invoices = [_with_pdf(services, family, invoice) for invoice in _invoices(family.identifier, today)]
            services.store(Billing).revise_at(family.ref, partial(Bills.with_listed, new_invoices=invoices))


def _invoices(identifier: str, today: date) -> list[Invoice]:
    def ago(days: int) -> date:
        return today - timedelta(days=days)

    if identifier == BILLED[1]:
        deposit = Payment(ago(100), 9_000, "carte bancaire")
        return [Invoice(f"{ago(120).year}-5002-1", ago(120), 9_000, ago(90), "Location d'un violoncelle", (deposit,))]
    if identifier == PAYER:
        return [
            Invoice(f"{ago(40).year}-3201-1", ago(40), 21_450, ago(5), "Cours du 1er trimestre"),
            Invoice(f"{ago(20).year}-3201-2", ago(20), 13_200, ago(-15), "Location d'un alto"),
            Invoice(
                *(f"{ago(10).year}/3201/3", ago(10), 18_700, None, "Cours de l'année"),
                instalments=tuple(Due(ago(-days), cents) for days, cents in ((30, 6_300), (60, 6_200), (90, 6_200))),
            ),
        ]
    year = ago(210).year
    return [
        Invoice(
            f"{year}-4001-1", ago(210), 4_500, ago(180), "Droits d'inscription",
            (Payment(ago(195), 4_500, "chèque"),),
        ),
        Invoice(
            f"{year}-4001-2", ago(120), 123_450, ago(90), "Cours du 1er trimestre",
            (Payment(ago(100), 60_000, "prélèvement"), Payment(ago(70), 20_000, "chèque-vacances")),
        ),
        Invoice(f"{year}-4001-3", ago(60), -2_500, None, "Avoir : cours annulé"),
        Invoice(f"{year}-4001-4", ago(10), 18_700, ago(-20), "Cours du 2e trimestre"),
    ]  # fmt: skip


def _with_pdf(services: OfficeServices, family: SampleFamily, invoice: Invoice) -> Invoice:
    pdf = invoice_pdf(services.settings.network.name, family.name, invoice)
    key = key_of(services, family.ref, invoice, pdf)
    store(services, key, pdf)
    return replace(invoice, document=key)
