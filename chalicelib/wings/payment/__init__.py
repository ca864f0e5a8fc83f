"""The wing of payments: a family pays its bills online by PayFiP, and the régisseur sees each payment."""

from typing import Final

from chalicelib.wings.wing import Wing

PAYMENT: Final = Wing(
    "payment",
    is_default=False,
    tables={"Payments": r"(.+)"},
    routes={"family": (f"{__name__}.web.family:routes",), "desk": (f"{__name__}.web.office:routes",)},
    parts={
        "OnlinePart": (f"{__name__}.flows.pay:ONLINE_PART",),
        "DescribedMail": (f"{__name__}.office.mails:MAIL",),
        "FamilyPart": (f"{__name__}.office.payments:FAMILY_PART",),
        "TodayPart": (f"{__name__}.office.payments:TODAY_PART",),
        "FamilyMatter": (f"{__name__}.web.office:MATTER",),
        "TodayTask": (f"{__name__}.web.office:TODAY",),
        "RightsPart": (f"{__name__}.office.rights:RIGHTS_PART",),
    },
    writers={f"{__name__}.mail:PaymentQuestion": f"{__name__}.flows.questions:work_on_question"},
    sentences=(f"{__name__}.presentation:SENTENCES",),
    links={"desk:reenrolments": (("payments", "Paiements", "/extranet/bureau/paiements", "reader", ""),)},
)
