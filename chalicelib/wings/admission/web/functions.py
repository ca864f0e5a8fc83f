"""The entry of new families' own function: a Chalice app beside `app.py`, and how the package names it.

On AWS a family's function loads nothing of it, and the reverse (docs/decisions/0059).
"""

import os
from typing import Any, Final

from chalice.app import Blueprint

from chalicelib import wiring
from chalicelib.settings import wings
from chalicelib.web.edge import RoutedApp
from chalicelib.wings.admission.services.applicants import ApplicantServices

BLUEPRINTS: Final = tuple(wings.routes("applicant"))

app = RoutedApp(app_name="clef", configure_logs=False)
if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:  # elsewhere `app.py` serves them: Chalice registers a blueprint only once
    for routes in BLUEPRINTS:
        app.register_blueprint(routes)
    wiring.start(ApplicantServices, "admission")

declaration = Blueprint(__name__)  # has `chalice package` make the function and its role


@declaration.lambda_function(name="applicant")
def applicant(event: dict[str, Any], context: object) -> Any:  # noqa: ANN401 - an answer as API Gateway takes it
    """Answer a request of API Gateway's."""
    return app(event, context)
