"""Members of staff: who they are, what their role opens, and how they prove it."""
