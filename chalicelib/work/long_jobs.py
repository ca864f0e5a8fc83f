"""The jobs of the desk: runs one until its time is up or AWS fails, and has another run continue it."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from chalice.app import Blueprint

from chalicelib import wiring
from chalicelib.domain.refusals import Unavailable
from chalicelib.office.families_job import work_on_families
from chalicelib.office.jobs import list_decision, merge, publication
from chalicelib.office.jobs.job_run import AGAIN_AFTER, MOST_TRIES, Handler, JobHeld, work
from chalicelib.office.rights.merge_job import work_on_merge
from chalicelib.office.roster.survey import FilePart
from chalicelib.presentation.office.findings import lines_of
from chalicelib.presentation.office.refusals import sentence_of
from chalicelib.services.office import OfficeServices
from chalicelib.settings.wings import WINGS, parts
from chalicelib.wings.wing import load

jobs = Blueprint(__name__)

_PUBLISHED: Final = [(load(shown), load(pages)) for wing in WINGS for shown, pages in wing.static_pages]
HANDLERS: Final[dict[str, Handler]] = {
    "families": partial(work_on_families, lines_of=lines_of, wings=parts(FilePart)),
    **{
        of_list.kind: partial(list_decision.work_on_list, of_list, text_of=sentence_of)
        for of_list in (list_decision.REENROLLED, *parts(list_decision.DecidedList))
    },
    merge.KIND: partial(work_on_merge, wings=parts(FilePart)),
    publication.KIND: partial(publication.publish, wings=_PUBLISHED),
    **{
        kind: partial(load(job), load(words).lines_of) if words else load(job)
        for wing in WINGS
        for kind, (job, words) in wing.jobs.items()
    },
}
_LEFT: Final = 60_000  # milliseconds of the function's own time: a step begun before then is finished


# `work/post.py` invokes it without waiting (decision 125). If it raises or dies, Lambda invokes it twice more, then
# puts the event into the dead letters.
@jobs.lambda_function(name="desk_jobs")
def desk_jobs(event: Mapping[str, Any], context: Any) -> None:  # noqa: ANN401 - Lambda's own object
    """Run a job. A failure, or a lease that a dead worker may have left, is tried again soon, several times."""
    services = wiring.services(OfficeServices)
    job, tries = event["job"], event["tries"]  # the failed runs in a row
    try:
        ending = work(services, job, HANDLERS, services.clock, _time_left(context))
    except JobHeld:
        if tries < MOST_TRIES:
            services.post_box.wake_desk_job(job, tries + 1, AGAIN_AFTER)
    except Unavailable as error:
        services.record.write("unavailable", services.clock(), job, what=str(error))
        if tries >= MOST_TRIES:
            raise
        services.post_box.wake_desk_job(job, tries + 1, AGAIN_AFTER)
    else:
        if ending == "failed":
            services.record.write("desk_job_failed", services.clock(), job)
        elif ending:
            services.record.write("desk_job_done", services.clock(), job, state=ending)


def _time_left(context: Any) -> Callable[[], bool]:  # noqa: ANN401 - Lambda's own object, or none elsewhere
    ask = getattr(context, "get_remaining_time_in_millis", None)
    return lambda: ask is None or ask() > _LEFT


wiring.start(OfficeServices, "staff")
