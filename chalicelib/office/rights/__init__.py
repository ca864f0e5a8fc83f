"""What a family may ask of its data (RGPD): a copy of all of it, and that none is left; and the purge."""
