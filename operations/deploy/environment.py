"""The environment of the office's services on a deployed stage, for commands on an operator's machine."""

from dataclasses import asdict
from typing import Final

from chalicelib.domain.account.keys import Use, variable
from operations.deploy.aws import Aws
from operations.deploy.keys import Keys
from operations.deploy.stack import Outputs, public_address
from operations.deploy.stages import Stage

_USES: Final[tuple[Use, ...]] = ("jobs", "staff-links")  # keys of the mails, letters and links that commands make


def office_environment(aws: Aws, stage: Stage, outputs: Outputs, keys: Keys) -> dict[str, str]:
    """Build the environment variables that `load_settings` reads, as a function of the office has them."""
    resources = asdict(outputs) | {f"{name}_table": table for name, table in outputs.wing_tables.items()}
    del resources["wing_tables"]  # those that are no settings are not read
    environment = {
        "CLEF_SLOW_MAIL_QUEUE_URL": outputs.mail_queue_url,
        **{f"CLEF_{name.upper()}": value for name, value in resources.items() if value},
        "CLEF_RECORD_KEY": keys.record_key,
        **{variable(use): keys.of_use(use) for use in _USES},
        "CLEF_CDN_SECRET_DIGESTS": "0" * 64,  # no request comes in here
        "CLEF_PUBLIC_URL": public_address(aws, stage, outputs).url,
    }
    return environment | ({"CLEF_ENDPOINT_URL": aws.endpoint_url} if aws.endpoint_url else {})
