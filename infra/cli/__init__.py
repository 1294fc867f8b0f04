"""The command line. Each command is a thin file; what it needs is imported when it runs, so that it starts quickly."""
