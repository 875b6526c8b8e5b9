"""Owns the lending book: schedule, accrual, what is due, allocation, overdue."""
