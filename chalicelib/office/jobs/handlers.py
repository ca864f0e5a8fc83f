"""Which handler does which kind of job: only the jobs' own function loads what they need."""

from collections.abc import Mapping
from typing import Final

from chalicelib.office.jobs.campaign import KIND as CAMPAIGN
from chalicelib.office.jobs.campaign import send_in_turns
from chalicelib.office.jobs.families import work_on_families
from chalicelib.office.jobs.job_run import Handler
from chalicelib.office.jobs.publication import KIND as PUBLISH
from chalicelib.office.jobs.publication import publish

HANDLERS: Final[Mapping[str, Handler]] = {"families": work_on_families, PUBLISH: publish, CAMPAIGN: send_in_turns}
