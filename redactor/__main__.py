"""``python -m redactor`` is the command line."""

from redactor.cli import main

main()
