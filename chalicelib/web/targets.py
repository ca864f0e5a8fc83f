"""Where a link of a mail leads once somebody has logged in: a page of this list, and no other (docs/decisions/0053)."""

import re
from datetime import timedelta
from typing import Final

from chalicelib.web.requests import PART

LIFETIME: Final = timedelta(minutes=30)  # to find one's password, or to be mailed another
_ACCOUNT: Final = "/extranet/compte/"
# A file of a receipt leads to the receipt's page: a download alone would leave its reader before the login form.
_LISTED: Final = (
    f"(?a){_ACCOUNT}(?P<page>eleves(?:/{PART}(?:/(?:appreciations|agenda))?)?|facturation|mot-de-passe|famille(?:/e-mail(?:/code)?)?|reinscription"
    f"(?:/(?:rien-ne-change|foyer|pieces|recapitulatif|eleves/{PART}|recus/{PART}))?)(?:/(?:pdf|agenda))?"
)


def target_of(path: str) -> str:
    """Name the page that a path asks for, as the cookie holds it; empty for one that is not listed."""
    match = re.fullmatch(_LISTED, path)
    return match["page"] if match else ""


def target_path(cookie: str) -> str:
    """Find the path that a cookie names; empty where nothing waits, or somebody made it up."""
    page = target_of(_ACCOUNT + cookie)
    return _ACCOUNT + page if page else ""
