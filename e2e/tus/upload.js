// An upload by the npm package tus-js-client, stopped by the way or gone on with.
//
// node upload.js ENDPOINT TOKEN FILE FOLDER NAME STOP_AT [UPLOAD]
//
// Prints where the upload is when it was stopped, and `stored` when it is a document. STOP_AT 0 does not stop.
'use strict';

const fs = require('node:fs');
const tus = require('tus-js-client');

const [endpoint, token, file, folder, filename, stopAt, uploadUrl] = process.argv.slice(2);
const stop = Number(stopAt);

const upload = new tus.Upload(fs.readFileSync(file), {
  endpoint,
  uploadUrl,
  headers: { Authorization: `Bearer ${token}` },
  metadata: { filename, folder, filetype: 'application/octet-stream' },
  chunkSize: 4 << 20,
  retryDelays: [0, 200, 500, 1000],
  onChunkComplete: async (_chunk, accepted) => {
    if (stop === 0 || accepted < stop || accepted === upload.file.length) return;
    await upload.abort();
    console.log(upload.url);
  },
  onError: (error) => {
    console.error(String(error));
    process.exit(1);
  },
  onSuccess: () => console.log('stored'),
});
upload.start();
