#!/bin/sh
# aws-cdk 2.1148.1 (the command): what stands in the context of cdk.json under the names `constructor`, `prototype` and
# `__proto__`, at any depth, does not reach the app, and nothing says so. They are taken out when the contexts of several
# files are merged, so that nobody pollutes a prototype; but a tag of that name, which AWS allows, is gone without a word.
# (valibot 1.5.0 does the same in `record`: see the second part.)
#
# Seen: the app is given {"Owner":"IT"} of four tags. Ends with another code than 0 as soon as that changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund aws-cdk@2.1148.1 valibot@1.5.0
cat >app.mjs <<'JS'
import { writeFileSync } from 'node:fs';

writeFileSync('given.json', JSON.stringify(JSON.parse(process.env.CDK_CONTEXT_JSON).site.tags));
process.exit(1); // What is synthesised does not matter here.
JS
cat >cdk.json <<'JSON'
{
  "app": "node app.mjs",
  "context": { "site": { "tags": { "Owner": "IT", "constructor": "IT", "prototype": "IT", "__proto__": "IT" } } }
}
JSON
npx cdk ls >cdk.log 2>&1 || true
cat >look.mjs <<'JS'
import { readFileSync } from 'node:fs';
import * as v from 'valibot';

const given = readFileSync('given.json', 'utf8');
const tags = JSON.parse('{ "Owner": "IT", "constructor": "IT", "prototype": "IT", "__proto__": "IT" }');
const { success, output } = v.safeParse(v.record(v.string(), v.string()), tags);
console.log(`given to the app: ${given}`);
console.log(`valibot's record: success ${success}, ${JSON.stringify(output)}`);
const isAsSeen = given === '{"Owner":"IT"}' && success && JSON.stringify(output) === '{"Owner":"IT"}';
process.exitCode = isAsSeen ? 0 : 1;
JS
node look.mjs
