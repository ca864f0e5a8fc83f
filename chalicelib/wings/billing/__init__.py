"""The wing of billing: invoices and payments, on families' pages and at the desk."""

from typing import Final

from chalicelib.wings.wing import Wing

BILLING: Final = Wing(
    "billing",
    tables={"Billing": r"(.+)"},
    routes={"family": (f"{__name__}.web.family:routes",), "desk": (f"{__name__}.web.office:routes",)},
    jobs={"invoices": (f"{__name__}.office.invoices_job:work_on_invoices", f"{__name__}.presentation.office:REPORT")},
    parts={
        "HomePart": (f"{__name__}.flows:HOME_PART",),
        "DuesPart": (f"{__name__}.flows:DUES_PART",),
        "FamilyPart": (f"{__name__}.office.balances:FAMILY_PART",),
        "FamilySearch": (f"{__name__}.office.balances:SEARCH",),
        "RightsPart": (f"{__name__}.office.rights:RIGHTS_PART",),
        "FamilyMatter": (f"{__name__}.web.office:MATTER",),
    },
    commands={
        "invoices": (
            "Les factures : la liste et les PDF, au dossier des familles.",
            {"import": "agency.billing.import_invoices:import_invoices"},
        )
    },
    links={
        "family:pupils": (("billing", "Facturation", "/extranet/compte/facturation"),),
        "site_map:/compte/reinscription": (("/compte/facturation", "Facturation"),),
        "desk:reenrolments": (("bills", "Factures", "/extranet/bureau/factures", "reader", "5"),),
    },
)
