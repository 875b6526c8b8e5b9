"""Applications for financing: the list, and applying step by step."""
