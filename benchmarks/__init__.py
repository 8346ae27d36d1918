"""Speed, memory and quality, each measured by one command."""
