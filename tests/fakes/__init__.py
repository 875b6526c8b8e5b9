"""Stand-ins for what is outside: they behave, they are not told what to answer."""
