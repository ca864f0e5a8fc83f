"""What every command shares: its options, the deployment it speaks to, its tables, prompts, files and endings."""
