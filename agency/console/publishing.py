"""Publishes the public pages again when their content changed."""

from agency.console.aws_errors import AWS_ERRORS, describe_aws_error
from agency.console.connection import Connection
from chalicelib.domain.enrolment.periods import Periods, Publication
from chalicelib.office.admission.draws import all_draws
from chalicelib.office.refusals import OfficeRefusal
from operations.pages.build import build
from operations.pages.publish import PagesBucket, invalidate


def publish(connection: Connection, periods: Periods) -> list[str]:
    """Store the pages that changed, and have the CDN drop its copies. Raises `OfficeRefusal`, to be run again."""
    services = connection.services
    objects = list(build(services.settings.network, periods, draws=all_draws(services, services.clock())))
    bucket = PagesBucket(connection.aws, connection.pages_bucket)
    try:
        bucket.put_assets(objects)
        changed = bucket.put_pages(objects)
        if connection.distribution:
            invalidate(connection.aws, connection.distribution, changed)
    except AWS_ERRORS as error:
        raise OfficeRefusal("period_unpublished", why=describe_aws_error(error)) from error
    services.periods.note_publication(Publication(periods.version, services.clock()))
    return changed
