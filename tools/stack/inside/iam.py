"""IAM where MiniStack's differs from AWS's: it holds each function to its role, but names two things otherwise."""

import json
from email.utils import parseaddr
from typing import Any

from ministack import app
from ministack.core import iam_actions
from ministack.core.responses import get_account_id, get_region


def name_actions_as_aws_does() -> None:
    """Allow a batch of messages by `sqs:SendMessage`; hold a mail against identity, configuration set and sender."""
    extract = iam_actions.extract_iam_action

    def action(service: str, *request: Any) -> str | None:  # noqa: ANN401 - whatever MiniStack hands on
        name: str | None = extract(service, *request)
        return name.removesuffix("Batch") if service == "sqs" and name else name

    iam_actions.extract_iam_action = action
    other = app._enforce_ses_v2  # noqa: SLF001 - it has no door for that

    def enforce(method: str, path: str, headers: Any, body: bytes, query: Any, request: str) -> Any:  # noqa: ANN401, PLR0913, PLR0917 - the same
        if path != "/v2/email/outbound-emails":
            return other(method, path, headers, body, query, request)
        mail = json.loads(body)
        sender = parseaddr(mail.get("FromEmailAddress", ""))[1]
        prefix = f"arn:aws:ses:{get_region()}:{get_account_id()}"
        # As in the sandbox, and with the parent domain verified: the recipients' identities too.
        identities = [sender.partition("@")[2].partition(".")[2], *mail.get("Destination", {}).get("ToAddresses", [])]
        needed = [f"{prefix}:identity/{identity}" for identity in identities]
        if used := mail.get("ConfigurationSetName"):
            needed.append(f"{prefix}:configuration-set/{used}")
        refusals = (
            app._enforce_data_plane(  # noqa: SLF001 - the same
                "sesv2",
                "ses:SendEmail",
                headers,
                query,
                request,
                resource_arn=arn,
                service_context={"ses:fromaddress": sender},
                named_resource=arn,
            )
            for arn in needed
        )
        return next(filter(None, refusals), None)

    app._enforce_ses_v2 = enforce  # noqa: SLF001 - the same
