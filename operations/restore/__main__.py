"""`make restore STAGE=… AT=…`: the command's arguments."""

import argparse
import os
import sys
from datetime import UTC, datetime
from typing import Final

from chalicelib import wiring
from chalicelib.domain.account.identifiers import identifier_from
from chalicelib.services.office import OfficeServices
from chalicelib.settings.environment import load_settings
from operations.deploy.aws import Aws
from operations.deploy.commands import NotReady, arguments, ask, command, run, tell
from operations.deploy.environment import office_environment
from operations.deploy.keys import KeyStore
from operations.deploy.stack import deployed_outputs, find_stack
from operations.deploy.stages import Stage
from operations.deploy.vault import find_vault
from operations.restore.differences import DOCUMENTS, TABLES, RestoreChoice
from operations.restore.restore import Restore

_PATIENCE: Final = 30  # seconds, for a page of a table


def main() -> int:
    """Read the command's arguments and restore."""
    parser = arguments("restore", "Compare a stage with its state at a second, and copy back what is chosen.")
    add = parser.add_argument
    add("--at", type=parse_second, help="the second, in UTC: 2027-09-03T08:15:00Z (make: AT=…)")
    add("--family", nargs=2, action="append", default=[], metavar=("SITE", "IDENTIFIER"), help="one family, all tables")
    add(
        "--item", nargs=3, action="append", default=[], metavar=("TABLE", "SITE", "IDENTIFIER"), help="one item, by key"
    )
    add("--site", default="", metavar="CODE", help="what belongs to a site (« * »: to none)")
    add("--table", default="", choices=(*TABLES, DOCUMENTS), help="one table; Staff comes back only by this name")
    add("--all", action="store_true", help="all sites and tables but Staff")
    add("--erased", nargs=2, action="append", default=[], metavar=("SITE", "NAME"),
        help="an identifier or a receipt's number, erased without a record of it, that stays away")  # fmt: skip
    add("--from-vault", action="store_true", help="from the vault's first copies since the second")
    add("--list", action="store_true", help="name all that would be copied, not only the first forty lines")
    add("--yes", action="store_true", help="do not ask (make: ARGS=--yes)")
    add("--done", action="store_true", help="delete the second tables")
    options = parser.parse_args()
    return run(options, lambda aws, stage: _restore(aws, stage, options))


def _restore(aws: Aws, stage: Stage, arguments: argparse.Namespace) -> int:
    if arguments.at is None:
        raise NotReady("Missing: the second to restore, in UTC, as AT=2027-09-03T08:15:00Z.")
    state = find_stack(aws, stage.stack)
    outputs = deployed_outputs(state)
    if outputs is None:
        raise NotReady(f"{stage.name} is not deployed: {command('deploy', stage.name, aws)}")
    keys = KeyStore(aws.client("ssm"), stage.name, state).find()
    if keys is None:
        raise NotReady(f"The secrets of {stage.name} are lost: docs/runbook.md, « A lost key ».")
    families, erased_names = (
        frozenset((site, identifier_from(name)) for site, name in pairs)
        for pairs in (arguments.family, arguments.erased)
    )
    restore = Restore(
        aws,
        stage,
        _services(stage, office_environment(aws, stage, outputs, keys)),
        outputs.tables,
        outputs.documents_bucket,
        arguments.at,
        tell,
        ask,
        RestoreChoice(arguments.all, arguments.site, arguments.table, families, frozenset(map(tuple, arguments.item))),
        erased_names,
        says_yes=arguments.yes,
        lists_all=arguments.list,
        vault=find_vault(aws, stage.stack) if arguments.from_vault else None,
    )
    if arguments.from_vault and restore.vault is None:
        raise NotReady(f"{stage.name} has no vault.")
    return restore.finish() if arguments.done else restore.run()


def _services(stage: Stage, environment: dict[str, str]) -> OfficeServices:
    os.environ["AWS_DEFAULT_REGION"] = stage.settings.region  # overrides the profile
    return OfficeServices.over(wiring.build(load_settings(environment), 5, _PATIENCE))


def parse_second(text: str) -> datetime:
    """Parse the second to restore. Raises argparse's error."""
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise argparse.ArgumentTypeError(f"« {text} » is not a second like 2027-09-03T08:15:00Z") from None


if __name__ == "__main__":
    sys.exit(main())
