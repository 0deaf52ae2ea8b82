// The steps of workflow.json through the npm package soap, which reads our service description.
//
// node workflow.js URL BINDING PASSWORD ARCHIVE
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const zlib = require('node:zlib');
const soap = require('soap');

const [url, binding, password, archive] = process.argv.slice(2);
const known = { password };

function expect(isSo, found) {
  if (!isSo) throw new Error(`not as expected: ${String(found).slice(0, 2000)}`);
}

/** The value of a parameter, with what earlier steps kept. */
function filled(value) {
  if (value !== null && typeof value === 'object') return value.bytes;
  return typeof value === 'string' ? value.replace(/\$\{(\w+)\}/g, (_, name) => known[name]) : value;
}

/** Calls an operation; gives the result as the package reads it, the attributes of its root, and the answer's text. */
async function call(client, operation, user, parameters) {
  const ticket = user ? { AuthenticationTicket: known[user] } : {};
  const port = client[`${operation}Async`].bind(client);
  const [body, text] = await port({ ...ticket, ...parameters });
  const result = body === null ? undefined : body[`${operation}Result`];
  const [root] = result !== null && typeof result === 'object' ? Object.values(result) : [];
  return { result, root, attributes: root?.attributes ?? {}, text };
}

async function step(client, wanted) {
  const parameters = Object.fromEntries(Object.entries(wanted.with ?? {}).map(([name, value]) => [name, filled(value)]));
  const { result, attributes, text } = await call(client, wanted.call, wanted.as, parameters);
  if (wanted.gives !== undefined) return expect(result === wanted.gives, text);
  expect(attributes.success === ('fails' in wanted ? 'false' : 'true'), text);
  expect((attributes.error ?? '').includes(wanted.fails ?? ''), text);
  for (const part of wanted.has ?? []) expect(text.includes(part), text);
  for (const part of wanted.lacks ?? []) expect(!text.includes(part), text);
  for (const [name, attribute] of Object.entries(wanted.keep ?? {})) {
    known[name] = text.match(new RegExp(` ${attribute}="([^"]*)"`))[1];
  }
}

/** The whole archive of a handler in chunks, with every CRC32 checked. */
async function fetch(client, wanted) {
  const target = fs.openSync(archive, 'w');
  let offset = 0;
  for (let last = false; !last;) {
    const parameters = { DownloadHandler: filled(wanted.fetch), StartOffset: offset, ChunkSize: wanted.chunk };
    const { root, attributes } = await call(client, 'DownloadFileChunk', wanted.as, parameters);
    const content = Buffer.from(root.$value ?? '', 'base64');
    const crc = zlib.crc32(content).toString(16).toUpperCase().padStart(8, '0');
    expect(crc === attributes.chunkCRC32, 'a chunk has another CRC32');
    offset += fs.writeSync(target, content);
    last = attributes.lastchunk === 'true';
    expect(offset <= Number(attributes.filelength), 'more bytes than the file has');
  }
  fs.closeSync(target);
}

async function main() {
  const client = await soap.createClientAsync(`${url}/srv.asmx?wsdl`, { forceSoap12Headers: binding === 'srvSoap12' });
  const steps = JSON.parse(fs.readFileSync(path.join(__dirname, 'workflow.json'), 'utf8'));
  for (const [index, wanted] of steps.entries()) {
    try {
      if (wanted.call) await step(client, wanted);
      else if (wanted.fetch) await fetch(client, wanted);
    } catch (error) {
      throw new Error(`step ${index + 1} ${JSON.stringify(wanted).slice(0, 300)}: ${error.message}`);
    }
  }
}

main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
