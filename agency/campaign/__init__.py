"""`clef campaign`, `clef remind`, `clef progress`: families are written to, reminded, counted."""
