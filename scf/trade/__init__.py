"""Owns orders, deliveries, receipts and invoices with their lines, and the import of orders from
files.

Verbs: create, confirm, cancel and share an order; reserve, release and close its lines; ship,
record a receipt, record an invoice; upload, check, confirm and refuse an import. Always true: a
line is reserved by one application at most, no more is accepted than was shipped, and money
follows accepted quantities by K7. Orders of other parties do not exist for the asker.
"""
