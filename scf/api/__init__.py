"""JSON for machines: the same services as the pages, no rules of its own.

Owns the door (keys, request ids, strict JSON, once-only POSTs), the words of refusals as problem
documents, the schema and its pages. Always true: a key is asked anew for every request, another
organization's things answer as missing ones do, and a POST is done once for its Idempotency-Key.
"""
