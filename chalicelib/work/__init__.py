"""What nobody clicks: queue consumers."""
