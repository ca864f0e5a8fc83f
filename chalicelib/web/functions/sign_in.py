"""The entry of families' login methods: a Chalice app beside `app.py`, and how the package names it.

Its libraries (OpenID Connect, WebAuthn) are in the office's zip, and a family's own function loads none of them
(docs/decisions/0129).
"""

import os
from typing import Any, Final

from chalice.app import Blueprint

from chalicelib import wiring
from chalicelib.services.login_methods import LoginMethodServices
from chalicelib.web.edge import FormBlueprint, RoutedApp
from chalicelib.web.login_methods import code, first_login, franceconnect, methods, open_sessions, passkeys, prove

BLUEPRINTS: Final[tuple[FormBlueprint[...], ...]] = (
    code.routes,
    first_login.routes,
    franceconnect.routes,
    open_sessions.routes,
    passkeys.routes,
    prove.routes,
    methods.routes,
)

app = RoutedApp(app_name="clef", configure_logs=False)
if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:  # elsewhere `app.py` serves them: Chalice registers a blueprint only once
    for routes in BLUEPRINTS:
        app.register_blueprint(routes)
    wiring.start(LoginMethodServices)

declaration = Blueprint(__name__)  # has `chalice package` make the function and its role


@declaration.lambda_function(name="sign_in")
def sign_in(event: dict[str, Any], context: object) -> Any:  # noqa: ANN401 - an answer as API Gateway takes it
    """Answer a request of API Gateway's."""
    return app(event, context)
