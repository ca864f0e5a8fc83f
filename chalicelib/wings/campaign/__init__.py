"""The wing of campaigns: notices to all families, by mail and by post."""

from typing import Final

from chalicelib.wings.wing import Wing

CAMPAIGN: Final = Wing(
    "campaign",
    routes={"desk": (f"{__name__}.web.office.campaigns:routes", f"{__name__}.web.office.letter:routes")},
    parts={"NoticeCounter": (f"{__name__}.stores:COUNTER",)},
    writers={f"{__name__}.mail:CampaignNotice": f"{__name__}.office.notice:write"},
    jobs={"campaign": (f"{__name__}.office.campaign_job:run_campaign_job", "")},
    commands={
        "campaign": (
            "Le communiqué aux familles, par mail et par courrier.",
            {
                "send": "agency.campaign.send:send",
                "list": "agency.campaign.campaigns:list_campaigns",
                "stop": "agency.campaign.send:stop",
                "letters": "agency.campaign.letters:letters",
            },
        )
    },
    single_commands={"progress": "agency.campaign.progress:progress", "remind": "agency.campaign.send:remind"},
    links={
        "season:": (
            ("/extranet/bureau/saison/avancement", "Où en sont les familles", "reader"),
            ("/extranet/bureau/saison/envois", "Écrire aux familles", "manager"),
        )
    },
)
