"""HTML for people; no rules. Sessions, pages, words and looks of the four portals."""
