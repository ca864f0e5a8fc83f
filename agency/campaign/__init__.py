"""`clef campaign`, `clef remind`, `clef progress`: write to families, remind them, count them."""
