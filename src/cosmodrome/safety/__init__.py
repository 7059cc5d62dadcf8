"""What comes down where: drop zones, hazard areas and casualty expectation, as planning aids."""
