"""Carbon credits: reductions of projects, crediting periods, points, and a registry without double
counting.
"""
