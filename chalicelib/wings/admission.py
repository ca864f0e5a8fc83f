"""The wing of admission: applications of new families, places, draws and offers."""

from typing import Final

from chalicelib.wings.wing import Wing

_PLACES: Final = "chalicelib.office.admission.places_job"
_FINDINGS: Final = "chalicelib.presentation.office.place_findings"

ADMISSION: Final = Wing(
    "admission",
    modules=(
        *("chalicelib.**.admission", "chalicelib.**.admission_jobs", "chalicelib.**.admission_stores"),
        *("chalicelib.**.applicant", "chalicelib.**.applicants", "chalicelib.**.application"),
        *("chalicelib.**.application_lines", "chalicelib.**.application_summaries", "chalicelib.**.applications"),
        *("chalicelib.**.applications_export", "chalicelib.**.claims", "chalicelib.**.draw_pages"),
        *("chalicelib.**.draws", "chalicelib.**.offers", "chalicelib.**.place_findings", "chalicelib.**.places"),
        "chalicelib.**.pools",
    ),
    tables={"Applications": "", "Places": ""},
    passing_tables=("Applicants",),
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
