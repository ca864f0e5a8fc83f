"""HTTP in, HTML out: the edge, and one blueprint per flow."""
