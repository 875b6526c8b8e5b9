"""Collecting what is overdue: a task per overdue loan, and what was said, in notes kept for good.

A task is opened when a loan falls overdue and lifted when it is paid up; in between one bank
person has it. Notes are the bank's own: the borrower never sees them.
"""
