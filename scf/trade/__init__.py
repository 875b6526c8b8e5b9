"""Owns orders, deliveries, receipts and invoices with their lines, and their import."""
