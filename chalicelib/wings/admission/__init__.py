"""The wing of admission: applications of new families, places, draws and offers."""

from typing import Final

from chalicelib.wings.wing import Wing

_PLACES: Final = f"{__name__}.office.places_job"
_FINDINGS: Final = f"{__name__}.presentation.office.place_findings"

ADMISSION: Final = Wing(
    "admission",
    tables={"Applications": "", "Places": ""},
    passing_tables=("Applicants",),
    functions={"applicant": f"{__name__}.web.functions:declaration", "offers": f"{__name__}.work:jobs"},
    stores={"desk": ("admission",)},
    routes={
        "applicant": tuple(
            f"{__name__}.web.{page}:routes"
            for page in ("access", "application", "guardian", "candidate", "documents", "summary")
        ),
        "desk": tuple(
            f"{__name__}.web.office.{page}:routes"
            for page in ("applications", "application_decisions", "application", "application_turn", "draws", "places")
        ),
    },
    parts={
        "DescribedMail": (
            f"{__name__}.flows.application:RECEIPT",
            f"{__name__}.flows.answer_mails:ANSWER",
            f"{__name__}.flows.answer_mails:WITHDRAWAL",
            f"{__name__}.office.mails:MAIL",
            f"{__name__}.office.offers:MAIL",
        ),
        "DecidedList": (f"{__name__}.office.list_decision:REQUESTED",),
        "TodayTask": (f"{__name__}.web.office.applications:TODAY",),
        "FilesPart": (f"{__name__}.web.office.application_turn:FILES",),
        "FamilyPart": (f"{__name__}.office.today:FAMILY_PART",),
        "DeclaredData": (f"{__name__}.office.rights:DATA",),
        "FileSearch": (f"{__name__}.web.office.applications:SEARCH",),
    },
    writers={f"{__name__}.mail:AdmissionCode": f"{__name__}.flows.access:mail_code"},
    static_pages=((f"{__name__}.office.draws:all_draws", f"{__name__}.presentation.draw_pages:draw_pages"),),
    texts=(f"{__name__}.presentation.office.applications:FACT_TEXTS",),
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
    links={
        "doors:/extranet/usager": (
            (
                "/extranet/pre-inscription",
                "Pré-inscription",
                "Uniquement pour les nouvelles demandes : ne concerne pas les élèves déjà inscrits.",
            ),
        ),
        "site_map:/usager/identifiant-perdu": (
            ("/pre-inscription", "Pré-inscription : première demande"),
            ("/pre-inscription/suivi", "Où en est ma demande"),
            ("/tirages", "Tirages au sort"),
        ),
        "desk:reenrolments": (("requests", "Demandes", "/extranet/bureau/demandes", "reader", "4"),),
        "season:/extranet/bureau/saison/bilan": (
            ("/extranet/bureau/saison/places", "Places des nouveaux élèves", "reader"),
            ("/extranet/bureau/saison/tirages", "Tirages au sort", "reader"),
        ),
    },
)
