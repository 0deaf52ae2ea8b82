"""What Schemathesis does not know by itself: how parts of uploads are sent."""

import schemathesis


@schemathesis.serializer("application/offset+octet-stream")
def send_part(_context, value):
    """The bytes as they are; of anything else its text."""
    content = getattr(value, "data", value)
    if not isinstance(content, bytes):
        content = str(content).encode()
    return {"data": content}
