"""How often the questionnaire is wrong: simulated people whose usual answers are known answer again and again.

`people.py` invents them, `cell.py` has the product score what they answer, `figures.py` adds that up for the file that
the public page reads, and `goals.py` compares it with what is wanted.
"""
