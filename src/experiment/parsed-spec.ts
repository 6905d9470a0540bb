import { shown } from '../gpu/arguments.ts';
import type { Spec } from './spec-fields.ts';

/** What parseSpec leaves in every spec, whatever was left out. */
const always = {
  spec: ['name', 'seed', 'data', 'target', 'network', 'training', 'kernel', 'claims'],
  training: ['layers', 'steps', 'records', 'watched'],
} as const;

/** @throws TypeError where the value is no spec as parseSpec gives one, but one as it is written, or none. */
export function requireParsed(spec: Spec): void {
  const advice = 'parseSpec(…) gives one: it checks what is written and fills in what is left out.';
  if (Object(spec) !== spec) {
    throw new TypeError(`spec must be a spec that was parsed; it is ${shown(spec)}. ${advice}`);
  }
  const missing =
    always.spec.find((field) => !Object.hasOwn(spec, field)) ??
    always.training.find((field) => !Object.hasOwn(spec.training, field));
  if (missing === undefined) return;
  throw new TypeError(`spec must be a spec that was parsed; it has no ${missing}. ${advice}`);
}
