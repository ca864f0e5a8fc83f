"""Settings: `network.toml`, which an agency edits, checked, and the environment."""
