"""Champion and challenger in figures, and the gate between them. Pure."""
