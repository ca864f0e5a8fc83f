"""`clef campaign`, `clef remind`, `clef progress`: families are told, reminded, counted."""
