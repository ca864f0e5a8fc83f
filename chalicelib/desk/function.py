"""The table of contents of the staff's own function: a Chalice app beside `app.py`, and how the package names it.

On AWS nothing of it is loaded by a family's function, and the reverse (docs/decisions/0059, 0067).
"""

import os
from typing import Any, Final

from chalice.app import Blueprint, Chalice

from chalicelib import wiring
from chalicelib.desk import (
    absences,
    access,
    agents,
    bills,
    browser_link,
    campaigns,
    code,
    course_cancel,
    courses,
    family,
    family_acts,
    file_job,
    files,
    find,
    funnel,
    invitation,
    letter,
    login,
    logout,
    passkeys,
    periods,
    reenrolment,
    reenrolment_decisions,
    reenrolment_documents,
    reenrolments,
    reenrolments_export,
    report,
    request,
    request_documents,
    requests,
    season,
    sending,
    staff,
    staff_member,
    staff_names,
    today,
)
from chalicelib.desk import course as office_course
from chalicelib.desk import words as office_words
from chalicelib.desk.edge import DeskBlueprint
from chalicelib.desk.teaching import (
    assessment,
    calendar,
    cancel,
    door,
    opinion,
    own_pupils,
    pupil,
    roll,
    telephones,
    week,
    words,
)
from chalicelib.desk.teaching import course as own_course
from chalicelib.office.clients import by_boto3

BLUEPRINTS: Final[tuple[DeskBlueprint, ...]] = (
    login.routes,
    browser_link.routes,
    code.routes,
    agents.routes,
    passkeys.routes,
    invitation.routes,
    access.routes,
    logout.routes,
    today.routes,
    find.routes,
    reenrolments.routes,
    reenrolments_export.routes,
    reenrolment_decisions.routes,
    reenrolment.routes,
    reenrolment_documents.routes,
    requests.routes,
    request.routes,
    request_documents.routes,
    season.routes,
    periods.routes,
    staff.routes,
    staff_member.routes,
    staff_names.routes,
    funnel.routes,
    report.routes,
    campaigns.routes,
    sending.routes,
    bills.routes,
    family.routes,
    family_acts.routes,
    letter.routes,
    files.routes,
    file_job.routes,
    courses.routes,
    office_course.routes,
    door.routes,
    opinion.routes,
    week.routes,
    calendar.routes,
    cancel.routes,
    course_cancel.routes,
    assessment.routes,
    pupil.routes,
    telephones.routes,
    roll.routes,
    words.routes,
    office_words.routes,
    absences.routes,
    own_course.routes,
    own_pupils.routes,
)

app = Chalice(app_name="clef", configure_logs=False)
if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:  # elsewhere `app.py` serves them: Chalice registers a blueprint only once
    for routes in BLUEPRINTS:
        app.register_blueprint(routes)
    wiring.start(by_boto3)

declaration = Blueprint(__name__)  # what has `chalice package` make the function and its role


@declaration.lambda_function(name="desk")
def desk(event: dict[str, Any], context: object) -> Any:  # noqa: ANN401 - an answer as API Gateway takes it
    """Answer one request of staff."""
    return app(event, context)
