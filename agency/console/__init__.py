"""Shared by all commands: options, the connection to a deployment, output, prompts, private files, exit codes."""
