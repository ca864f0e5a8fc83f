"""The edge of families' pages."""

from chalicelib.services.lessons import FamilyServices
from chalicelib.values import frozen
from chalicelib.web.edge import PageRequest


@frozen
class FamilyRequest(PageRequest):
    """A `PageRequest` of a family, with the services of its function."""

    services: FamilyServices
