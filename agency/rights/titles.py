"""The names of a network's sites, documents and priority groups, as its families know them."""

from chalicelib.settings.environment import Network
from chalicelib.values import frozen


@frozen
class Titles:
    """Titles by code. A code missing from the settings is written without its dashes."""

    network: Network

    def site(self, code: str) -> str:
        """Name a site."""
        site = self.network.site(code)
        return site.name if site else _spaced(code)

    def document(self, code: str) -> str:
        """Name a document asked for, of a re-enrolment or of an application."""
        documents = (*self.network.enrolment.documents, *self.network.admission.documents)
        return next((document.title for document in documents if document.code == code), _spaced(code))

    def group(self, code: str) -> str:
        """Name a priority group."""
        return next((group.title for group in self.network.admission.groups if group.code == code), _spaced(code))


def _spaced(code: str) -> str:
    return code.replace("-", " ")
