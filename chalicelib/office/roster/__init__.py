"""The yearly file comes in: surveyed first, then carried out."""
