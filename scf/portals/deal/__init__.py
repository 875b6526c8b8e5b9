"""The pages of one deal, shared by all its parties: each sees its own part and its own buttons."""
