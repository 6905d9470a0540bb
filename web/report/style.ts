import { colours, fontFamily, hues, palette } from '../figures/palette.ts';

/** The figures carry the colours of white paper; on a dark page these rules put the others in their place. */
const darkFigures = [...Object.values(palette), ...hues]
  .map(
    ({ light, dark }) =>
      `svg [fill="${light}"], svg[fill="${light}"] { fill: ${dark}; } svg [stroke="${light}"] { stroke: ${dark}; } svg[color="${light}"] { color: ${dark}; }`,
  )
  .join('\n');

const coloursOf = (scheme: 'light' | 'dark'): string =>
  Object.entries(colours)
    .map(([name, shade]) => `--${name}: ${shade[scheme]};`)
    .join(' ');

export const styleSheet = `
:root {
  ${coloursOf('light')}
  --sans: ${fontFamily};
  --serif: Charter, 'Bitstream Charter', 'Iowan Old Style', 'Source Serif 4', Cambria, Georgia, 'Times New Roman', 'Liberation Serif', serif;
  --mono: ui-monospace, 'SF Mono', Menlo, Consolas, 'Liberation Mono', monospace;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    ${coloursOf('dark')}
  }
  ${darkFigures}
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0;
  background: var(--paper);
  color: var(--ink);
  font: 1.0625rem/1.55 var(--serif);
  font-variant-numeric: lining-nums;
}
article { max-width: 66rem; margin: 0 auto; padding: 3.25rem 1.5rem 4rem; }
header p, section > p, section > ul, section > .notice { max-width: 44rem; text-wrap: pretty; }
.kicker {
  margin: 0 0 0.5rem;
  font: 600 0.8125rem/1.3 var(--sans);
  letter-spacing: 0.02em;
  color: var(--accent);
}
h1 {
  margin: 0 0 1.1rem;
  max-width: 46rem;
  font: 700 clamp(1.7rem, 1.2rem + 2vw, 2.4rem)/1.15 var(--serif);
  letter-spacing: -0.01em;
  overflow-wrap: anywhere;
  text-wrap: balance;
}
h2 {
  margin: 2.8rem 0 0.9rem;
  padding-top: 0.7rem;
  border-top: 2px solid var(--accent);
  font: 700 1.2rem/1.3 var(--serif);
}
h3 { margin: 1.8rem 0 0.5rem; font: 600 0.95rem/1.3 var(--sans); }
p { margin: 0 0 0.8rem; }
.formula { white-space: nowrap; }
sub, sup { font-size: 0.72em; line-height: 0; }
a { color: var(--accent); text-underline-offset: 0.15em; }
code { font-family: var(--mono); font-size: 0.86em; overflow-wrap: anywhere; }
pre {
  max-width: 100%;
  margin: 0 0 1rem;
  padding: 0.85rem 1rem;
  overflow-x: auto;
  background: var(--well);
  border-left: 2px solid var(--rule);
  font: 0.8125rem/1.5 var(--mono);
}
pre code { font: inherit; overflow-wrap: normal; }
.notice {
  margin: 0 0 1.2rem;
  padding: 0.75rem 1rem;
  border-left: 4px solid var(--warn);
  background: var(--well);
}
.notice b { color: var(--warn); }
.key {
  display: grid;
  grid-template-columns: repeat(auto-fit, minmax(10.5rem, 1fr));
  gap: 1.1rem 2rem;
  margin: 1.8rem 0 0;
  padding: 1.1rem 0 0;
  border-top: 1px solid var(--rule);
}
.key div { display: flex; flex-direction: column-reverse; justify-content: flex-end; }
.key dt { font: 0.8125rem/1.4 var(--sans); color: var(--muted); }
.network { color: var(--network); }
.linear { color: var(--linear-text); }
.key dd { margin: 0 0 0.15rem; font: 400 1.65rem/1.2 var(--serif); }
.contents ul { margin: 1.6rem 0 0; padding: 0; columns: 20rem; column-gap: 2.2rem; list-style: none; font: 0.875rem/1.5 var(--sans); }
.contents li { break-inside: avoid; margin-bottom: 0.25rem; }
header .figures { margin: 1.6rem 0; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 1.8rem 2.2rem; }
figure { margin: 0; break-inside: avoid; min-width: 0; }
figure svg { display: block; width: 100%; max-width: 42rem; height: auto; }
figcaption { margin-top: 0.5rem; max-width: 42rem; font: 0.8438rem/1.5 var(--sans); color: var(--muted); }
figcaption b { color: var(--ink); }
@media (min-width: 76rem) {
  .figures.wide { width: min(94vw, 82rem); margin-left: calc((66rem - 3rem - min(94vw, 82rem)) / 2); grid-template-columns: repeat(3, 1fr); gap: 1.6rem; }
}
.table { overflow-x: auto; margin: 0 0 1.4rem; }
table { border-collapse: collapse; font: 0.8438rem/1.4 var(--sans); }
thead tr { border-top: 1.5px solid var(--ink); border-bottom: 1px solid var(--ink); }
tbody { border-bottom: 1.5px solid var(--ink); }
tbody tr + tr { border-top: 1px solid var(--rule); }
th, td { padding: 0.4rem 1.5rem 0.4rem 0; text-align: left; vertical-align: baseline; }
tr:has(> :nth-child(10)) > * { padding-right: 0.85rem; }
th:last-child, td:last-child { padding-right: 0.2rem; }
thead th { font-weight: 600; vertical-align: bottom; max-width: 9.5rem; }
tbody th { font-weight: 400; }
.number { text-align: right; font-variant-numeric: tabular-nums lining-nums; }
tbody .number { white-space: nowrap; }
.note.above { margin: 0 0 0.6rem; }
.verdict { white-space: nowrap; }
.word { display: inline-block; padding: 0 0.5em; border: 1px solid; border-radius: 0.7em; font: 600 0.78rem/1.45 var(--sans); white-space: nowrap; }
.word.holds { color: var(--good); }
.word.fails { color: var(--warn); border-width: 2px; font-weight: 700; }
.word.unmet { color: var(--muted); border-style: dashed; }
.word.open { color: var(--discrepancy); border-style: dotted; border-width: 1.5px; }
tr:has(> :nth-child(10)) > th:first-child { min-width: 8.2rem; }
tr:has(> :nth-child(10)) :is(.word, th > .formula) { white-space: normal; vertical-align: top; }
h3 .word { margin-left: 0.5em; vertical-align: 0.06em; }
table.claims { width: 100%; }
.claims tbody { border-bottom: 1px solid var(--ink); }
.claims tbody:last-of-type { border-bottom-width: 1.5px; }
.claims tbody .claim { padding: 0.65rem 0 0.3rem; font-weight: 600; }
.claims .claim a { position: sticky; left: 0; color: inherit; text-decoration-color: var(--rule); }
.claims .claim a:hover { text-decoration-color: currentColor; }
.claims .claim b { display: inline-block; min-width: 1.7em; color: var(--accent); font-variant-numeric: tabular-nums lining-nums; }
.claims tbody tr.claim-head + tr { border-top: 0; }
.claims tbody tr:not(.claim-head) > th { padding-left: 1.7em; min-width: 13rem; }
.claims .under .formula { white-space: normal; }
.claim .word { margin-left: 0.35em; }
.claim .under { padding-left: 1.85em; font-weight: 400; }
.under { display: block; margin-top: 0.1rem; color: var(--muted); font-size: 0.92em; white-space: normal; }
.number .under { min-width: 5.5rem; }
.claim-figures .figures { margin-bottom: 1.4rem; }
.claim-figures figure { max-width: 31rem; }
.statement {
  max-width: 46rem;
  margin: 0 0 0.9rem;
  padding: 0.2rem 0 0.2rem 1.1rem;
  border-left: 3px solid var(--accent);
}
.statement p { margin: 0 0 0.35rem; text-wrap: pretty; }
.statement .source { margin: 0; font: 0.8125rem/1.5 var(--sans); color: var(--muted); }
.note { margin: 0.55rem 0 0; max-width: 44rem; font: 0.8125rem/1.5 var(--sans); color: var(--muted); }
.terms { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: 0.25rem 2.2rem; margin: 0 0 1rem; font: 0.8438rem/1.5 var(--sans); }
.terms div { display: flex; gap: 0.8rem; border-bottom: 1px solid var(--rule); padding: 0.25rem 0; }
.terms dt { flex: 0 0 8.5rem; color: var(--muted); }
.terms dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 40rem) {
  body { font-size: 1rem; }
  article { padding: 1.75rem 1rem 2.5rem; }
  th, td { padding-right: 1rem; }
}
@page { size: A4; margin: 16mm 15mm 18mm; }
@media print {
  html { font-size: 11.5px; }
  body { font-size: 12.5px; }
  article { max-width: none; padding: 0; }
  .figures, .figures.wide { grid-template-columns: 1fr 1fr; gap: 1.2rem 1.6rem; }
  h2, h3 { break-after: avoid; }
  h2 { margin-top: 1.8rem; }
  .table, pre, .key, .terms { break-inside: avoid; overflow: visible; }
  .table:has(.claims) { break-inside: auto; }
  .claims tbody { break-inside: avoid; }
  pre { white-space: pre-wrap; }
  a { color: inherit; }
}
`;
