// Loaded into each Node process of a command that is measured: when it ends, it leaves what it used in a file of its own. It loads
// nothing that Node has not loaded by then, because it counts itself. (Of a process with threads, the last to write is the main one.)
const { subscribe } = require('node:diagnostics_channel');
const { readFileSync, writeFileSync } = require('node:fs');

// Node documents these channels: of fetch, and of node:http. A request is under way until its answer has been read.
const underWay = new Set();
let mostInFlight = 0;
subscribe('undici:request:create', begun);
subscribe('undici:request:trailers', ended);
subscribe('undici:request:error', ended);
subscribe('http.client.request.start', ({ request }) => {
  begun({ request });
  request.once('close', () => ended({ request }));
});

process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const [cpuSeconds, peakMegabytes] = [(userCPUTime + systemCPUTime) / 1e6, ((peakKibibytes() ?? maxRSS) * 1024) / 1e6];
  const usage = JSON.stringify({ cpuSeconds, peakMegabytes, mostInFlight });
  writeFileSync(`${process.env.BENCH_USAGE}/${process.pid}.json`, usage);
});

// On Linux maxRSS begins with the memory of the process that started this one, and this with nothing.
function peakKibibytes() {
  try {
    return Number(/VmHWM:\s*(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) || undefined;
  } catch {
    return undefined;
  }
}

function begun({ request }) {
  underWay.add(request);
  mostInFlight = Math.max(mostInFlight, underWay.size);
}

function ended({ request }) {
  underWay.delete(request);
}
