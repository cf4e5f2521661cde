"""The demo marketplace: a server of its own whose listings are written here and whose prices are simulated.

It speaks the shapes of eBay's Browse API and serves item pages as agents do. ``python -m sourcing.demo --port 8900``
starts it. Pure Python: no Django, no database.
"""
