import type { StepRecord } from './result.ts';

/** The columns of one record and their values; an array field becomes one column an entry. */
function cells({ step, train, test, movement, outputs, modes, alignment }: StepRecord) {
  const row: [column: string, value: number | undefined][] = [['step', step]];
  for (const [set, measures] of Object.entries({ train, test })) {
    if (!measures) continue;
    const { losses, discrepancies, clippedDiscrepancy } = measures;
    const { network, linear, ...beside } = losses;
    row.push(
      [`${set}_network_loss`, network],
      [`${set}_linear_loss`, linear],
      [`${set}_discrepancy`, discrepancies.linear],
      [`${set}_clipped_discrepancy`, clippedDiscrepancy],
    );
    for (const [model, loss] of Object.entries(beside)) {
      row.push([`${set}_${model}_loss`, loss], [`${set}_${model}_discrepancy`, discrepancies[model]]);
    }
  }
  for (const [parameter, value] of Object.entries(movement)) row.push([`movement_${parameter}`, value]);
  for (const [model, values] of Object.entries(outputs)) {
    values!.forEach((value, i) => row.push([`${model}_output_${i}`, value]));
  }
  if (modes) {
    const named = (name: string, k: number): string => `${name}_mode_${modes.indices[k]}`;
    for (const [model, errors] of Object.entries(modes.errors)) {
      if (!errors) continue;
      const { along, inSpan, offSpan } = errors;
      along.forEach((value, k) => row.push([named(model, k), value]));
      row.push([`${model}_in_span`, inSpan], [`${model}_off_span`, offSpan]);
    }
    modes.theory.forEach((value, k) => row.push([named('theory', k), value]));
  }
  if (alignment) {
    for (const to of ['target', 'start'] as const) {
      row.push([`alignment_${to}`, alignment[to].value], [`alignment_${to}_error`, alignment[to].error]);
    }
  }
  return row;
}

/** The numbers of a record by the names of their columns. */
export const recordNumbers = (record: StepRecord): Record<string, number> =>
  Object.fromEntries(
    cells(record).flatMap(([column, value]) => (value === undefined ? [] : [[column, value]])),
  );

/** Header line of records.csv, without its line end. All records of a run have the same columns. */
export const csvHeader = (record: StepRecord): string =>
  cells(record)
    .map(([column]) => column)
    .join(',');

/** Every digit of the numbers; those not finite as NaN, inf, -inf, which NumPy, pandas, R and Julia read. */
export const csvRow = (record: StepRecord): string =>
  cells(record)
    .map(([, value]) => String(value).replace('Infinity', 'inf'))
    .join(',');
