"""Functions beside the families' own, but the desk's. `tests/test_packaging.py` runs them alone."""

from app import app
from chalicelib.web.functions import applicant, sign_in
from operations.package.files import VISITORS

BLUEPRINTS = {"Applicant": applicant.BLUEPRINTS, "SignIn": sign_in.BLUEPRINTS}


def test_its_paths_are_those_that_are_routed_to_it() -> None:
    for function, blueprints in BLUEPRINTS.items():
        beginnings = tuple(f"{beginning}/" for beginning, name in VISITORS.items() if name == function)
        routed = {path for path in app.routes if f"{path}/".startswith(beginnings)}

        assert routed == {path for blueprint in blueprints for _, path in blueprint.doors} != set()
        assert {blueprint.current_app for blueprint in blueprints} == {app}
