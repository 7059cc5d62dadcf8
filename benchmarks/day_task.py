"""One day of a low orbit: gravity to degree and order 20 (EGM96), Sun and Moon."""

from __future__ import annotations

START_UTC = "2025-03-20T12:00:00Z"
R_M = (6878e3, 0.0, 0.0)  # GCRF
V_M_S = (0.0, 1000.0, 7500.0)
DAY_S = 86400.0
DEGREE = 20
