"""Owns the inbox, what each person wants told where, and the record of every mail; reads facts by
cursor.

Each fact becomes at most one row a person, whatever dies on the way; a mail that may have left is
never sent again.
"""
