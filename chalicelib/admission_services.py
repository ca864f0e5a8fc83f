"""The stores of new requests, built where they are used: no family's function loads them."""

from chalicelib.services import Services
from chalicelib.stores.applications import Applications
from chalicelib.stores.draws import Draws
from chalicelib.values import frozen


@frozen
class AdmissionStores:
    """What the flows and the office of new requests use besides `Services`."""

    applications: Applications
    draws: Draws


def admission_stores(services: Services) -> AdmissionStores:
    """Build them: they hold nothing of their own."""
    database, settings = services.database, services.settings
    return AdmissionStores(
        applications=Applications(database, settings.applications_table),
        draws=Draws(database, settings.places_table),
    )
