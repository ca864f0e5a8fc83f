"""The entry of the desk: a Chalice app beside `app.py`, and how the package names it.

On AWS a family's function loads nothing of it, and the reverse (docs/how/desk.md).
"""

import os
from typing import Any, Final

from chalice.app import Blueprint

from chalicelib import wiring
from chalicelib.services.office import OfficeServices
from chalicelib.settings import wings
from chalicelib.web.edge import FormBlueprint, RoutedApp
from chalicelib.web.office import (
    access,
    agents,
    browser_link,
    changes,
    counter,
    family,
    file_job,
    files,
    find,
    invitation,
    login,
    merge,
    passkeys,
    periods,
    reenrolment,
    reenrolment_decisions,
    reenrolments,
    season,
    staff,
    staff_member,
    texts,
    today,
)

BLUEPRINTS: Final[tuple[FormBlueprint[...], ...]] = (
    login.routes,
    browser_link.routes,
    agents.routes,
    passkeys.routes,
    invitation.routes,
    access.routes,
    today.routes,
    find.routes,
    changes.routes,
    reenrolments.routes,
    reenrolment_decisions.routes,
    reenrolment.routes,
    counter.routes,
    season.routes,
    periods.routes,
    staff.routes,
    staff_member.routes,
    texts.routes,
    family.routes,
    merge.routes,
    files.routes,
    file_job.routes,
    *wings.routes("desk"),
)

app = RoutedApp(app_name="clef", configure_logs=False)
if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:  # elsewhere `app.py` serves them: Chalice registers a blueprint only once
    for routes in BLUEPRINTS:
        app.register_blueprint(routes)
    wiring.start(OfficeServices, "staff", *wings.stores("desk"))

declaration = Blueprint(__name__)  # has `chalice package` make the function and its role


@declaration.lambda_function(name="desk")
def desk(event: dict[str, Any], context: object) -> Any:  # noqa: ANN401 - an answer as API Gateway takes it
    """Answer a request of staff."""
    return app(event, context)
