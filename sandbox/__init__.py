"""A miniature Norway with known truth: servers that speak five real protocols over invented bodies.

A process of its own (`python -m sandbox serve`). It imports nothing of the other rooms and nothing imports it; it needs the
standard library only. Every body, person, number and address in it is invented.
"""
