// node bench/certificates.js [SPECTRUM …] [--starts N]: how often the error that a spectral norm states holds, over N starts
// (1,000 unless given) of each of forty hard spectra, or of those named. In Node and float64, without a device. Plain
// JavaScript, because Node runs it before anything is built.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runnerImport } from 'vite';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { starts: { type: 'string', default: '1000' } },
});
const starts = Number(values.starts);
if (!(Number.isInteger(starts) && starts > 0)) {
  console.error(`--starts is a whole number of at least 1, not ${values.starts}.`);
  process.exit(2);
}
const load = async (path) => {
  const file = fileURLToPath(new URL(path, import.meta.url));
  return (await runnerImport(file, { configFile: false, oxc: { target: 'es2022' } })).module;
};
const { hardSpectra } = await load('certificates/spectra.ts');
const { diagonalKrylov } = await load('certificates/diagonal-krylov.ts');
const { roundingOf, searchNorm } = await load('../src/spectral/search.ts');

const unknown = positionals.find((wanted) => !hardSpectra.some(({ name }) => name === wanted));
if (unknown !== undefined) {
  console.error(
    `No spectrum is called ${unknown}. There are: ${hardSpectra.map(({ name }) => name).join(', ')}.`,
  );
  process.exit(2);
}
const spectra =
  positionals.length > 0 ? hardSpectra.filter(({ name }) => positionals.includes(name)) : hardSpectra;

const settings = { tolerance: 1e-2, accuracy: 1e-5, risk: 2.5e-4, maxProducts: 127, rounding: 0 };
let failing = 0;
console.log(
  'spectrum                        holds            products  converged  error stated (median)  largest share used',
);
for (const { name, eigenvalues } of spectra) {
  const exact = eigenvalues.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const [stated, used] = [[], []];
  let [holds, products, converged] = [0, 0, 0];
  for (let seed = 0; seed < starts; seed++) {
    const found = await searchNorm(diagonalKrylov(eigenvalues, seed), eigenvalues.length, settings);
    const error = found.missed + roundingOf(exact);
    const off = Math.abs(exact - Math.abs(found.signed));
    holds += Number(off <= error);
    products += found.products;
    converged += Number(found.converged);
    stated.push(error / exact);
    used.push(off / error);
  }
  if (starts - holds > starts / 1000) failing++;
  stated.sort((a, b) => a - b);
  const most = used.reduce((a, b) => Math.max(a, b));
  console.log(
    [
      name.padEnd(31),
      `${holds} of ${starts}`.padEnd(16),
      (products / starts).toFixed(1).padStart(8),
      `${((100 * converged) / starts).toFixed(0)} %`.padStart(10),
      stated[starts >> 1].toExponential(1).padStart(22),
      most.toFixed(2).padStart(19),
    ].join(' '),
  );
}
console.log(
  `${spectra.length - failing} of ${spectra.length} spectra: the stated error failed in at most 1 of 1,000 starts; ${starts} of each were tried.`,
);
if (failing > 0) process.exitCode = 1;
