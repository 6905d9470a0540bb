import { expect, test } from 'vitest';
import type { StepRecord } from '../../src/experiment/result.ts';
import { storyAt } from '../../web/lab/story.ts';
import { emptyRecording } from './sample-recording.ts';
import { collect } from '../experiment/collect.ts';
import { Random } from '../fuzz/random.ts';
import { gpu } from '../gpu-device.ts';
import { randomSpec } from './random-spec.ts';

/** What a caption may speak of. */
interface Facts {
  record: StepRecord;
  /** ½ d log d/η, of a deep network ½ d log d/(ηk₁) */
  T: number;
  optimum: number | null;
}

const setsOf = ({ train, test }: StepRecord) => [train, ...(test ? [test] : [])];
/** ‖f − f_lin‖² over ‖f_lin‖² on the set where it is greatest. */
const apart = ({ record }: Facts): number =>
  Math.max(
    ...setsOf(record).map(({ discrepancies, linearSquare }) =>
      discrepancies.linear === 0 ? 0 : discrepancies.linear / linearSquare!,
    ),
  );
/** The network's loss over the linear model's. */
const ratio = (set: { losses: { network: number; linear: number } }): number =>
  set.losses.network / set.losses.linear;
const fits = {
  'better than': (share: number) => share < 1,
  'as well as': (share: number) => Math.abs(share - 1) < 0.02,
  'worse than': (share: number) => share > 1,
};
type Fit = keyof typeof fits;
const alone: Record<string, Fit> = {
  better: 'better than',
  'equally well': 'as well as',
  worse: 'worse than',
};

/** What each sentence says, and what has to be true where it is said. One that none of these is, is not held against anything. */
const truths: [sentence: RegExp, holds: (facts: Facts, found: RegExpExecArray) => boolean][] = [
  [/^\*At the start\.\*$/, ({ record }) => record.step === 0],
  [
    /^Both models are 0 everywhere, by their initialization\.$/,
    ({ record }) => setsOf(record).every((set) => set.discrepancies.linear === 0 && set.linearSquare === 0),
  ],
  [/^\*Early\.\*$/, ({ record, T }) => record.step <= T],
  [/^\*Still together\.\*$/, ({ record, T }) => record.step > T],
  [/^\*(Close|Apart)\.\*$/, () => true],
  [/^\*Later\.\*$/, ({ record, T }) => record.step > T],
  [
    /^The network behaves like the linear model, on (?:training points and on new ones|the training points)\.$/,
    (facts) => apart(facts) <= 0.05,
  ],
  [
    /^The network is near the linear model, but not the same, on (?:training points and on new ones|the training points)\.$/,
    (facts) => apart(facts) > 0.05 && apart(facts) <= 0.25,
  ],
  [/^The network is not near the linear model\.$/, (facts) => apart(facts) > 0.25],
  [
    /^It fits (training points and new points|the training points) (better than|as well as|worse than) the linear model(?:, (?:and|but) new points (better|equally well|worse))?\.$/,
    ({ record }, [, sets, fit, others]) =>
      fits[fit as Fit](ratio(record.train)) &&
      (sets.includes('new') || Boolean(others)) === (record.test !== null) &&
      (record.test === null || fits[others ? alone[others] : (fit as Fit)](ratio(record.test))),
  ],
  [
    /^The linear model is at its optimum, and the network fits the training points better(?:, (new points, too|new points equally well|but new points worse))?\.$/,
    ({ record: { train, test }, optimum }, [, others]) =>
      optimum !== null &&
      train.losses.linear <= 1.02 * optimum &&
      ratio(train) < 1 &&
      Boolean(others) === (test !== null) &&
      (test === null ||
        {
          'new points, too': fits['better than'],
          'new points equally well': fits['as well as'],
          'but new points worse': fits['worse than'],
        }[others as 'new points, too'](ratio(test))),
  ],
];

test('every caption of forty random experiments is true, on training points and on new ones', async () => {
  const random = new Random(7);
  const said = new Map<string, number>();
  for (let k = 0; k < 40; k++) {
    const spec = randomSpec(random);
    const { result } = await collect(gpu.device, spec);
    const { records, preparation, status, accuracy } = result;
    const recording = { ...emptyRecording(), ...result, spec: result.spec, phase: 'ended' as const, result };
    const { d, eta, deep } = preparation;
    const T = (0.5 * d * Math.log(d)) / (eta * (deep?.k1 ?? 1));
    for (const [cursor, record] of records.entries()) {
      const story = storyAt(recording, cursor);
      const where = `${JSON.stringify(spec)} at step ${record.step}: ${story}`;
      if (cursor === records.length - 1 && status.kind === 'diverged') {
        expect(story, where).toContain(
          `*Diverged.* The ${status.model} left every bound at step ${status.step}`,
        );
        const limit = deep?.stableRate ?? preparation.largestStableRate!;
        expect(story.includes('is above the largest stable one'), where).toBe(eta > limit);
        continue;
      }
      if (story.startsWith('*Beyond float32.*')) {
        expect(Math.max(accuracy!.outputs, accuracy!.loss), where).toBeGreaterThan(1e-4);
        continue;
      }
      const [, lead, rest] = /^(\*[^*]+\*) (.*)$/.exec(story)!;
      for (const sentence of [lead, ...rest.split(/(?<=\.) (?=[A-Z])/)]) {
        const truth = truths.find(([form]) => form.test(sentence));
        expect(truth, `no truth is known for “${sentence}”`).toBeDefined();
        const [form, holds] = truth!;
        said.set(form.source, (said.get(form.source) ?? 0) + 1);
        expect(holds({ record, T, optimum: preparation.linearOptimum }, form.exec(sentence)!), where).toBe(
          true,
        );
      }
    }
  }
  // A test of sentences that are never said would hold nothing.
  expect([...said.keys()].sort()).toEqual(truths.map(([{ source }]) => source).sort());
}, 240_000);
