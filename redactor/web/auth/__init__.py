"""Signing in with two factors, and accounts."""
