"""More time for one family, after the last day of its re-enrolment period."""

from dataclasses import field
from datetime import date, datetime

from chalicelib.values import frozen


@frozen
class Extension:
    """The last day until which one family may re-enrol, inclusive, its reason, and the member who allowed it.

    It ends by itself. A period that closes later, such as next year's, does not depend on it.
    """

    until: date
    why: str = field(repr=False)
    by: str = field(repr=False)
    at: datetime
