"""Background work: queue consumers and schedules."""
