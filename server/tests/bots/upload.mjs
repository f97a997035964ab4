// Uploads a file by tus-js-client as it comes. How stands as JSON in the first argument: `server`, `token`, `file`,
// `metadata`; `addresses`, a file in which addresses of uploads are kept; `stopAt`, bytes after which it ends as if it
// were killed; `end`, to end the upload at the server then; `options`, more of the client's. Prints what it did as JSON.
import { createReadStream } from 'node:fs';
import { exit } from 'node:process';
import { FileUrlStorage, Upload } from 'tus-js-client';

const how = JSON.parse(process.argv[2]);
const pieces = [];
const told = () => console.log(JSON.stringify({ url: upload.url, pieces }));

const upload = new Upload(createReadStream(how.file), {
  endpoint: `${how.server}/api/v1/uploads`,
  headers: { Authorization: `Bearer ${how.token}` },
  chunkSize: 900_000,
  metadata: how.metadata,
  urlStorage: new FileUrlStorage(how.addresses),
  retryDelays: Array(100).fill(50),
  onBeforeRequest(request) {
    if (request.getHeader('Content-Type')) pieces.push([request.getMethod(), Number(request.getHeader('Upload-Offset') ?? 0)]);
  },
  async onChunkComplete(_, sent) {
    if (!how.stopAt || sent < how.stopAt) return;
    if (how.end) await upload.abort(true);
    told();
    exit();
  },
  onSuccess: told,
  onError(error) {
    throw error;
  },
  ...how.options,
});
const [previous] = await upload.findPreviousUploads();
if (previous) upload.resumeFromPreviousUpload(previous);
upload.start();
