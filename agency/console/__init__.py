"""What every command shares: options, the deployment it speaks to, output, prompts, private files, exit codes."""
