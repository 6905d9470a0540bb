import { describe, expect, it } from 'vitest';
import { isTwoLayer } from '../../src/experiment/network-facts.ts';
import { type Spec, parseSpec } from '../../src/experiment/spec.ts';
import { columnVariances } from '../../src/data/covariance.ts';
import { gaussianConstants } from '../../src/math/gaussian-constants.ts';
import { explanations } from '../../web/lab/explain/explanations.ts';
import { lookFor } from '../../web/lab/look-for.ts';
import { labPresets } from '../../web/lab/presets.ts';
import { recordedPresets } from '../../web/lab/recorded-presets.ts';
import { tourStops } from '../../web/lab/tour-stops.ts';
import { Random } from '../fuzz/random.ts';
import { randomSpec } from './random-spec.ts';
import { sampleRecording } from './sample-recording.ts';

const number = (text: string): number => Number(text.replaceAll('\u202f', '').replace('−', '-'));
const about = (text: string, value: number): boolean =>
  Math.abs(number(text) - value) <= 5e-3 * Math.abs(value);
/** The largest entry of Σ, and its share of the trace. */
const spikeOf = ({ data }: Spec): { norm: number; percent: number } => {
  if (data.distribution !== 'spiked') return { norm: NaN, percent: NaN };
  const [first, ...others] = columnVariances(data);
  return { norm: Math.max(first, ...others), percent: (100 * first) / data.d };
};
const sizeOf = ({ data }: Spec, size: 'n' | 'd'): number => ('d' in data ? data[size] : NaN);

type Truth = [said: RegExp, holds: (spec: Spec, found: RegExpExecArray) => boolean];

/** What stands before a question, and what has to be true of the spec where it does. */
const leads: Truth[] = [
  [
    /^A target of degrees (.+)$/,
    ({ target }, [, degrees]) =>
      target.kind === 'hermite' &&
      degrees ===
        [1, 2, 3]
          .filter((k) => target.coefficients[k - 1] !== 0)
          .join(', ')
          .replace(/, (?=\d$)/, ' and '),
  ],
  [
    /^Filters of (\d+)(?: × \1)*$/,
    ({ network }, [all, filter]) =>
      network.kind === 'convolutional' &&
      network.filter === Number(filter) &&
      all.split('×').length === network.shape.length - 1,
  ],
  [
    /^(\d+) hidden layers$/,
    ({ network }, [, depth]) =>
      network.kind === 'deep' && network.depth === Number(depth) && network.depth > 1,
  ],
  [
    /^One direction holds (\S+)\u202f% of the variance$/,
    (spec, [, share]) => about(share, spikeOf(spec).percent),
  ],
  [/^Inputs with heavy tails$/, ({ data }) => data.distribution === 'student-t'],
  [
    /^Inputs of mean (\S+)$/,
    ({ data }, [, mean]) => data.distribution === 'uncentred' && about(mean, data.shift),
  ],
  [
    /^(\S+) hidden units for (\S+) inputs$/,
    ({ network, data }, [, units, inputs]) =>
      'width' in network &&
      network.width === number(units) &&
      'd' in data &&
      data.d === number(inputs) &&
      number(units) < number(inputs),
  ],
  [
    /^With the ReLU the linear model has a feature of ‖\*x\*‖$/,
    ({ network, training }) =>
      network.activation === 'relu' &&
      training.layers !== 'first' &&
      gaussianConstants({ name: 'relu' }, 1).theta0 !== 0,
  ],
  [/^With \*v\* at rest$/, ({ training }) => training.layers === 'first'],
];

describe('what to look for', () => {
  it('says of 400 random experiments and every preset what is so, and asks for the rest', () => {
    const random = new Random(20);
    const presets = [...labPresets, ...recordedPresets].map(({ spec }) => spec);
    const said = new Set<RegExp>();
    for (const input of [...presets, ...Array.from({ length: 400 }, () => randomSpec(random))]) {
      const spec = parseSpec(input);
      const words = lookFor(spec);
      const where = `${words} ${JSON.stringify(spec)}`;
      // New points are spoken of where there are any.
      if (words.includes('new points')) expect(spec.data, where).not.toMatchObject({ nTest: 0 });
      for (const sentence of words.split(/(?<=\?) /)) {
        expect(sentence, where).toMatch(/\?$/);
        const [lead, ...question] = sentence.split(': ');
        if (question.length === 0) continue;
        const truth = leads.find(([form]) => form.test(lead));
        expect(truth, `no truth is known for “${lead}”`).toBeDefined();
        said.add(truth![0]);
        expect(truth![1](spec, truth![0].exec(lead)!), where).toBe(true);
      }
    }
    expect(said.size).toBe(leads.length);
  });
});

/** What stops of the tour say of the experiment beside them. */
const facts: Truth[] = [
  [
    /^A network with one hidden layer, .*, learns (\S+) labelled points by gradient descent\.$/,
    (spec, [, n]) => isTwoLayer(spec.network) && number(n) === sizeOf(spec, 'n'),
  ],
  [
    /for \*c\* = ½, \*T\* = (\S+) steps here\.$/,
    (spec, [, T]) => about(T, (0.5 * sizeOf(spec, 'd') * Math.log(sizeOf(spec, 'd'))) / spec.training.eta!),
  ],
  [/here in (\S+) dimensions\.$/, (spec, [, d]) => number(d) === sizeOf(spec, 'd')],
  [
    /^With the ReLU /,
    ({ network, training }) => network.activation === 'relu' && training.layers !== 'first',
  ],
  [
    /^Here one direction holds (\S+)\u202f% of the variance: ‖\*Σ\*‖ = (\S+), /,
    (spec, [, share, norm]) => about(share, spikeOf(spec).percent) && about(norm, spikeOf(spec).norm),
  ],
  [/^It fills as the training goes on\.$/, ({ claims }) => claims !== 'none'],
];

describe('the tour', () => {
  it.each(['computed', 'recorded'] as const)('says of the experiments that are %s what is so', (how) => {
    const { preparation } = sampleRecording();
    const said = new Set<RegExp>();
    for (const { title, text, task, preset, claims } of tourStops) {
      const { spec: input } = (how === 'recorded' ? recordedPresets : labPresets).find(
        ({ id }) => id === preset,
      )!;
      const spec = parseSpec(how === 'recorded' || !claims ? input : { ...input, claims });
      const [n, d, eta] = [sizeOf(spec, 'n'), sizeOf(spec, 'd'), spec.training.eta!];
      const scene = { spec, preparation: { ...preparation!, n, d, eta, horizon: (d * Math.log(d)) / eta } };
      expect(task, title).toMatch(/\?/);
      for (const sentence of text(scene).flatMap((paragraph) => paragraph.split(/(?<=\.) (?=[A-Z*])/))) {
        const fact = facts.find(([form]) => form.test(sentence));
        // What is not of this experiment is of the theory, or of what is drawn.
        if (!fact) expect(sentence).not.toMatch(/[1-9]|\b[Hh]ere\b|%/);
        else {
          said.add(fact[0]);
          expect(fact[1](spec, fact[0].exec(sentence)!), sentence).toBe(true);
        }
      }
    }
    expect(said.size).toBe(facts.length - (how === 'recorded' ? 1 : 0));
  });
});

describe('explanations', () => {
  it('say what is drawn and what the theory says, and ask what comes out', () => {
    for (const [id, { sentences, formula }] of Object.entries(explanations)) {
      expect(sentences, id).toHaveLength(3);
      for (const sentence of sentences.slice(0, 2)) expect(sentence, id).toMatch(/^[A-Z].*\.$/);
      expect(sentences[2], id).toMatch(/^[A-Z].*\?$/);
      expect(formula, id).not.toBe('');
    }
  });
});
