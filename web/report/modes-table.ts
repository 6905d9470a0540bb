import type { ChosenModes, RunResult } from '../../src/experiment/result.ts';
import { agreementShare } from '../../src/theory/horizon.ts';
import { formatCount, formatNumber } from '../figures/format.ts';
import { type Html, html, notation } from './html.ts';
import { numbers, table } from './tables.ts';

/** Each mode asked for: its eigenvalue, its error at the start, and what is left of it at T and at the end. */
export function modesTable({ records, preparation }: RunResult, chosen: ChosenModes): Html {
  const measured = records.flatMap(({ step, modes }) => (modes ? [{ step, ...modes }] : []));
  const within = measured.findLast(({ step }) => step <= agreementShare * preparation.horizon);
  const last = measured.at(-1);
  const times = [...new Set([within, last])].filter((record) => record !== undefined);
  const { eta } = preparation;
  return table(
    [
      { head: notation('*k*'), numeric: true, cells: chosen.indices.map(formatCount) },
      numbers('*λ*_{*k*} of *K*/*n*', chosen.eigenvalues),
      numbers(
        'steps 1/(*ηλ*_{*k*})',
        chosen.eigenvalues.map((eigenvalue) => 1 / (eta * eigenvalue)),
      ),
      numbers('error at *t* = 0', chosen.initial),
      ...times
        .filter(({ step }) => step > 0)
        .flatMap(({ step, errors: { network, linear }, theory }) => [
          numbers(`network, *t* = ${formatCount(step)}`, network.along),
          numbers(`linear model, *t* = ${formatCount(step)}`, linear.along),
          numbers(`theory, *t* = ${formatCount(step)}`, theory),
        ]),
    ],
    html`Errors ${notation('⟨*u*_{*k*}, *u*(*t*) − *y*⟩/√*n*')} along eigendirections of ${notation('*K*')},
    which has ${formatCount(chosen.rank)} of eigenvalue other than 0; the theory’s is
    ${notation('(1 − *ηλ*_{*k*})^{*t*}')} of that at ${notation('*t* = 0')}.
    ${
      last
        ? html`At ${notation(`*t* = ${formatCount(last.step)}`)}, the part of the mean squared error that no
          linear model can change is ${formatNumber(last.errors.network.offSpan)} for the network and
          ${formatNumber(last.errors.linear.offSpan)} for the linear model; in the span of the modes there are
          ${formatNumber(last.errors.network.inSpan)} and ${formatNumber(last.errors.linear.inSpan)}.`
        : null
    }`,
  );
}
