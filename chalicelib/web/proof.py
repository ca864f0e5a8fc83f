"""What each form behind login carries (`jeton`): whose form it is, by a pseudonym, and the proof of its session."""

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.sessions import Token
from chalicelib.services.family import Services


def pseudonym(services: Services, account: AccountRef) -> str:
    """Name an account in a form, without saying who."""
    return services.record.pseudonyms.of(account.site, account.identifier)


def proof(services: Services, account: AccountRef, token: Token) -> str:
    """Make what the forms of an account's pages carry, in one session."""
    return f"{pseudonym(services, account)}.{token.form_proof}"


def parts_of(typed: str) -> tuple[str, str]:
    """Split it into whose form it is, as it says, and the proof of its session; either may be empty."""
    whose, _, session = typed.rpartition(".")
    return whose, session
