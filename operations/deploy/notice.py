"""`make notice STAGE=… TEXT="…"`: show an incident on « Connexion » and « État du service », or take it away."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Final

from chalicelib.domain.enrolment.periods import PARIS, Periods
from chalicelib.domain.refusals import Unavailable
from chalicelib.domain.service_notice import ServiceNotice
from chalicelib.domain.text import tidy
from chalicelib.infra.dynamo.database import Database
from chalicelib.presentation.public_pages import PERIOD_PAGES, STATUS_PAGE
from chalicelib.settings.environment import load_network
from chalicelib.stores.periods import PeriodStore
from chalicelib.stores.service_notice import ServiceNoticeStore
from operations.deploy.aws import Aws
from operations.deploy.checks import Deployed
from operations.deploy.commands import FAILED, OK, NotReady, Stopped, Tell, arguments, command, run, tell
from operations.deploy.stack import Outputs, deployed_outputs, find_stack, public_address
from operations.deploy.stages import Stage
from operations.pages.bucket import StoredObject
from operations.pages.build import build
from operations.pages.publish import PagesBucket, invalidate, is_asset

_LASTS: Final = timedelta(hours=4)  # without UNTIL
_TRIES: Final = 5


def main() -> int:
    """Read the command's arguments and publish the notice."""
    parser = arguments("notice", "Show an incident to all users, or take it away.")
    parser.add_argument("--text", default="", help="one sentence in French; empty: take the notice away (make: TEXT=…)")
    parser.add_argument("--until", default="", help="in Paris: « 18:30 » or « 2027-06-01 18:30 » (make: UNTIL=…)")
    options = parser.parse_args()
    now = datetime.now(UTC)
    return run(
        options, lambda aws, stage: announce(aws, stage, tell, read_notice(options.text, options.until, now), now)
    )


def read_notice(text: str, until: str, now: datetime) -> ServiceNotice | None:
    """Make the notice, which ends at `until`, or four hours from now. None without a text. Raises `NotReady`."""
    since = now.replace(microsecond=0)
    words = " ".join(tidy(text).split())
    try:
        return ServiceNotice(words, since, _end(until, since)) if words else None
    except (ValueError, OverflowError) as error:
        raise NotReady(f"Nothing was changed: {error} (TEXT=\"…\" UNTIL=18:30, or UNTIL='2027-06-01 18:30').") from None


def _end(text: str, now: datetime) -> datetime:
    """Read an hour, the next one in Paris, or a day with its hour. Raises `ValueError`."""
    if not text:
        return now + _LASTS
    if len(text) > len("18:30"):
        return datetime.fromisoformat(text).replace(tzinfo=PARIS).astimezone(UTC)
    today = now.astimezone(PARIS).date()
    ends = (datetime.combine(day, time.fromisoformat(text), PARIS) for day in (today, today + timedelta(days=1)))
    return next(end for end in ends if end > now).astimezone(UTC)


def notice_status(deployment: Deployed) -> Iterator[str]:
    """Show the notice of an incident, if any."""
    notice = _notices(deployment.aws, deployment.outputs).find() if deployment.outputs.office_table else None
    if notice:
        state = "shown until" if deployment.now < notice.until else "over since"
        take_away = command("notice", deployment.stage.name, deployment.aws)
        yield f"Notice of an incident: {state} {_in_paris(notice)}; to take it away: {take_away}"


def announce(aws: Aws, stage: Stage, tell: Tell, notice: ServiceNotice | None, now: datetime) -> int:
    """Store the notice and publish its pages. Without the tables, « État du service » alone is published."""
    outputs = deployed_outputs(find_stack(aws, stage.stack))
    if outputs is None:
        raise NotReady(f"{stage.name} is not deployed: {command('deploy', stage.name, aws)}")
    url = public_address(aws, stage, outputs).url
    ends = f" until {_in_paris(notice)}" if notice else ""
    try:
        _notices(aws, outputs).write(notice)
        _publish(aws, stage, outputs, now)
    except Unavailable as error:
        page = build(load_network({"public_url": url}), Periods(), notice=notice)
        _put(aws, outputs, [stored for stored in page if is_asset(stored) or stored.key == STATUS_PAGE])
        tell(f"The tables do not answer ({error}): {url}/{STATUS_PAGE} alone shows it. Run the same command again.")
        return FAILED
    tell(
        f"{'Shown' if notice else 'Taken away'}{ends}, within five minutes: {url}/{STATUS_PAGE}, {url}/extranet/usager"
    )
    return OK


def _publish(aws: Aws, stage: Stage, outputs: Outputs, now: datetime) -> None:
    """Publish the pages of the periods and the notice, again if these changed concurrently."""
    network = load_network({"public_url": public_address(aws, stage, outputs).url})
    periods, notices = PeriodStore(Database(aws.client("dynamodb")), outputs.office_table), _notices(aws, outputs)
    for _ in range(_TRIES):
        contents = periods.read(), notices.read(now)
        objects = build(network, contents[0], notice=contents[1])
        _put(aws, outputs, [stored for stored in objects if is_asset(stored) or stored.key in PERIOD_PAGES])
        if (periods.read(), notices.read(now)) == contents:
            return
    raise Stopped("The periods keep changing: run the same command again.")


def _put(aws: Aws, outputs: Outputs, objects: list[StoredObject]) -> None:
    """Store changed pages, after the assets that they name, and invalidate them in the CDN."""
    bucket = PagesBucket(aws, outputs.pages_bucket)
    bucket.put_assets(objects)
    invalidate(aws, outputs.distribution_id, bucket.put_more(objects))


def _in_paris(notice: ServiceNotice) -> str:
    return f"{notice.until.astimezone(PARIS):%Y-%m-%d %H:%M} in Paris"


def _notices(aws: Aws, outputs: Outputs) -> ServiceNoticeStore:
    return ServiceNoticeStore(Database(aws.client("dynamodb")), outputs.office_table)


if __name__ == "__main__":
    sys.exit(main())
