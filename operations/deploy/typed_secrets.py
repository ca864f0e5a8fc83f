"""Secrets that an operator types: those of our clients at the State's identity providers."""

from dataclasses import dataclass
from typing import Final

from chalicelib.settings.environment import Network


@dataclass(frozen=True)
class TypedSecret:
    """A secret, stored in the stage's folder, and given to one function by a template parameter.

    `table`: of `network.toml`, which asks for it. `function`: as a sentence begins with it.
    """

    table: str
    provider: str
    function: str

    @property
    def key(self) -> str:
        """The last part of the stored parameter's name. With « -- » before it, the flag of `make deploy`."""
        return f"{self.table}-secret"

    @property
    def parameter(self) -> str:
        """The template's parameter."""
        return f"{self.table.capitalize()}Secret"


TYPED: Final = (
    TypedSecret("proconnect", "ProConnect", "The desk"),
    TypedSecret("franceconnect", "FranceConnect", "The function of families' login methods"),
)


def providers_of(network: Network) -> tuple[str, ...]:
    """List the tables of a network's identity providers."""
    return tuple(secret.table for secret in TYPED if getattr(network, secret.table))
