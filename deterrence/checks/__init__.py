"""Certificates of games that are no tree: each computed from the definition of its game, apart from its solver."""
