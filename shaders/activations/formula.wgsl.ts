import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import type { Node } from '../../src/math/formula/node.ts';
import { argument, distanceTo, intervalEvaluator, mostExponent } from '../../src/math/formula/intervals.ts';
import type { FormulaParts } from '../../src/math/activations/mathematics.ts';
import { formulaMathematics } from '../../src/math/formula/mathematics.ts';
import { inOrder } from '../../src/math/formula/order.ts';
import { erf } from '../parts/erf.wgsl.ts';
import { expNeg } from '../parts/exp.wgsl.ts';
import { log } from '../parts/log.wgsl.ts';
import { sinCos } from '../parts/sin-cos.wgsl.ts';
import { piecewiseLinearForm } from './piecewise-linear.wgsl.ts';
import { type ActivationShader, clampedAbs, literal } from './shader.ts';
import { sigmoidBoth } from './sigmoid.wgsl.ts';
import { softplusBoth } from './softplus.wgsl.ts';
import { tanhBoth } from './tanh.wgsl.ts';

/** e^a of any sign; beyond ±87 what it is there, so that neither it nor its reciprocal overflows. */
const expOf = wgsl`
fn exp_of(a: f32) -> f32 {
  let e = exp_neg(clamped_abs(a, select(88.0, ${mostExponent}.0, a > 0.0)));
  return select(e, 1.0 / e, a > 0.0);
}
`;

/** e^a − 1, to small relative error near 0, too. */
const expm1Of = wgsl`
fn expm1_of(a: f32) -> f32 {
  let x = exp_neg_parts(clamped_abs(a, select(88.0, ${mostExponent}.0, a > 0.0)));
  let falling = fma(x.x, x.y, ungrouped(x.x - 1.0));
  return select(falling, -falling / fma(x.x, x.y, x.x), a > 0.0);
}
`;

/** log a, of the smallest normal float32 where a is less; log_unit holds beyond 1 as it does below. */
const logOf = wgsl`
fn log_of(a: f32) -> f32 {
  return log_unit(max(a, 1.1754944e-38));
}
`;

/** log(1 + a), to small relative error near 0, too. */
const log1pOf = wgsl`
fn log1p_of(a: f32) -> f32 {
  let near = clamp(a, -0.5, 1.0);
  return select(log_of(1.0 + a), two_atanh(near / (2.0 + near)), near == a);
}
`;

const sqrtOf = wgsl`
fn sqrt_of(a: f32) -> f32 {
  return select(0.0, sqrt(max(a, 1.1754944e-38)), a > 0.0);
}
`;

/** The density of the error function, its derivative. */
const bellOf = wgsl`
fn bell_of(z: f32) -> f32 {
  let a = clamped_abs(z, 10.0);
  return 1.1283792 * exp_neg(a * a);
}
`;

/** The parts, each before those that need it, and what in a body tells that it is needed. */
const parts: readonly (readonly [code: string, name: string])[] = [
  [clampedAbs, 'clamped_abs'],
  [expNeg, 'exp_neg'],
  [log, 'two_atanh'],
  [sinCos, 'sin_cos'],
  [erf, 'erf'],
  [expOf, 'exp_of'],
  [expm1Of, 'expm1_of'],
  [logOf, 'log_of'],
  [log1pOf, 'log1p_of'],
  [sqrtOf, 'sqrt_of'],
  [bellOf, 'bell_of'],
  [tanhBoth('tanh_both'), 'tanh_both'],
  [sigmoidBoth('sigmoid_both'), 'sigmoid_both'],
  [softplusBoth('softplus_both'), 'softplus_both'],
];

/** The body with what it calls, and what that calls, before it. */
function withParts(body: string): string {
  let code = body;
  for (const [part, name] of parts.toReversed()) {
    if (
      new RegExp(`\\b${name}(_parts|_unit)?\\(`).test(code) ||
      (name === 'two_atanh' && /\blog(1p)?_unit\(/.test(code))
    ) {
      code = part + code;
    }
  }
  return code;
}

/** WGSL statements that compute the roots, and the names of their values. Nothing of the formula's text enters it. */
function statements(
  roots: readonly Node[],
  variables: Partial<Record<string, string>>,
): { lines: string[]; names: string[] } {
  const lines: string[] = [];
  const names = new Map<number, string>();
  const calls = new Map<string, string>();
  /** Two results of one function are one call. */
  const half = (call: string, component: 'x' | 'y'): string => {
    let name = calls.get(call);
    if (!name) {
      calls.set(call, (name = `pair${calls.size}`));
      lines.push(`let ${name} = ${call};`);
    }
    return `${name}.${component}`;
  };
  for (const node of inOrder(roots)) {
    const args = node.args.map(({ id }) => names.get(id)!);
    const [a, b] = args;
    const value = ((): string => {
      switch (node.op) {
        case 'number':
          return literal(node.value);
        case 'x':
        case 'z':
        case 'other':
        case 'gap':
          return variables[node.op]!;
        case 'add':
          return `${a} + ${b}`;
        case 'subtract':
          return `${a} - ${b}`;
        case 'multiply':
          return `${a} * ${b}`;
        case 'divide':
          return `${a} / ${b}`;
        case 'negate':
          return `-${a}`;
        case 'abs':
        case 'max':
        case 'min':
          return `${node.op}(${args.join(', ')})`;
        case 'choose': {
          const [, , less, greater, equal] = args;
          return `select(select(${equal}, ${greater}, ${a} > ${b}), ${less}, ${a} < ${b})`;
        }
        case 'exp':
        case 'expm1':
        case 'log':
        case 'log1p':
        case 'sqrt':
        case 'bell':
          return `${node.op}_of(${a})`;
        case 'power':
          return `select(0.0, exp_of(${literal(node.value)} * log_of(${a})), ${a} > 0.0)`;
        case 'erf':
          return `erf(${a})`;
        case 'sin':
          return half(`sin_cos(${a})`, 'x');
        case 'cos':
          return half(`sin_cos(${a})`, 'y');
        case 'tanh':
          return half(`tanh_both(${a})`, 'x');
        case 'sech2':
          return half(`tanh_both(${a})`, 'y');
        case 'sigmoid':
          return half(`sigmoid_both(${a})`, 'x');
        case 'sigmoidPrime':
          return half(`sigmoid_both(${a})`, 'y');
        case 'softplus':
          return half(`softplus_both(${a})`, 'x');
        default:
          return node.op satisfies never;
      }
    })();
    const plain = node.op === 'number' || node.args.length === 0;
    if (plain) names.set(node.id, value);
    else {
      const name = `t${node.id}`;
      lines.push(`let ${name} = ${value};`);
      names.set(node.id, name);
    }
  }
  return { lines, names: roots.map(({ id }) => names.get(id)!) };
}

function functionOf(
  head: string,
  result: (names: string[]) => string,
  roots: readonly Node[],
  variables: Partial<Record<string, string>>,
): string {
  const { lines, names } = statements(roots, variables);
  return `
fn ${head} {
  ${[...lines, `return ${result(names)};`].join('\n  ')}
}
`;
}

const valueAndSlope = ({ phi, phiPrime }: FormulaParts): string =>
  functionOf('phi(z: f32) -> f32', ([value]) => value, [phi], { x: 'z' }) +
  functionOf('phi_prime(z: f32) -> f32', ([slope]) => slope, [phiPrime], { x: 'z' }) +
  functionOf(
    'phi_both(z: f32) -> vec2<f32>',
    ([value, slope]) => `vec2(${value}, ${slope})`,
    [phi, phiPrime],
    { x: 'z' },
  );

/** Beyond this half little cancels, and the difference is taken as it is. */
const pairLimit = 0.5;

const pairOf = ({ graph, phi }: FormulaParts): string => `
${functionOf('phi_difference(z: f32, other: f32, gap: f32) -> f32', ([difference]) => difference, [graph.difference(phi)], { z: 'z', other: 'other', gap: 'gap' })}
fn phi_pair(mean: f32, half: f32) -> vec4<f32> {
  let z = mean + half;
  let other = mean - half;
  let p = phi_both(z);
  let q = phi_both(other);
  let near = select(phi_difference(z, other, 2.0 * half), 0.0, half == 0.0);
  return vec4<f32>(p.x + q.x, select(near, p.x - q.x, abs(half) > ${pairLimit}), p.y, q.y);
}
`;

/** WGSL of an activation that is a formula, written from the nodes that also bound its error. */
export function formulaShader(text: string): ActivationShader {
  const { formula, slopes, phi, phiPrime } = formulaMathematics(text);
  const both = intervalEvaluator([formula.phi, formula.phiPrime]);
  const near = intervalEvaluator([formula.graph.difference(formula.phi)]);
  const value = valueAndSlope(formula);
  return {
    code: withParts(value),
    error: {
      phi: (z) => distanceTo(phi(z), both({ x: argument(z) })[0]),
      phiPrime: (z) => distanceTo(phiPrime(z), both({ x: argument(z) })[1]),
      phiPrimeNear: (z, dz) => distanceTo(phiPrime(z), both({ x: argument(z - dz, z + dz) })[1]),
    },
    pair: {
      code: withParts(value + pairOf(formula)),
      limit: pairLimit,
      difference: (z, other, gap) => near({ z, other, gap })[0],
    },
    expected: slopes && piecewiseLinearForm(slopes.left, slopes.right),
  };
}
