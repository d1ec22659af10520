#!/bin/sh
# csv-stringify 6.9.0: with `escape_formulas` a value that begins with a formula's sign gets a ' before it, full width too. One that has a
# blank before the sign does not, nor one in which the sign stands behind a `;`, where a spreadsheet of many countries splits the line;
# and a number below zero, given as text, becomes `'-1.5`, which a spreadsheet adds up to nothing.
#
# Seen: '=1, =1,a;=1,'-1.5  Ends with another code than 0 as soon as that changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund csv-stringify@6.9.0
cat >look.mjs <<'JS'
import { stringify } from 'csv-stringify/sync';
process.stdout.write(stringify([['=1', ' =1', 'a;=1', '-1.5']], { escape_formulas: true }));
JS
seen=$(node look.mjs)
printf '%s\n' "$seen"
[ "$seen" = "'=1, =1,a;=1,'-1.5" ]
