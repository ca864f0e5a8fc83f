"""The accounts of some sites that look like a request: found by their summaries, and only those are read whole.

Not found this way: an address that is on file of a guardian alone, which no summary tells. `clef` goes through all.
"""

from collections.abc import Collection

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.admission.applications import Application
from chalicelib.domain.admission.likeness import RequestLikeness
from chalicelib.services.family import Services
from chalicelib.stores.summary_index import account_summaries


def accounts_alike(services: Services, application: Application, sites: Collection[str]) -> tuple[Account, ...]:
    """Read the accounts of some sites that may look like a request (a Query of each site's summaries)."""
    likeness = RequestLikeness.of(application)
    found = (
        family for site in sites for family in account_summaries(services.accounts, site) if likeness.may_be(family)
    )
    refs = [AccountRef(family.site, family.identifier) for family in found]
    return tuple(filter(None, services.accounts.find_all(*refs))) if refs else ()
