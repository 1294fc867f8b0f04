"""The embedded stack: the real template, state machine and handlers on one machine, without Docker or an account."""
