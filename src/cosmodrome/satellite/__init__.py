"""A spacecraft and its budgets: power, link, data, delta-v and mass."""
