"""The office and applications: decisions, places, offers and draws."""
