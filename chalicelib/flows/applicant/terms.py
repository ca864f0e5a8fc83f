"""The terms of an application for its summary, receipt and mail: the order of each site, and its last day."""

from collections.abc import Iterable
from datetime import date

from chalicelib.domain.admission.applications import Answers, Application, Candidate, Sent
from chalicelib.domain.dossiers.documents import FOYER
from chalicelib.domain.enrolment.paperwork import ReceiptDocument
from chalicelib.flows.applicant.entry import AdmissionPeriods
from chalicelib.settings.environment import Site
from chalicelib.values import frozen


@frozen
class SiteTerms:
    """A wished site: its order (« arrival », « priority » or « draw »), and its last day."""

    site: Site
    order: str
    closes_on: date | None
    is_open: bool


@frozen
class ApplicationReceipt:
    """The last sending, as its receipt shows it.

    `candidates`: those not withdrawn since then. `groups`: titles of the groups that the family says it belongs to.
    """

    season: str
    email: str
    sent: Sent
    candidates: tuple[Candidate, ...]
    terms: tuple[SiteTerms, ...]
    groups: tuple[str, ...]
    papers: tuple[ReceiptDocument, ...]

    @property
    def may_change(self) -> bool:
        """Whether part of it may still be corrected."""
        return any(term.is_open for term in self.terms)


def terms_of(admission_periods: AdmissionPeriods, candidates: Iterable[Candidate]) -> tuple[SiteTerms, ...]:
    """List the wished sites, in the network's order, with their terms."""
    settings, open_sites = admission_periods.network.admission, admission_periods.open_sites
    wanted = {wish.site for candidate in candidates for wish in candidate.wishes}
    terms = []
    for site in admission_periods.network.sites:
        if site.code in wanted:
            order, period = settings.order_of(site.code), admission_periods.period(site.code)
            counts = "arrival" if order == "priority" and not settings.groups else order
            terms.append(SiteTerms(site, counts, period.closes_on if period else None, site in open_sites))
    return tuple(terms)


def group_titles(admission_periods: AdmissionPeriods, answers: Answers) -> tuple[str, ...]:
    """List the titles of the groups that a family says it belongs to, in the network's order."""
    return tuple(group.title for group in admission_periods.network.admission.groups if group.code in answers.groups)


def receipt_view(admission_periods: AdmissionPeriods, application: Application) -> ApplicationReceipt | None:
    """Build the receipt of the last sending. None if there is none."""
    sent = application.sent
    if sent is None:
        return None
    candidates = tuple(one for one in sent.answers.candidates if application.state(one.key) != "withdrawn")
    return ApplicationReceipt(
        application.ref.season,
        application.email,
        sent,
        candidates,
        terms_of(admission_periods, candidates),
        group_titles(admission_periods, sent.answers),
        _papers(admission_periods, sent, candidates),
    )


def _papers(
    admission_periods: AdmissionPeriods, sent: Sent, candidates: tuple[Candidate, ...]
) -> tuple[ReceiptDocument, ...]:
    titles = {document.code: document.title for document in admission_periods.network.admission.documents}
    names = {FOYER: ""} | {candidate.key: candidate.name for candidate in candidates}
    return tuple(
        ReceiptDocument(titles.get(one.code, one.code), names[one.owner], bool(one.object_key))
        for one in sent.provided
        if one.owner in names
    )
