"""The portal of suppliers and buyers."""
