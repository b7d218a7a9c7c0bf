"""Scoring, algorithm 2: every figure with its error, and no word that goes further than the error allows.

What is the same as in algorithm 1 (`assessments/scoring.py`) is taken from there; the rules that differ are here.
`tests/vectors/balance-1-algorithm-2.json` holds it.
"""
