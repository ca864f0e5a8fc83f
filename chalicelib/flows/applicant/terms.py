"""What an application comes to, as its summary, its receipt and its mail say: what counts at each site, until when."""

from collections.abc import Iterable
from datetime import date

from chalicelib.domain.admission.applications import Answers, Application, Candidate, Sent
from chalicelib.domain.enrolment.enrolments import FOYER
from chalicelib.domain.enrolment.paperwork import ReceiptDocument
from chalicelib.flows.applicant.entry import Opening
from chalicelib.settings.environment import Site
from chalicelib.values import frozen


@frozen
class SiteTerms:
    """A site that is wished for: what counts there (« arrival », « priority » or « draw »), and its last day."""

    site: Site
    order: str
    closes_on: date | None
    is_open: bool


@frozen
class ReceiptView:
    """What was sent, as its receipt shows it.

    `candidates`: those that were not withdrawn since. `groups`: titles of those that the family says to belong to.
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
        """Whether something of it may still be corrected."""
        return any(term.is_open for term in self.terms)


def terms_of(opening: Opening, candidates: Iterable[Candidate]) -> tuple[SiteTerms, ...]:
    """List the sites wished for, in the network's order, with what counts there."""
    settings, open_sites = opening.network.admission, opening.open_sites
    wanted = {wish.site for candidate in candidates for wish in candidate.wishes}
    found = []
    for site in opening.network.sites:
        if site.code in wanted:
            order, period = settings.order_of(site.code), opening.period(site.code)
            counts = "arrival" if order == "priority" and not settings.groups else order
            found.append(SiteTerms(site, counts, period.closes_on if period else None, site in open_sites))
    return tuple(found)


def group_titles(opening: Opening, answers: Answers) -> tuple[str, ...]:
    """List the titles of the groups that a family says to belong to, in the network's order."""
    return tuple(group.title for group in opening.network.admission.groups if group.code in answers.groups)


def receipt_view(opening: Opening, application: Application) -> ReceiptView | None:
    """Show what was sent last; None where nothing was."""
    sent = application.sent
    if sent is None:
        return None
    candidates = tuple(one for one in sent.answers.candidates if application.state(one.key) != "withdrawn")
    return ReceiptView(
        application.ref.season,
        application.email,
        sent,
        candidates,
        terms_of(opening, candidates),
        group_titles(opening, sent.answers),
        _papers(opening, sent, candidates),
    )


def _papers(opening: Opening, sent: Sent, candidates: tuple[Candidate, ...]) -> tuple[ReceiptDocument, ...]:
    titles = {document.code: document.title for document in opening.network.admission.documents}
    names = {FOYER: ""} | {candidate.key: candidate.name for candidate in candidates}
    return tuple(
        ReceiptDocument(titles.get(one.code, one.code), names[one.owner], bool(one.object_key))
        for one in sent.provided
        if one.owner in names
    )
