"""The wing of campaigns: notices to all families, by mail and by post."""

from typing import Final

from chalicelib.wings.wing import Wing

CAMPAIGN: Final = Wing(
    "campaign",
    modules=(
        *("campaign", "campaign_jobs", "campaigns", "campaign_plan", "presentation.office.funnel"),
        "web.office.letter",
    ),
    routes={"desk": ("chalicelib.web.office.campaigns:routes", "chalicelib.web.office.letter:routes")},
    writers={"chalicelib.mail.campaign_jobs:CampaignNotice": "chalicelib.office.campaign.notice:write"},
    jobs={"campaign": ("chalicelib.office.campaign.campaign_job:run_campaign_job", "")},
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
)
