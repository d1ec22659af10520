/**
 * The one style of all pages, of `browse` and of reports: system fonts, one accent, light or dark as the system is, and on paper light.
 * Each pair of text and ground has a contrast of 4.5 and more.
 */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --ground: #ffffff;
  --raised: #f5f6f8;
  --line: #d8dce2;
  --text: #1b1f26;
  --quiet: #57606c;
  --accent: #0a5bb5;
  --on-accent: #ffffff;
  --good: #17683a;
  --good-ground: #e7f4ec;
  --fair: #7f4d00;
  --fair-ground: #fdf2dc;
  --bad: #a3231b;
  --bad-ground: #fdebe9;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", "Segoe UI Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14171c;
    --raised: #1c2027;
    --line: #353b45;
    --text: #e5e8ec;
    --quiet: #a2abb7;
    --accent: #7db4f5;
    --on-accent: #10141a;
    --good: #7fd09a;
    --good-ground: #17301f;
    --fair: #eabf6a;
    --fair-ground: #33270f;
    --bad: #ff9d94;
    --bad-ground: #3a1c1a;
  }
}
@media print {
  :root {
    color-scheme: light;
    --ground: #ffffff;
    --raised: #f5f6f8;
    --line: #b9bfc8;
    --text: #000000;
    --quiet: #444b55;
    --accent: #0a3f80;
    --good: #17683a;
    --good-ground: #ffffff;
    --fair: #7f4d00;
    --fair-ground: #ffffff;
    --bad: #a3231b;
    --bad-ground: #ffffff;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0;
  background: var(--ground);
  color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
  overflow-wrap: anywhere;
}
h1, h2, h3, p, ul, ol, dl, dd { margin: 0; }
h1 { font-size: 1.6rem; line-height: 1.25; font-weight: 650; letter-spacing: -0.01em; max-height: 9rem; overflow: hidden; }
h2 { font-size: 1.1rem; line-height: 1.3; font-weight: 650; }
h3 { font-size: 1rem; font-weight: 600; }
a { color: var(--accent); text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: 3px; text-decoration-color: color-mix(in srgb, currentColor 40%, transparent); }
a:hover { text-decoration-color: currentColor; }
code { font-family: var(--mono); font-size: 0.9em; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
h1:focus, main:focus { outline: none; }
.quiet { color: var(--quiet); }
.key { font-family: var(--mono); font-size: 0.9em; color: var(--quiet); font-weight: 400; }
a .key { color: inherit; }
.numbers, .count, td, dd { font-variant-numeric: tabular-nums; }
.unseen {
  position: absolute; width: 1px; height: 1px; margin: -1px; padding: 0; overflow: hidden;
  clip-path: inset(50%); white-space: nowrap; border: 0;
}
.badge {
  display: inline-block; padding: 0 0.5em; border-radius: 4px; border: 1px solid currentColor;
  font-size: 0.8rem; line-height: 1.5; font-weight: 600; white-space: normal;
}
.badge.good { color: var(--good); background: var(--good-ground); }
.badge.fair { color: var(--fair); background: var(--fair-ground); }
.badge.bad { color: var(--bad); background: var(--bad-ground); }
.badge.plain { color: var(--quiet); background: var(--raised); }
.facts { display: flex; flex-wrap: wrap; gap: 0.5rem 2rem; }
.facts dt { color: var(--quiet); font-size: 0.8rem; }
.facts dd { font-weight: 500; }
.long {
  max-height: 16rem; overflow: auto; padding: 0.5rem 0.75rem; background: var(--raised);
  border: 1px solid var(--line); border-radius: 6px; font-weight: 400;
}
.long, .text, .values dd { white-space: pre-wrap; }
.scroller { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 0.35rem 0.75rem; border-bottom: 1px solid var(--line); }
tbody tr:last-child > * { border-bottom: 0; }
thead th { background: var(--raised); font-size: 0.85rem; font-weight: 600; white-space: nowrap; }
tbody th { font-weight: 500; }
.warnings { padding: 0; list-style: none; }
.warnings li { padding: 0.35rem 0.75rem; border-left: 3px solid var(--fair); background: var(--fair-ground); margin-top: 0.35rem; }
.failure { padding: 0.75rem 1rem; border-left: 3px solid var(--bad); background: var(--bad-ground); }
@media (prefers-reduced-motion: no-preference) {
  .waiting { animation: appear 0.2s 0.3s both; }
  @keyframes appear { from { opacity: 0; } }
}

/* browse */
.page { max-width: 1280px; margin: 0 auto; padding: 0 1.25rem 4rem; }
.skip {
  position: absolute; left: -9999px; top: 0; padding: 0.5rem 1rem; background: var(--accent); color: var(--on-accent);
}
.skip:focus { left: 0; z-index: 3; }
.head {
  display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 0.5rem 1.5rem;
  padding: 0.75rem 0; margin-bottom: 1rem; border-bottom: 1px solid var(--line);
}
.head nav { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 0.75rem; }
.brand { font-weight: 650; color: var(--text); text-decoration: none; }
.brand:hover { text-decoration: underline; }
.search { display: flex; gap: 0.5rem; flex: 0 1 26rem; min-width: 0; }
.search input { flex: 1 1 auto; min-width: 0; }
input, select, button, .button {
  font: inherit; line-height: 1.4; color: var(--text); background: var(--ground); border: 1px solid var(--quiet);
  border-radius: 6px; padding: 0.3rem 0.65rem; max-width: 100%;
}
input[type="checkbox"] { width: 1rem; height: 1rem; margin: 0; vertical-align: -0.15em; accent-color: var(--accent); }
::placeholder { color: var(--quiet); opacity: 1; }
button, .button { cursor: pointer; font-weight: 500; text-decoration: none; white-space: nowrap; }
button:hover, a.button:hover { background: var(--raised); }
.button.off { color: var(--quiet); border-color: var(--line); cursor: default; }
.crumbs ol { display: flex; flex-wrap: wrap; padding: 0; list-style: none; font-size: 0.9rem; margin-bottom: 0.35rem; }
.crumbs li:not(:last-child)::after { content: "›"; color: var(--quiet); padding: 0 0.5rem; }
main > div > * + * { margin-top: 1rem; }
main > div > .crumbs + * { margin-top: 0; }
main section > * + *, .differences + h2 { margin-top: 0.6rem; }
main > div > section, main > div > div > section { margin-top: 2rem; }
main > div > section.restore, main > div > div > section.restore { margin-top: 1rem; }
.bar { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem 0.75rem; }
.bar label { display: flex; align-items: center; gap: 0.5rem; min-width: 0; }
.bar select, .bar input { min-width: 0; }
.bar select { max-width: min(100%, 18rem); }
.restore { border: 1px solid var(--line); border-radius: 8px; background: var(--raised); padding: 0.6rem 0.75rem; }
.command { display: flex; gap: 0.75rem; align-items: center; }
.command code { flex: 1 1 auto; min-width: 0; overflow-x: auto; white-space: pre; padding: 0.3rem 0; }
main section .command-notes { display: flex; flex-wrap: wrap; gap: 0 1rem; font-size: 0.85rem; margin-top: 0.25rem; }
.said { font-weight: 600; }
.nights { padding: 0; list-style: none; border-left: 2px solid var(--line); margin-left: 0.4rem; }
.night { position: relative; padding: 0.15rem 0 1.1rem 1.5rem; }
.night::before {
  content: ""; position: absolute; left: -0.45rem; top: 0.6rem; width: 0.75rem; height: 0.75rem; border-radius: 50%;
  background: var(--quiet); border: 2px solid var(--ground);
}
.night.good::before { background: var(--good); }
.night.fair::before { background: var(--fair); }
.night.bad::before { background: var(--bad); }
.night-head { display: flex; flex-wrap: wrap; align-items: center; gap: 0.25rem 0.75rem; }
.since { display: flex; flex-wrap: wrap; gap: 0 1rem; }
.since ul { padding-left: 1.25rem; }
summary { cursor: pointer; }
summary h2 { display: inline; }
.told ul, .since ul { margin-top: 0.35rem; }
.told ul { padding-left: 1.25rem; }
.icon { display: inline-block; width: 1rem; height: 1rem; vertical-align: -0.15em; object-fit: contain; flex: none; }
span.icon { border-radius: 3px; background: var(--line); }
.types { padding: 0; list-style: none; }
.types .types { padding-left: 1.15rem; margin-left: 0.5rem; border-left: 1px solid var(--line); }
.type { display: flex; flex-wrap: wrap; gap: 0 0.6rem; align-items: center; padding: 0.1rem 0; }
.type .count { min-width: 2.5rem; }
.grid th, .grid td { max-width: 24rem; }
.grid thead th { padding: 0; }
.grid thead th:not(:has(button)) { padding: 0.35rem 0.75rem; }
.grid thead button {
  width: 100%; border: 0; border-radius: 0; background: none; padding: 0.35rem 0.75rem; font-size: inherit;
  font-weight: 600; text-align: left; max-width: 24rem; overflow: hidden; text-overflow: ellipsis;
}
.grid thead button:focus-visible { outline-offset: -2px; }
.grid tbody th { white-space: nowrap; position: sticky; left: 0; background: var(--ground); }
.grid tbody tr:hover > * { background: var(--raised); }
.grid[aria-busy="true"] tbody { opacity: 0.6; }
.cell { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden; min-width: max-content; max-width: 24rem; }
.grid td > .cell { min-width: min(max-content, 10rem); width: max-content; }
.counts td, .counts th:not(:first-child) { text-align: right; }
.arrow { display: inline-block; width: 1em; padding-left: 0.35em; font-size: 0.75em; color: var(--accent); }
.pager { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem 1rem; }
.objects > * + * { margin-top: 0.6rem; }
.values > div { display: grid; grid-template-columns: minmax(8rem, 14rem) minmax(0, 1fr); gap: 0 1rem; padding: 0.3rem 0; border-bottom: 1px solid var(--line); }
.values dt { color: var(--quiet); }
.values dd { grid-column: 2; }
.links { padding: 0; list-style: none; columns: 18rem; }
.referrers > * + * { margin-top: 0.5rem; }
.life { padding: 0; list-style: none; }
.life li { padding: 0.1rem 0; }
.event { display: inline-block; min-width: 6rem; }
.comment { border-left: 3px solid var(--line); padding-left: 0.75rem; }
.entries td { min-width: 8rem; max-width: 28rem; white-space: pre-wrap; }
.entries .when { white-space: nowrap; }
.differences { padding: 0; list-style: none; }
.differences > li { padding: 0.5rem 0; border-bottom: 1px solid var(--line); }
.changes { margin: 0.25rem 0 0 1rem; }
.changes > div { display: grid; grid-template-columns: minmax(7rem, 12rem) minmax(0, 1fr); gap: 0 1rem; }
.changes dt { color: var(--quiet); }
.before { color: var(--bad); }
.after { color: var(--good); }
.indexing { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; align-items: center; }
progress { width: 12rem; max-width: 100%; accent-color: var(--accent); }
@media (max-width: 40rem) {
  .page { padding: 0 0.9rem 3rem; }
  h1 { font-size: 1.35rem; }
  .search { flex-basis: 100%; }
  .command { flex-direction: column; align-items: stretch; gap: 0.35rem; }
  .command code { width: 100%; }
  .values > div, .changes > div { grid-template-columns: minmax(0, 1fr); }
  .values dd { grid-column: 1; }
  .bar label { flex-wrap: wrap; }
}
`;
