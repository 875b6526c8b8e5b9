"""Owns the lending book: schedule, accrual, what is due, allocation, overdue, annual rates.

The maths is pure (no Django): `book.fold(terms, actions, as_of=)` lives a loan through its dated
actions; `quotes`, `offer` and `apr` answer questions about it. The rows keep terms, actions and
postings; verbs: register, commit, open, draw, take back, record a repayment, close a day, collect
what is due, repay, refund; propose, approve or refuse a decision of two persons (cost, waiver,
restructuring, write-off, grade, technical exception, undo); grade a close, provide a month end;
demand of the core enterprise and take its payment. Always true: draws = principal outstanding +
principal paid; what was posted is never edited, a replay posts differences; what is booked of
interest is q(exact cumulative) (K5); ledger and rows say what the fold of the actions says.

Beside it, each in a package of its own: `collections` (tasks and notes of overdue loans) and
`reports` (the book at the end of a month). `portfolio` answers for many loans, `reading` for one.
"""
