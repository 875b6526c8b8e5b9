"""Structured logs: one JSON object a line, event name first, values as fields."""

import json
import logging

STANDARD = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
SECRET = ("password", "secret", "token", "key_hex", "authorization", "cookie", "totp")


class JsonFormatter(logging.Formatter):
    """One JSON line a record; a field whose name sounds like a secret is never printed."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "event": record.getMessage(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
        }
        for name, value in vars(record).items():
            if name not in STANDARD and not name.startswith("_"):
                line[name] = "***" if any(word in name.lower() for word in SECRET) else str(value)
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
