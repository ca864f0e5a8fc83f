"""The wing of billing: invoices and payments, on families' pages and at the desk."""

from typing import Final

from chalicelib.wings.wing import Wing

BILLING: Final = Wing(
    "billing",
    modules=("billing", "bills", "invoice_findings"),
    tables={"Billing": r"(.+)"},
    routes={"family": ("chalicelib.web.family.billing:routes",), "desk": ("chalicelib.web.office.bills:routes",)},
    jobs={
        "invoices": (
            "chalicelib.office.billing.invoices_job:work_on_invoices",
            "chalicelib.presentation.office.invoice_findings:REPORT",
        )
    },
    parts={
        "HomePart": ("chalicelib.flows.family.billing:HOME_PART",),
        "FamilyPart": ("chalicelib.office.billing.balances:FAMILY_PART",),
        "FamilyMatter": ("chalicelib.web.office.bills:MATTER",),
    },
    commands={
        "invoices": (
            "Les factures : la liste et les PDF, au dossier des familles.",
            {"import": "agency.billing.import_invoices:import_invoices"},
        )
    },
)
