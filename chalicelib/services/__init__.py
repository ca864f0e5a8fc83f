"""Services: the stores, queues and clocks that flows and the office use."""
