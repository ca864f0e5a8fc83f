"""Data rights (RGPD): export of all of a family's data, its erasure, and the purge."""
