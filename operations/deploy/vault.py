"""A stage's vault: daily copies of its tables and documents, which no one key can delete (decision 138)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from operations.deploy.aws import Aws
from operations.deploy.checks import Deployed, Fault
from operations.deploy.commands import NotReady, Tell, command
from operations.deploy.stack import resource_names
from operations.restore.differences import DOCUMENTS, TABLES

_LATE: Final = timedelta(days=2)
_WHOLE: Final = "COMPLETED"
_LOOKS: Final = 360  # two hours, every twenty seconds


@dataclass(frozen=True)
class Vault:
    """A vault of AWS Backup."""

    aws: Aws
    name: str

    @property
    def _backup(self) -> Any:  # noqa: ANN401 - a client
        return self.aws.client("backup")

    def copies(self) -> list[dict[str, Any]]:
        """List its copies, the newest first."""
        pages = self._backup.get_paginator("list_recovery_points_by_backup_vault").paginate(BackupVaultName=self.name)
        return sorted(pages.search("RecoveryPoints[]"), key=lambda copy: copy["CreationDate"], reverse=True)

    def restore(self, second: Mapping[str, str], at: datetime, tell: Tell, pause: float) -> None:
        """Make the missing second tables, by the live ones' names, from the first copies since a second, and wait.

        Never from a copy before it: an erasure in between would be unknown. Raises `NotReady` without such a copy.
        """
        dynamodb = self.aws.client("dynamodb")
        table_names = set(dynamodb.get_paginator("list_tables").paginate().search("TableNames[]"))
        first = {_name(copy): copy for copy in self.copies() if copy["Status"] == _WHOLE and copy["CreationDate"] >= at}
        tables = {live: name for live, name in second.items() if name not in table_names}
        if uncopied_names := sorted(tables.keys() - first.keys()):
            raise NotReady(f"{self.name} has no copy since {at:%Y-%m-%dT%H:%M:%SZ} of {', '.join(uncopied_names)}.")
        for live, name in tables.items():
            self._backup.start_restore_job(
                RecoveryPointArn=first[live]["RecoveryPointArn"],
                IamRoleArn=first[live]["IamRoleArn"],
                ResourceType="DynamoDB",
                Metadata={"targetTableName": name, "encryptionType": "Default"},
            )
            tell(f"  {name}: begun, from the copy of {first[live]['CreationDate']:%Y-%m-%dT%H:%M:%SZ}")
        for name in tables.values():
            dynamodb.get_waiter("table_exists").wait(
                TableName=name, WaiterConfig={"Delay": pause, "MaxAttempts": _LOOKS}
            )

    def leave(self, tell: Tell) -> None:
        """Delete the vault of a removed stage if it is empty. Else say that it stays."""
        copies = self.copies()
        if not copies:
            self._backup.delete_backup_vault(BackupVaultName=self.name)
            return
        until = max(copy["CalculatedLifecycle"]["DeleteAt"] for copy in copies)
        tell(
            f"Stays: the vault {self.name} with {len(copies):,} copies of tables and documents, each deleted by AWS "
            f"after its days, the last by {until:%Y-%m-%d}; then delete it: AWS Backup console, « Vaults »."
        )


def find_vault(aws: Aws, stack: str) -> Vault | None:
    """Find a stack's vault. None where it has none."""
    names = resource_names(aws, stack, ResourceType="AWS::Backup::BackupVault")
    return Vault(aws, names[0]) if names else None


def vault_status(deployment: Deployed) -> Iterator[str]:
    """Check that the vault is locked, and has a recent copy of each table and of the documents."""
    if deployment.stage.settings.vault == "none":
        yield "Vault: none, as stages.toml says"
        return
    vault = find_vault(deployment.aws, deployment.state.name)
    deploy = command("deploy", deployment.stage.name, deployment.aws, "--settings")
    if vault is None:
        yield Fault(f"NO VAULT: one stolen key can delete all: {deploy}")
        return
    about = deployment.aws.client("backup").describe_backup_vault(BackupVaultName=vault.name)
    newest: dict[str, datetime] = {}
    for copy in vault.copies():
        if copy["Status"] == _WHOLE:
            newest.setdefault(_name(copy), copy["CreationDate"])
    outputs, since = deployment.outputs, deployment.now - _LATE
    resources = {table: outputs.tables[table] for table in TABLES if outputs.tables[table]} | {
        DOCUMENTS: outputs.documents_bucket
    }
    recent = [newest[name] for name in resources.values() if name in newest and newest[name] > since]
    lock = "open" if not about.get("Locked") else "locked"
    lock += f", for good from {about['LockDate']:%Y-%m-%d} on" if "LockDate" in about else ""
    first = f", the first at {min(recent):%Y-%m-%dT%H:%M:%SZ}" if recent else ""
    yield f"Vault: {vault.name}, {lock}, {len(recent)} of {len(resources)} copied{first}"
    if lock == "open":
        yield Fault(f"  NOT LOCKED: its copies can be deleted: {deploy} (docs/deploy.md, « The vault »)")
    late = [table for table, name in resources.items() if newest.get(name, about["CreationDate"]) <= since]
    if late:
        yield Fault(f"  NOT COPIED for two days: {', '.join(late)}: AWS Backup console, « Jobs », says why")


def _name(copy: Mapping[str, Any]) -> str:
    """Read the name of a copied table or bucket."""
    return str(copy["ResourceArn"]).replace("/", ":").rpartition(":")[2]
