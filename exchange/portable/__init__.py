"""Export of what people write to each other, to those who run the site, and for all to read.

There is no import: it could be forged.
"""
