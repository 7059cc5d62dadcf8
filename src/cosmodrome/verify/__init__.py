"""The re-flight and the judgement; never meets the optimiser."""
