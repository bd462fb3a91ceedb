"""One fixture a fault, and what a curator is told of it."""
