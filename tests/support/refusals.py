"""Refusals of the office, as its pages write them."""

from chalicelib.office.refusals import OfficeRefusal
from chalicelib.presentation.office import refusals
from chalicelib.settings.environment import load_network


def sentence_of(refusal: OfficeRefusal) -> str:
    """Write a refusal for a page of the network."""
    return refusals.sentence_of(refusal, load_network())
