"""Where rockets meet optimisation: legs, equations, guesses, attempts."""
