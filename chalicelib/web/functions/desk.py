"""The table of contents of the staff's own function: a Chalice app beside `app.py`, and how the package names it.

On AWS nothing of it is loaded by a family's function, and the reverse (docs/decisions/0059, 0067).
"""

import os
from typing import Any, Final

from chalice.app import Blueprint, Chalice

from chalicelib import wiring
from chalicelib.infra.clients import by_boto3
from chalicelib.web.office import (
    absences,
    access,
    agents,
    application,
    application_documents,
    applications,
    bills,
    browser_link,
    campaign_job,
    campaigns,
    changes,
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
    season,
    second_factor,
    staff,
    staff_member,
    staff_names,
    today,
)
from chalicelib.web.office import course as office_course
from chalicelib.web.office import course_messages as office_words
from chalicelib.web.office.edge import DeskBlueprint
from chalicelib.web.teacher import (
    assessment,
    calendar,
    cancel,
    message,
    opinion,
    own_pupils,
    pupil,
    roll,
    start,
    telephones,
    week,
)
from chalicelib.web.teacher import course as own_course

BLUEPRINTS: Final[tuple[DeskBlueprint, ...]] = (
    login.routes,
    browser_link.routes,
    second_factor.routes,
    agents.routes,
    passkeys.routes,
    invitation.routes,
    access.routes,
    logout.routes,
    today.routes,
    find.routes,
    changes.routes,
    reenrolments.routes,
    reenrolments_export.routes,
    reenrolment_decisions.routes,
    reenrolment.routes,
    reenrolment_documents.routes,
    applications.routes,
    application.routes,
    application_documents.routes,
    season.routes,
    periods.routes,
    staff.routes,
    staff_member.routes,
    staff_names.routes,
    funnel.routes,
    report.routes,
    campaigns.routes,
    campaign_job.routes,
    bills.routes,
    family.routes,
    family_acts.routes,
    letter.routes,
    files.routes,
    file_job.routes,
    courses.routes,
    office_course.routes,
    start.routes,
    opinion.routes,
    week.routes,
    calendar.routes,
    cancel.routes,
    course_cancel.routes,
    assessment.routes,
    pupil.routes,
    telephones.routes,
    roll.routes,
    message.routes,
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
