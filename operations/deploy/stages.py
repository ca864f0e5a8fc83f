"""The stages of `stages.toml`, read and validated with one sentence per mistake."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator, model_validator

from chalicelib.settings.environment import load_network
from chalicelib.settings.source import NETWORK_FILE
from chalicelib.settings.wings import WINGS
from operations.deploy.capacity import APPLICATION, CALENDARS, FRANCECONNECT_LOGIN, JOURNEY, at_once
from operations.runtime import Architecture
from operations.version import PROJECT, STAGES_FILE

PROD = "prod"
ALL = "all-"  # begins the name of several stages: « all-prod » is prod, essonne-prod…

_WATCHES = ("eu-central-1", "eu-west-1")  # canaries' regions, where the stage names none
_DOMAIN = r"([a-z0-9-]+\.)+[a-z]{2,}"
_EMAIL = rf"[^@\s]+@{_DOMAIN}"
_WANTED = {
    "region": "an AWS region, « eu-west-3 » for Paris",
    "canary_region": "another AWS region than the stage's, « eu-central-1 » for Frankfurt, or leave it out",
    "domain": "a name like « extranet.example.fr », without https:// and in lower case, or empty",
    "sender_identity": "the domain or address that SES has verified for the sender of chalicelib/settings/network.toml",
    "mail_from": "a name below the domain of sender_identity, « rebond.extranet.example.fr », or leave it out",
    "alarm_email": "the e-mail address that gets the alarms",
    "monthly_budget": "whole US dollars a month, 1 or more",
    "families": "a whole number: how many may come in the minute in which a re-enrolment opens",
    "new_families": "a whole number: how many may come in the minute in which the requests of new families open",
    "reserved_concurrency": "families, of which it is computed; or the most requests at the same time, 0 for none",
    "architecture": "« x86_64 » or « arm64 »",
    "keep_accounts": "true or false",
    "account": "the twelve digits of its AWS account between quotation marks, or leave it out",
    "profile": "the name of a profile of ~/.aws, or leave it out",
    "network": "a file of this checkout, « networks/essonne.toml », or leave it out",
    "vault": "« governance », « compliance » or « none »",
}


def _has(function: str) -> bool:
    return any(function in wing.functions for wing in WINGS)


class StageRefused(Exception):
    """`stages.toml` is not complete. `sentences` list the mistakes."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


class StageSettings(BaseModel):
    """One table of `stages.toml`. The file's comments explain each line."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, str_strip_whitespace=True, defer_build=True)

    region: str = Field(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")
    domain: str = Field(pattern=rf"^({_DOMAIN})?$")
    sender_identity: str = Field(pattern=rf"^({_EMAIL}|{_DOMAIN})$")
    mail_from: str = Field(default="", pattern=rf"^({_DOMAIN})?$")
    alarm_email: str = Field(pattern=rf"^{_EMAIL}$")
    monthly_budget: int = Field(ge=1)
    families: int | None = Field(default=None, ge=1)
    new_families: int = Field(default=3000, ge=1)
    reserved_concurrency: int = Field(ge=0)  # configured, or computed by the model from the families
    architecture: Architecture = "x86_64"
    canary_region: str = Field(default="", pattern=r"^([a-z]{2}(-[a-z]+)+-\d)?$")
    keep_accounts: bool = True
    vault: Literal["governance", "compliance", "none"] = "governance"
    network: str = ""
    account: str = Field(default="", pattern=r"^(\d{12})?$")
    profile: str = Field(default="", pattern=r"^[\w.@+-]*$")

    @property
    def network_file(self) -> Path:
        """The file of its network: the checkout's own, unless the stage names another."""
        return PROJECT / self.network if self.network else NETWORK_FILE

    @property
    def network_name(self) -> str:
        """Its file as people read it."""
        return self.network or "chalicelib/settings/network.toml"

    @property
    def watched_from(self) -> str:
        """The canary's region: never the stage's own, whose failure it must see."""
        return self.canary_region or next(region for region in _WATCHES if region != self.region)

    @property
    def applicant_concurrency(self) -> int:
        """The reservation of the applicants' function: by the model, or 0 where the stage reserves none."""
        return at_once(self.new_families, APPLICATION) if self.reserved_concurrency and _has("applicant") else 0

    @property
    def sign_in_concurrency(self) -> int:
        """The reservation for families' login methods, if all of the opening minute came by them."""
        return round(self.reserved_concurrency / JOURNEY * FRANCECONNECT_LOGIN)

    @property
    def beside(self) -> int:
        """The concurrency reserved for functions other than the families'."""
        reservations = self.applicant_concurrency + self.sign_in_concurrency
        return reservations + (CALENDARS if self.reserved_concurrency and _has("calendars") else 0)

    @field_validator("network")
    @classmethod
    def _is_there(cls, network: str) -> str:
        if network and not (PROJECT / network).is_file():
            raise ValueError("no such file")
        return network

    @field_validator("mail_from")
    @classmethod
    def _is_below_the_sender(cls, mail_from: str, info: ValidationInfo) -> str:
        domain = str(info.data.get("sender_identity", "")).rpartition("@")[2]
        if mail_from and not mail_from.endswith(f".{domain}"):
            raise ValueError("SES takes only a name below the domain of its identity")
        return mail_from

    @model_validator(mode="after")
    def _is_watched_from_elsewhere(self) -> "StageSettings":
        if self.canary_region == self.region:
            raise ValueError("canary_region must be another region than the stage's, whose failure it has to see")
        return self

    @model_validator(mode="before")
    @classmethod
    def _reserves_for_its_families(cls, values: Any) -> Any:  # noqa: ANN401 - not validated yet
        families = values.get("families") if isinstance(values, dict) else None
        if type(families) is int and families > 0 and "reserved_concurrency" not in values:
            return values | {"reserved_concurrency": at_once(families)}
        return values


class _Named(BaseModel):
    name: str = Field(pattern=r"^[a-z][a-z0-9-]{0,19}$")
    settings: StageSettings

    @model_validator(mode="after")
    def _prod_keeps_its_accounts_and_copies(self) -> "_Named":
        is_prod = self.name == PROD or self.name.endswith(f"-{PROD}")
        if is_prod and not self.settings.keep_accounts:
            raise ValueError(f"keep_accounts must be true for {self.name}")
        if is_prod and self.settings.vault == "none":
            raise ValueError(f"vault must not be none for {self.name}")
        return self


@dataclass(frozen=True)
class Stage:
    """A stage and its settings."""

    name: str
    settings: StageSettings

    @property
    def stack(self) -> str:
        """The name of its CloudFormation stack."""
        return f"clef-{self.name}"


def load_stage(name: str, path: Path = STAGES_FILE) -> Stage:
    """Read a stage. Raises `StageRefused`, which lists all mistakes at once."""
    tables = _read(path)
    there = ", ".join(sorted(tables)) or "none"
    if not name:
        raise StageRefused([f"the stage's name, as STAGE=…: {path.name} has {there}."])
    if not isinstance(tables.get(name), dict):
        raise StageRefused([f"{path.name} has no table [{name}]: add it (there: {there})."])
    try:
        stage = _Named.model_validate({"name": name, "settings": tables[name]})
    except ValidationError as error:
        raise StageRefused([_sentence(path.name, name, mistake) for mistake in error.errors()]) from None
    return Stage(stage.name, stage.settings)


def names_of(name: str, path: Path = STAGES_FILE) -> list[str]:
    """List the stages that a name stands for, in the file's order: « all-prod » for prod and each that ends in -prod.

    Any other name stands for itself. Raises `StageRefused`.
    """
    if not name.startswith(ALL):
        return [name]
    ending = name.removeprefix(ALL)
    names = [stage for stage in _read(path) if stage == ending or stage.endswith(f"-{ending}")]
    if not names:
        raise StageRefused([f"{path.name} has no table [{ending}], nor one that ends in -{ending}."])
    return names


def check_stages(names: list[str], path: Path = STAGES_FILE) -> None:
    """Read several stages and the network of each, before the first of them begins. Raises `StageRefused` for all."""
    sentences: list[str] = []
    for name in names:
        try:
            settings = load_stage(name, path).settings
            try:
                load_network(path=settings.network_file)
            except ValueError as error:
                sentences.append(f"{settings.network_name} of [{name}] is not complete: {' '.join(str(error).split())}")
        except StageRefused as refusal:
            sentences += refusal.sentences
    if sentences:
        raise StageRefused(sentences)


def stages_of_other_networks(stage: Stage, path: Path = STAGES_FILE) -> list[str]:
    """List the stages with another network file, in the file's order. Raises `StageRefused`."""
    network = stage.settings.network
    return [
        name for name, table in _read(path).items() if isinstance(table, dict) and table.get("network", "") != network
    ]


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise StageRefused([f"{path.name} cannot be read ({error.strerror}): take it from the repository."]) from None
    except tomllib.TOMLDecodeError as error:
        raise StageRefused([f"{path.name} is not TOML: {error}."]) from None


def _sentence(file: str, stage: str, mistake: Any) -> str:  # noqa: ANN401 - pydantic's own dictionary
    field = str(mistake["loc"][-1]) if mistake["loc"] else ""
    place = f"{file}, [{stage}]"
    if field == "name":
        return f"« {stage} » cannot name a stage: lower-case letters, digits and hyphens, at most 20, a letter first."
    if field in _WANTED:
        problem = "is missing" if mistake["type"] == "missing" or not mistake["input"] else "does not fit"
        return f"{place}: {field} {problem}; give {_WANTED[field]}."
    if mistake["type"] == "extra_forbidden":
        return f"{place}: nothing is called {field}; take the line out."
    return f"{place}: {mistake['msg'].removeprefix('Value error, ')}."
