"""Each morning: rebuild timetables, remind teachers of missing rolls, by a run of its own for each site."""

from datetime import datetime, timedelta
from typing import Final

from chalice.app import Blueprint, CloudWatchEvent, Cron

from chalicelib import wiring
from chalicelib.domain.enrolment.periods import today
from chalicelib.domain.refusals import Unavailable
from chalicelib.services.office import OfficeServices
from chalicelib.wings.teaching.mail import MAX_DELAY, SiteMorning
from chalicelib.wings.teaching.office.recall import post_reminders

jobs = Blueprint(__name__)

_PACE: Final = timedelta(seconds=1)  # between two sites: a run of 200 families lasts as long, so that a few run at once


# At five o'clock UTC, which is six or seven in Paris: before the first lesson in summer and winter.
@jobs.schedule(Cron(0, 5, "*", "*", "?", "*"), name="rolls")
def rolls(event: CloudWatchEvent) -> None:
    """Do a site's work, or have a run started for each site. Lambda retries each run twice, then reports it."""
    services = wiring.services(OfficeServices)
    now, site = services.clock(), event.detail.get("site")
    try:
        if site:
            post_reminders(services, site, event.event_id, today(now), now)
        else:
            _start_sites(services, event, now)
    except Unavailable as error:
        services.record.write("unavailable", now, event.event_id, what=str(error))
        raise


def _start_sites(services: OfficeServices, event: CloudWatchEvent, now: datetime) -> None:
    """Post a message for each site, which becomes due in its turn. `work/post.py` starts its run (decision 139)."""
    sites = services.settings.network.sites
    pace = min(_PACE, MAX_DELAY / len(sites))
    for number, site in enumerate(sites):
        run = event.to_dict() | {"detail": {"site": site.code}}
        services.post_box.post(SiteMorning(request=event.event_id, asked_at=now, event=run), delay=number * pace)


wiring.start(OfficeServices, "teaching")
