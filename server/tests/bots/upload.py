"""Uploads a file by tuspy as it comes. How stands as JSON in the first argument: `server`, `token`, `file`, `metadata`;
`addresses`, a file in which addresses of uploads are kept; `stopAt`, bytes after which it ends. Prints what it did."""
import json, sys
from tusclient.client import TusClient
from tusclient.storage.filestorage import FileStorage

how = json.loads(sys.argv[1])
client = TusClient(how["server"] + "/api/v1/uploads", headers={"Authorization": "Bearer " + how["token"]})
uploader = client.uploader(
    how["file"], metadata=how["metadata"], chunk_size=900_000, upload_checksum=True,
    store_url=True, url_storage=FileStorage(how["addresses"]),
)
stop_at, pieces = how.get("stopAt") or uploader.get_file_size(), []
while uploader.offset < stop_at:
    pieces.append(["PATCH", uploader.offset])
    uploader.upload_chunk()
print(json.dumps({"url": uploader.url, "pieces": pieces}))
