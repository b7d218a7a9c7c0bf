"""From the figures of algorithm 2 to the words and drawings of their page. Pure but for the translations.

Results of algorithm 1 keep `assessments/reading.py`.
"""

from assessments.reading_2.page import Balance, Reading, draw, read

__all__ = ("Balance", "Reading", "draw", "read")
