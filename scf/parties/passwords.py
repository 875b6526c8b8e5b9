"""What makes a password too weak, where Django's own words lack our language."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _


class LongEnough(MinimumLengthValidator):
    """Django's rule on the length in the reader's language: its Chinese catalogue lacks it."""

    def get_error_message(self) -> str:
        """How long it must be."""
        return _("密码至少 {0} 位").format(self.min_length)
