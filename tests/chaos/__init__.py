"""Chaos: everything goes wrong at once for three replicas on one database, by a seeded plan."""
