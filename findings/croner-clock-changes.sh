#!/bin/sh
# croner 11.0.1: what it makes of a schedule when the clocks of a zone change, against what
# Amazon EventBridge Scheduler documents (User Guide, "Schedule types", "Daylight savings time": a time that does not exist is
# skipped, and in autumn a schedule runs only once).
#
# Seen: a daily 02:30 in Berlin runs at 03:00 on the spring Sunday, on which 02:30 does not exist; "02:00 and 03:00" has three
# runs on the autumn Sunday, because a list of hours counts as an interval and repeats the hour that comes twice. A single
# time does run once. All of it is documented by croner (single values are "fixed-time" jobs), and none of it is AWS's.
# So whoever shows times of EventBridge Scheduler by croner has to read it in UTC, and put the clocks in beside it.
#
# Ends with another code than 0 as soon as one of these changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund croner@11.0.1
cat >look.mjs <<'JS'
import { Cron } from 'croner';

const runs = (pattern, after, count) =>
  new Cron(pattern, { timezone: 'Europe/Berlin' }).nextRuns(count, after).map((run) => run.toISOString().slice(0, 16));
const seen = [
  ['spring, 02:30', runs('30 2 * * *', '2027-03-27T12:00:00Z', 2), ['2027-03-28T01:00', '2027-03-29T00:30']],
  ['autumn, 02:30', runs('30 2 * * *', '2027-10-30T12:00:00Z', 2), ['2027-10-31T00:30', '2027-11-01T01:30']],
  [
    'autumn, 02:00 and 03:00',
    runs('0 2,3 * * *', '2027-10-30T12:00:00Z', 4),
    ['2027-10-31T00:00', '2027-10-31T01:00', '2027-10-31T02:00', '2027-11-01T01:00'],
  ],
];
for (const [what, found, expected] of seen) {
  console.log(`${what}: ${found.join(', ')} (UTC)`);
  if (found.join() !== expected.join()) {
    console.log(`  was ${expected.join(', ')}`);
    process.exitCode = 1;
  }
}
JS
node look.mjs
