"""Orders for their parties: list, one order, bringing orders in from files."""
