"""Words everything else is made of: period, place, units, citations, dated tables, numeric,
notation, errors.
"""
