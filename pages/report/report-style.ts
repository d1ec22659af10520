/** What reports have besides the style of all pages. */
export const reportStyle = `
/* report */
.report { max-width: 62rem; margin: 0 auto; padding: 1.5rem 1.25rem 4rem; }
.report > * + * { margin-top: 1rem; }
.report > section { margin-top: 2.25rem; }
.report section > * + * { margin-top: 0.6rem; }
.report .standing { font-size: 1.05rem; border-left: 4px solid var(--quiet); padding: 0.6rem 0.9rem; background: var(--raised); }
.report .standing.good { border-color: var(--good); background: var(--good-ground); }
.report .standing.fair { border-color: var(--fair); background: var(--fair-ground); }
.report .standing.bad { border-color: var(--bad); background: var(--bad-ground); }
.report .standing p + p { margin-top: 0.35rem; }
.report .lines { padding-left: 1.25rem; }
.report .lines li + li { margin-top: 0.2rem; }
.report caption { text-align: left; padding: 0.5rem 0.75rem; color: var(--quiet); font-size: 0.9rem; caption-side: top; }
.report th.number, .report td.number { text-align: right; white-space: nowrap; }
.report table .number { width: 6.5rem; }
.report tfoot th, .report tfoot td { border-top: 2px solid var(--line); border-bottom: 0; font-weight: 600; }
.report tbody th { min-width: 9rem; text-align: left; }
.report .change-bar { display: block; min-width: 6rem; }
.change-bar .ground { fill: var(--line); }
.change-bar .added { fill: var(--good); }
.change-bar .changed { fill: var(--accent); }
.change-bar .removed { fill: var(--bad); }
.column-chart { display: block; }
.column-chart .axis { stroke: var(--quiet); }
.column-chart .good { fill: var(--good); }
.column-chart .fair { fill: var(--fair); }
.column-chart .bad { fill: var(--bad); }
.column-chart .plain { fill: var(--quiet); }
.report .legend { display: flex; flex-wrap: wrap; gap: 0.15rem 1.25rem; font-size: 0.9rem; }
.report .legend svg { display: inline-block; width: 0.75rem; height: 0.75rem; min-width: 0; margin-right: 0.4rem; vertical-align: -0.05em; }
.report footer { color: var(--quiet); font-size: 0.85rem; border-top: 1px solid var(--line); padding-top: 0.75rem; margin-top: 2.5rem; }
.report footer p + p { margin-top: 0.25rem; }
@media (max-width: 40rem) {
  .report { padding: 1rem 0.9rem 3rem; }
  .report th, .report td { padding: 0.3rem 0.4rem; font-size: 0.85rem; }
  .report table .number { width: auto; }
  .report tbody th { min-width: 6.5rem; }
}
@media print {
  @page { margin: 16mm 14mm; }
  body { font-size: 10pt; }
  .report { max-width: none; padding: 0; }
  .scroller { overflow: visible; border-radius: 0; }
  .report section { break-inside: auto; }
  h1, h2, h3, caption { break-after: avoid; }
  tr, .facts > div, .standing { break-inside: avoid; }
  thead { display: table-header-group; }
  svg rect, .badge, .standing { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
