"""How the process lives with its surroundings: the terminal, signals, and errors that nobody awaits."""
