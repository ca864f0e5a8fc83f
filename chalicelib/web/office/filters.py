"""The filters of the desk's lists. Most of them share the one by site, `?site=`."""

from collections.abc import Callable
from typing import Final

from chalicelib.presentation.office.timeline import CHOICES

Filters = dict[str, Callable[[str], object]]  # of a list, by name: checks a value
ANY: Final = bool  # any value, or for « site », any that the member sees
BY_SITE: Final[Filters] = {"site": ANY}
TIMELINE: Final[Filters] = {"fil": CHOICES.__contains__}  # of a file
