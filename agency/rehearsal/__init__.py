"""`clef rehearse`: an opening, rehearsed on a deployed stage."""
