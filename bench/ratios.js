// node bench/ratios.js FIRST.json SECOND.json: what two runs of the bench took, case by case, and how many times as long the second
// took: two adapters, two runtimes, before and after.
import { readFileSync } from 'node:fs';

const files = process.argv.slice(2);
if (files.length !== 2) {
  console.error('node bench/ratios.js FIRST.json SECOND.json, as npm run bench writes them');
  process.exit(2);
}
const [first, second] = files.map(read);
const table = first.rows.flatMap(({ title, unit, time }) => {
  const other = second.rows.find((row) => row.title === title);
  return other ? [{ title, unit, times: [time, other.time] }] : [];
});
if (table.length === 0) {
  console.error('They have no case of the same size in common.');
  process.exit(1);
}
const head = ['', 'ms', first.name, second.name, 'ratio'];
const lines = table.map(({ title, unit, times: [a, b] }) => [
  title,
  `a ${unit}`,
  a.toPrecision(3),
  b.toPrecision(3),
  (b / a).toFixed(2),
]);
const widths = head.map((_, column) => Math.max(...[head, ...lines].map((line) => line[column].length)));
for (const line of [head, ...lines]) {
  const cells = line.map((cell, column) =>
    column < 2 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]),
  );
  console.log(cells.join('  ').trimEnd());
}

/** What was measured, by case, size, contestant and form. */
function read(file) {
  let document;
  try {
    document = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    console.error(`${file} cannot be read: ${error.message}`);
    process.exit(1);
  }
  const rows = document.cases.flatMap(({ name, outcomes }) =>
    outcomes.flatMap(({ label, unit, rows: measured }) =>
      measured
        .filter(({ time }) => time)
        .map(({ contestant, form, time }) => ({
          title: [name, label, contestant === 'First Light' ? '' : contestant, form]
            .filter(Boolean)
            .join(', '),
          unit,
          time: time.median,
        })),
    ),
  );
  const runtime = /^\w+|(?<=Headless)Chrome|Firefox/.exec(document.userAgent)?.[0] ?? '';
  return { name: `${runtime}, ${document.adapter.slice(0, 24)}`, rows };
}
