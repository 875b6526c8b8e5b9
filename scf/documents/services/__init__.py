"""The verbs of the room: store, share and open documents; issue papers."""

from scf.documents.services.files import open_document, share_document, store_document
from scf.documents.services.papers import issue_paper

__all__ = ["issue_paper", "open_document", "share_document", "store_document"]
