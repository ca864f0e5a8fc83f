"""Which handler does which kind of job: only the jobs' own function loads what they need."""

from collections.abc import Mapping
from typing import Final

from chalicelib.office.work.campaign import KIND as CAMPAIGN
from chalicelib.office.work.campaign import send_in_turns
from chalicelib.office.work.families import work_on_families
from chalicelib.office.work.publishing import KIND as PUBLISH
from chalicelib.office.work.publishing import publish
from chalicelib.office.work.turns import Handler

HANDLERS: Final[Mapping[str, Handler]] = {"families": work_on_families, PUBLISH: publish, CAMPAIGN: send_in_turns}
