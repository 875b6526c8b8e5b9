"""The portal of the bank."""
