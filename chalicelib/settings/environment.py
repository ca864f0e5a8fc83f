"""Settings: the environment, checked at every start, and the network, checked before it is shipped."""

import os
import re
from collections.abc import Mapping
from dataclasses import MISSING, Field, field, fields, replace
from pathlib import Path
from typing import Any, Final

from chalicelib.domain.account.keys import KeyMissing, KeyRing, Use, read_keys, variable
from chalicelib.settings.network import FranceConnect, Network, Site
from chalicelib.settings.parts import has_control_characters
from chalicelib.settings.source import NETWORK_FILE, shipped_network
from chalicelib.settings.wings import is_missing
from chalicelib.values import frozen

__all__ = ["NETWORK_FILE", "Network", "Settings", "SettingsRefused", "Site", "load_network", "load_settings"]

_TABLE: Final = "_table"  # ends the setting of a table


class SettingsRefused(ValueError):
    """The environment has missing or invalid settings. `mistakes`: the reasons by setting name."""

    def __init__(self, mistakes: Mapping[str, str]) -> None:
        super().__init__("\n".join(f"CLEF_{name.upper()} {why}" for name, why in mistakes.items()))
        self.mistakes = mistakes


@frozen(kw_only=True)
class Settings:
    """The settings of the stage: names of the AWS resources, keys, and the network."""

    accounts_table: str
    mailboxes_table: str
    sessions_table: str
    attempts_table: str
    office_table: str
    enrolments_table: str
    staff_table: str
    documents_bucket: str
    mail_queue_url: str
    slow_mail_queue_url: str
    record_key: str = field(repr=False, metadata={"min_length": 32})
    cdn_secret_digests: tuple[str, ...] = field(metadata={"pattern": r"^[0-9a-f]{64}(\s+[0-9a-f]{64})*$"})
    endpoint_url: str | None = None
    proconnect_secret: str | None = field(default=None, repr=False)  # of our client there, for the desk's function
    franceconnect_secret: str | None = field(default=None, repr=False)  # of our client there, for families
    desk_jobs_function: str | None = None  # for the post, which starts both
    rolls_function: str | None = None
    pages_bucket: str | None = None  # for the desk's jobs, which publish the pages that show the period
    version: str | None = None  # for the foot of the desk's pages, in its function alone
    configuration_set: str | None = None  # of SES: publishes delivery events
    keys: Mapping[Use, KeyRing] = field(default_factory=dict, repr=False)  # `CLEF_KEY_…`: of the uses it has
    wing_tables: Mapping[str, str] = field(default_factory=dict)  # `applications_table`…: those of wings
    network: Network

    def key_ring(self, use: Use) -> KeyRing:
        """Return the keys of a use. Raises `KeyMissing` if the template does not give them to this function."""
        if use not in self.keys:
            raise KeyMissing(f"this function has no {variable(use)}")
        return self.keys[use]

    def table(self, name: str) -> str:
        """Return the name of a table, by its logical name. Raises `SettingsRefused` if this function has none.

        Empty for one that was never made, of a wing left out that keeps others: it has no items.
        """
        setting = f"{name.lower()}{_TABLE}"
        table = self.wing_tables.get(setting) or getattr(self, setting, None)
        if not table and not is_missing(name, self.wing_tables):
            raise SettingsRefused({setting: "is missing"})
        return str(table or "")


def load_network(stage: Mapping[str, Any] | None = None, path: Path = NETWORK_FILE) -> Network:
    """Load the network. The stage's values (its public address, its sender, other origins) take precedence.

    Raises `SettingsRefused` for the stage's part, and as `network_file.read` if it is read from its file.
    """
    overrides = dict(stage or {})
    _refuse_mistakes(Network, overrides, set(overrides))
    return _find_network(path, overrides)


def _find_network(path: Path, overrides: Mapping[str, Any]) -> Network:
    """Return the network as checked before it was shipped. Without a package, read and check it now."""
    if network := shipped_network():
        return replace(network, **overrides)
    # Imported here: pydantic is a third of a cold start (docs/performance.md), and a package does not use it.
    from chalicelib.settings import network_file  # noqa: PLC0415

    return network_file.read(path, overrides)


def load_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the environment (`CLEF_…`). Raises `SettingsRefused` with all its mistakes."""
    variables = {
        name.removeprefix("CLEF_").lower(): value.strip() for name, value in environ.items() if name.startswith("CLEF_")
    }
    names = {about.name for about in fields(Settings)} - {"network", "keys", "wing_tables"}
    keys, mistakes = read_keys(variables)
    _refuse_mistakes(Settings, variables, names, mistakes)
    stage: dict[str, Any] = {name: variables[name] for name in ("public_url", "sender") if name in variables}
    if "other_origins" in variables:
        stage["other_origins"] = tuple(variables["other_origins"].split())
    if "franceconnect" in variables:  # « issuer client », for a stage that does not use the network's
        issuer, client_id = variables["franceconnect"].split()
        stage["franceconnect"] = FranceConnect(issuer, client_id)
    values: dict[str, Any] = {name: variables[name] for name in names if name in variables}
    values["cdn_secret_digests"] = tuple(variables["cdn_secret_digests"].split())
    tables = {name: variables[name] for name in variables.keys() - names if name.endswith(_TABLE)}
    return Settings(**values, keys=keys, wing_tables=tables, network=load_network(stage))


def _refuse_mistakes(
    kind: type, values: Mapping[str, Any], names: set[str], other_names: Mapping[str, str] = {}
) -> None:
    reasons = {about.name: _mistake(about, values.get(about.name)) for about in fields(kind) if about.name in names}
    if mistakes := {name: why for name, why in (reasons | dict(other_names)).items() if why}:
        raise SettingsRefused(mistakes)


def _mistake(about: Field[Any], value: object) -> str | None:
    """Find the mistake in a value. It never contains the value, which may be a key."""
    if value is None:
        return "is missing" if about.default is MISSING else None
    if not isinstance(value, str):
        return None
    if not value:
        return "is empty"
    if has_control_characters(value):
        return "has a line break or another control character"
    if len(value) < (shortest := about.metadata.get("min_length", 1)):
        return f"has fewer than {shortest} characters"
    pattern = about.metadata.get("pattern", "")
    return None if re.search(pattern, value) else f"does not match {pattern}"
