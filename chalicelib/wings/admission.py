"""The wing of admission: applications of new families, places, draws and offers."""

from typing import Final

from chalicelib.wings.wing import Wing

_PLACES: Final = "chalicelib.office.admission.places_job"
_FINDINGS: Final = "chalicelib.presentation.office.place_findings"

ADMISSION: Final = Wing(
    "admission",
    modules=(
        *("admission", "admission_jobs", "admission_stores", "applicant", "applicants", "application"),
        *("application_lines", "application_summaries", "applications", "applications_export", "claims"),
        *("draw_pages", "draws", "offers", "place_findings", "places", "pools"),
    ),
    tables={"Applications": "", "Places": ""},
    passing_tables=("Applicants",),
    routes={
        "applicant": tuple(
            f"chalicelib.web.applicant.{page}:routes"
            for page in ("access", "application", "guardian", "candidate", "documents", "summary")
        ),
        "desk": tuple(
            f"chalicelib.web.office.{page}:routes" for page in ("applications", "application", "draws", "places")
        ),
    },
    parts={
        "DescribedMail": (
            "chalicelib.flows.applicant.application:RECEIPT",
            "chalicelib.flows.applicant.answer_mails:ANSWER",
            "chalicelib.flows.applicant.answer_mails:WITHDRAWAL",
            "chalicelib.office.admission.mails:MAIL",
            "chalicelib.office.admission.offers:MAIL",
        ),
        "TodayTask": ("chalicelib.web.office.applications:TODAY",),
        "FamilyPart": ("chalicelib.office.admission.today:FAMILY_PART",),
    },
    writers={"chalicelib.mail.admission_jobs:AdmissionCode": "chalicelib.flows.applicant.access:mail_code"},
    static_pages=(("chalicelib.office.admission.draws:all_draws", "chalicelib.presentation.draw_pages:draw_pages"),),
    texts=("chalicelib.presentation.office.applications:FACT_TEXTS",),
    trails=("demande",),
    jobs={
        "places": (f"{_PLACES}:work_on_places", f"{_FINDINGS}:REPORT"),
        "offers": (f"{_PLACES}:work_on_offers", f"{_FINDINGS}:OFFER_REPORT"),
    },
    commands={
        "requests": (
            "Les demandes de pré-inscription : la liste, le fichier, le bilan, la purge. Décider se fait au bureau.",
            {
                "list": "agency.admission.applications:list_applications",
                "export": "agency.admission.export:export",
                "report": "agency.admission.report:report",
                "purge": "agency.rights.purge_applications:purge_old_applications",
            },
        )
    },
)
