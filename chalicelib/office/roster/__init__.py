"""The yearly file: surveyed, then imported."""
