"""The requests of a family, as a browser without JavaScript sends them."""
