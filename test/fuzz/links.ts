import { parseSpec } from '../../src/experiment/parse-spec.ts';
import { SpecError } from '../../src/experiment/spec-error.ts';
import { labPresets } from '../../web/lab/presets.ts';
import { encodeLink } from '../../web/lab/link.ts';
import { mutatedText, oddNumber, oddText } from './documents.ts';
import type { Random } from './random.ts';
import { someSpec } from './specs.ts';

const fields = [
  'name',
  'seed',
  'data.d',
  'data.nTest',
  'data.spectrum.kind',
  'target',
  'target.kind',
  'target.width',
  'network.width',
  'training.eta',
  'training.steps',
  'training.watched',
  'training.records.count',
  'training.records.spacing',
  'claims',
  'view.step',
  'view.speed',
  'view.axes.loss',
  'view.tab',
  'constructor.prototype',
  'toString',
  'a.b.c.d.e.f',
] as const;

const values = [
  '1',
  '5',
  '1e12',
  'log',
  'linear',
  'all',
  '[0,1]',
  '{"kind":"teacher","width":8}',
  '.5',
  'true',
] as const;

/** A link of an experiment, with fields added, or characters changed. */
export function someLink(random: Random): string {
  let hash = encodeLink({
    spec: experiment(random),
    view: random.chance(0.5) ? {} : { step: 3, speed: null },
  })!;
  for (let added = random.below(3); added > 0; added--) {
    const value = random.pick([random.pick(values), String(oddNumber(random)), oddText(random)]);
    hash += `&${random.pick(fields)}=${random.chance(0.7) ? encode(value) : value}`;
  }
  return random.chance(0.3) ? mutatedText(random, hash) : hash;
}

function experiment(random: Random): ReturnType<typeof parseSpec> {
  try {
    return parseSpec(someSpec(random));
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    return parseSpec(random.pick(labPresets).spec);
  }
}

const encode = (text: string): string => encodeURIComponent(text.replace(/[\ud800-\udfff]/g, '?'));
