"""The requests of a family and of a new family, as a browser without JavaScript sends them."""
