"""Orbital elements, osculating and mean, and arcs of coasting flight."""
