"""When to launch: instants for a plane, their conditions, and who is in the way."""
