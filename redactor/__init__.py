"""Redactor: find, decide, remove, prove. Document redaction for UK children's safeguarding partnerships."""
