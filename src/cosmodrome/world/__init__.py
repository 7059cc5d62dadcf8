"""The Earth, its air, time and frames, and the mathematics under them."""
