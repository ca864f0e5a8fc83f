"""A re-enrolment as one login sees it: what was typed in it tells no coordinates that are kept from its guardian."""

from dataclasses import replace

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.enrolment.enrolments import Enrolment
from chalicelib.domain.family.hiding import hide


def see_enrolment(enrolment: Enrolment, seen: Account) -> Enrolment:
    """Show a re-enrolment beside its family's account as one login sees it; itself where nothing is hidden."""
    secrets = seen.view.secrets if seen.view else ()
    hidden: Enrolment = hide(enrolment, secrets)
    return replace(hidden, item={}, is_partly_hidden=True) if hidden != enrolment else enrolment
