"""A re-enrolment as one login sees it, without the coordinates hidden from its guardian."""

from dataclasses import replace

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.enrolment.enrolments import Enrolment
from chalicelib.domain.family.redaction import hide


def see_enrolment(enrolment: Enrolment, seen: Account) -> Enrolment:
    """Hide in a re-enrolment the coordinates that one login may not see. The same one if nothing is hidden."""
    secrets = seen.view.secrets if seen.view else ()
    hidden: Enrolment = hide(enrolment, secrets)
    return replace(hidden, item={}, is_partly_hidden=True) if hidden != enrolment else enrolment
