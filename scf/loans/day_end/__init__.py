"""The close of a bank day for all loans: one row a loan, exact, made once.

A loan on which nothing happens is closed from its snapshot, thousands at a time
(``quiet.close_quiet``); any other is folded (``services.close_loan_day``). Both give the same row.
"""
