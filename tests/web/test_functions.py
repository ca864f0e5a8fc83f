"""New families' own function. `tests/test_packaging.py` runs it alone."""

from app import app
from chalicelib.web.functions.applicant import BLUEPRINTS
from operations.package.files import VISITORS

(BEGINNING,) = (beginning for beginning, function in VISITORS.items() if function == "Applicant")


def test_its_paths_are_those_that_are_routed_to_it() -> None:
    routed = {path for path in app.routes if f"{path}/".startswith(f"{BEGINNING}/")}

    assert BEGINNING in routed
    assert {blueprint.current_app for blueprint in BLUEPRINTS} == {app}
