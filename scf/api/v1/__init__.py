"""Version 1: one resource a module, each with what it takes and gives."""
