"""A local AWS for the rehearsal: ministack, and what it leaves out, one module per service."""
