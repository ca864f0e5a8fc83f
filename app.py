"""The families' Chalice app: its blueprints and, outside AWS, those of every other function."""

import os
import sys

from chalicelib import wiring
from chalicelib.services.family import FamilyServices
from chalicelib.settings import wings
from chalicelib.web.edge import RoutedApp
from chalicelib.web.family import (
    change_password,
    documents,
    family,
    family_email,
    invitation,
    login,
    lost_password,
    not_me,
    pupil_step,
    pupils,
    reenrolment,
    summary,
    unchanged,
    visit,
)

app = RoutedApp(app_name="clef", configure_logs=False)
app.register_blueprint(login.routes)
app.register_blueprint(lost_password.routes)
app.register_blueprint(not_me.routes)
app.register_blueprint(visit.routes)
app.register_blueprint(family.routes)
app.register_blueprint(family_email.routes)
app.register_blueprint(invitation.routes)
app.register_blueprint(reenrolment.routes)
app.register_blueprint(pupil_step.routes)
app.register_blueprint(documents.routes)
app.register_blueprint(pupils.routes)
app.register_blueprint(summary.routes)
app.register_blueprint(unchanged.routes)
app.register_blueprint(change_password.routes)
for routes in wings.routes("family"):
    app.register_blueprint(routes)

# On AWS each job, and each other kind of visitor, has its own function, which starts in its own module, so that a
# family's start loads none of it. Elsewhere there is one process, and Chalice packages the blueprints registered here.
if "AWS_LAMBDA_FUNCTION_NAME" not in os.environ:
    if sys.argv[0].endswith("chalice"):  # in a thread of `chalice local`, which no exception would end
        os.write(2, b"Instead of Chalice's commands, type `make run`, `make package` or `make deploy` (README.md).\n")
        os._exit(1)
    from chalicelib.web.functions import desk, sign_in
    from chalicelib.work import bounces, long_jobs, post

    app.register_blueprint(post.jobs)
    app.register_blueprint(bounces.jobs)
    app.register_blueprint(long_jobs.jobs)
    app.register_blueprint(sign_in.declaration)
    app.register_blueprint(desk.declaration)
    for routes in (*wings.functions(), *sign_in.BLUEPRINTS, *desk.BLUEPRINTS):
        app.register_blueprint(routes)
else:
    wiring.start(FamilyServices, *wings.stores("family"))
