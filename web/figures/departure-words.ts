import type { StepRecord } from '../../src/experiment/result.ts';
import { type Departure, type Parting, departureParts } from '../../src/theory/departure.ts';
import { formatCount, formatGiven, formatNumber } from './format.ts';

const step = (t: number): string => `*t* = ${formatCount(t)}`;
const percent = (share: number): string => `${formatGiven(Number((100 * share).toPrecision(3)))} %`;

/** When network and linear model part, and why, in sentences made from the numbers; markup of notation.ts. */
export function departureWords(departure: Departure, records: readonly StepRecord[]): string {
  const { share, whole, kernel, movement, cause } = departure;
  const limit = `${percent(share)} of ‖*f*_{lin}‖²/*n*`;
  const first =
    whole.at === null
      ? `On the training points, network and linear model stayed within ${limit} of each other, as far as float32 tells, at every recorded step, to ${step(whole.after)}.`
      : `On the training points, network and linear model part by more than ${limit} ${between(whole)}${back(whole, 'the network comes back')}.`;
  if (!kernel || !movement) {
    return whole.at === null
      ? first
      : `${first} With the linearized network (training.linearized) it shows whether by the kernel at *t* = 0 or by movement.`;
  }
  const two = `The linearized network leaves the linear model ${when(kernel)}, and the network its linearization ${when(movement)}.`;
  const moment = records.find((record) => record.step === whole.at);
  return [first, two, becauseOf(cause, whole), moment ? sharesAt(moment) : ''].filter(Boolean).join(' ');
}

const between = ({ after, at }: Parting): string =>
  after === at
    ? `from the first record, ${step(after)}`
    : `between the recorded steps ${step(after)} and ${step(at!)}`;

const when = (parting: Parting): string =>
  parting.at === null
    ? `at no recorded step`
    : (parting.after === parting.at ? between(parting) : `by ${step(parting.at)}`) +
      back(parting, 'it comes back');

/** Whether models that parted came together again. */
const back = ({ at, lasting }: Parting, who: string): string =>
  lasting === at
    ? ''
    : lasting === null
      ? ` (${who} within that share, and stays to the last record)`
      : ` (${who} within that share, and is beyond it to the last record from ${step(lasting)})`;

function becauseOf(cause: Departure['cause'], whole: Parting): string {
  if (whole.at === null) return '';
  switch (cause) {
    case 'kernel':
      return 'So what ends the agreement is *the kernel at* *t* = 0: *Θ*(0) is not *K*, before anything has moved.';
    case 'movement':
      return 'So what ends the agreement is *movement*: with *Θ*(0) kept, the outputs would still be the linear model’s.';
    case 'both':
      return 'Both come within one recorded step: *the kernel at* *t* = 0 *and movement* together end the agreement.';
    case null:
      return 'Neither is enough by itself: only both together reach that share.';
  }
}

/** Of how many times its mean square what f_lin is next to nothing beside. */
const next = 1000;

function sharesAt(moment: StepRecord): string {
  const { kernel, movement, linear } = departureParts(moment);
  const parts = (of: (part: number) => string): string =>
    `the kernel’s part is ${of(kernel)} and that of movement ${of(movement)}`;
  return Math.max(kernel, movement) > next * linear
    ? `At ${step(moment.step)} *f*_{lin} is next to nothing; as mean squares ${parts((part) => formatNumber(part, 2))}.`
    : `At ${step(moment.step)} ${parts((part) => `${formatNumber((100 * part) / linear, 2)} %`)}.`;
}
