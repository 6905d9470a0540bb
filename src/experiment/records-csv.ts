import type { SetMeasures, StepRecord } from './result.ts';

const measures: [column: string, field: keyof Omit<SetMeasures, 'linearSquare' | 'kernelDiscrepancy'>][] = [
  ['network_loss', 'networkLoss'],
  ['linear_loss', 'linearLoss'],
  ['discrepancy', 'discrepancy'],
  ['clipped_discrepancy', 'clippedDiscrepancy'],
  ['linearized_loss', 'linearizedLoss'],
  ['linearized_discrepancy', 'linearizedDiscrepancy'],
];

/** The columns of one record and their values; an array field becomes one column an entry. */
function cells(record: StepRecord): [column: string, value: number][] {
  const row: [string, number][] = [['step', record.step]];
  for (const [set, values] of [
    ['train', record.train],
    ['test', record.test],
  ] as const) {
    if (!values) continue;
    for (const [column, field] of measures) {
      const value = values[field];
      if (value !== null) row.push([`${set}_${column}`, value]);
    }
  }
  row.push(
    ['movement_W', record.movementW],
    ['movement_v', record.movementV],
    ['movement_beta', record.movementBeta],
  );
  for (const model of ['network', 'linear', 'linearized'] as const) {
    record.outputs[model]?.forEach((value, i) => row.push([`${model}_output_${i}`, value]));
  }
  const { modes, alignment } = record;
  if (modes) {
    const named = (name: string, k: number): string => `${name}_mode_${modes.indices[k]}`;
    for (const model of ['network', 'linear', 'linearized'] as const) {
      const errors = modes[model];
      if (!errors) continue;
      errors.along.forEach((value, k) => row.push([named(model, k), value]));
      row.push([`${model}_in_span`, errors.inSpan], [`${model}_off_span`, errors.offSpan]);
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
