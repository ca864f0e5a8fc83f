"""The web: an edge for each kind of visitor, and a module for each page."""
