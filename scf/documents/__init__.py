"""Owns uploaded and generated files: their hash, type check, who may read them, and PDF papers.

Verbs: store, open and share a document; issue a paper. Must stay true: the bytes on disk have the
hash
of the row, a file is stored under a random name, and who is not in the audience finds nothing.
"""
