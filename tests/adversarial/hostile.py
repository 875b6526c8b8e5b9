"""What somebody who means harm would put where a value is asked for."""

DEEP = "[" * 100_000 + "]" * 100_000
TEXTS = (
    "", "a\x00b", "🧾\u202e", "-1", "0", "1e30", "9" * 40, "NaN", "-Infinity", "x" * 5_000,
    "' OR 1=1 --", "../../etc/passwd", "0000-00-00", "9999-12-31", "٣",
)  # fmt: skip
VALUES = (*TEXTS, None, True, -1, 10**18, 0.5, [], {}, [None], {"$ne": 1}, [[["x"]]])
WORST = ("a\x00b", "🧾\u202e", "9" * 40, "x" * 5_000, "9999-12-31", None, 10**18, [None])
BODIES = (
    b"", b"null", b"1", b"[]", b"{", b'{"a":1,"a":2}', b'{"a":NaN}', b'{"a":-Infinity}',
    b'{"a":1e999999}', b'{"a":' + b"9" * 5_000 + b"}", b'{"a":"\\u0000"}', b'{"\\u0000":1}',
    b'{"a":"\\ud800"}', b'{"\\ud800":1}', b'{"a":"\xff"}', b"\x00" * 100,
    ('{"a":' + DEEP + "}").encode(), b"\xef\xbb\xbf{}", b" " * 1_100_000,
)  # fmt: skip
MEDIA = (
    "application/json; charset=utf-16", "text/plain", "", ";", "multipart/form-data",
    "multipart/form-data; boundary=\u00e9", "application/x-www-form-urlencoded",
)  # fmt: skip
KEYS = ("", " ", "x" * 255, "x" * 256, "x" * 100_000, "é", "\t", "a\x7f", "' OR 1=1 --")
METHODS = ("GET", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "PROPFIND", "x")
HOLES = ("x", "%00", "1" + "0" * 30, "-1", "🧾", "..%2f", "%ff")
