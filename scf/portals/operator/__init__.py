"""The portal of the operator."""
