"""Records, sealed blobs, keys and the audit chain: all that outlives a process."""

from redactor.store import identities, meetings, reviewing  # every table is known before any is asked for

__all__ = ["identities", "meetings", "reviewing"]
