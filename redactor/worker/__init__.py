"""The worker: runs the pipeline for due jobs, in a process of its own. Killing it at any moment loses nothing."""
