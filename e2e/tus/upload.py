"""An upload by tuspy with a checksum for each part, stopped by the way or gone on with.

python upload.py ENDPOINT TOKEN FILE FOLDER NAME STOP_AT [UPLOAD]

Prints where the upload is when it was stopped, and `stored` when it is a document. STOP_AT 0 does not stop.
"""

import sys
from tusclient.client import TusClient

endpoint, token, file, folder, name, stop_at = sys.argv[1:7]
url = sys.argv[7] if len(sys.argv) > 7 else None
client = TusClient(endpoint, headers={"Authorization": f"Bearer {token}"})
uploader = client.uploader(
    file_path=file,
    url=url,
    chunk_size=4 << 20,
    metadata={"filename": name, "folder": folder},
    metadata_encoding="utf-8",
    upload_checksum=True,
    retries=3,
    retry_delay=1,
)
uploader.upload(stop_at=int(stop_at) or None)
print(uploader.url if uploader.offset < uploader.get_file_size() else "stored")
