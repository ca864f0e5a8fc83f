"""Writes a wing that works, for a developer to change: `make wing NAME=loans TITLE="Prêts"`."""
