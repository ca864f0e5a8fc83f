"""A family whose identifier the yearly file gives to another one: mailed, closed, erased as on request.

Each step may run twice; then the import makes an account, as of any new family.
"""

import secrets
from datetime import datetime
from typing import Final

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.account.audit import Erasure
from chalicelib.domain.roster.other_families import is_other_family
from chalicelib.mail.outbox import PostedFirst
from chalicelib.office.rights.erasure import ErasureHooks, Hook, close_all, erase_all
from chalicelib.office.roster.identifier_mails import jobs_to_former
from chalicelib.office.roster.import_families import FormerFamilies
from chalicelib.services.family import Services

_WHO: Final = "Fichier annuel (identifiants repris)"  # in the list of erasures


def close_former(services: Services, families: FormerFamilies, now: datetime) -> None:
    """Mail the former families, and close their accounts: no login and no page opens."""
    request = f"import-{secrets.token_hex(8)}"
    accounts = [
        account for account in services.accounts.find_all(*families) if account and _is_former(families, account)
    ]
    jobs = (job for account in accounts for job in jobs_to_former(services, account, request, now))
    PostedFirst(services.post_box).post(*jobs)
    close_all(services, families, lambda account: _is_former(families, account))


def erase_former(services: Services, families: FormerFamilies, now: datetime, wait_for_requests: Hook) -> None:
    """Erase the closed former families, but for one that the file lists after all."""
    refs = tuple(families)
    hooks = ErasureHooks(wait_for_requests)
    erasure = Erasure.of(refs, _WHO, "purged", now)
    erase_all(services, refs, erasure, lambda account: _is_former(families, account), hooks)


def _is_former(families: FormerFamilies, account: Account) -> bool:
    return is_other_family(families[account.ref], account)
