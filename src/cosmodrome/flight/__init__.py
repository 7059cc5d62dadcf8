"""The vehicle and the forces on it, written once for arrays and symbols."""
