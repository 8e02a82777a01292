"""Records, sealed blobs, keys and the audit chain: all that outlives a process."""
