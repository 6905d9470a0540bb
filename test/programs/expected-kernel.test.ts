import { describe, expect, test } from 'vitest';
import { relativeError } from '../../shaders/parts/accuracy.ts';
import { Matrix, type MatrixOptions } from '../../src/gpu/matrix.ts';
import { absolute } from '../../src/math/absolute.ts';
import type { Activation, ActivationName, registry } from '../../src/math/activation-names.ts';
import { hasClosedForm } from '../../src/math/activations.ts';
import type { Covariance, ExpectedEntry } from '../../src/math/activations/mathematics.ts';
import { type Dense, dense } from '../../src/math/dense.ts';
import {
  type HermiteCoefficients,
  hermiteExpansion,
  hermiteExtras,
  hermiteSeries,
  hermiteTail,
  hermiteTerms,
} from '../../src/math/hermite-coefficients.ts';
import {
  type ExpectedPoints,
  compileExpectedKernel,
  compileExpectedProduct,
} from '../../src/programs/expected-kernel.ts';
import { compileRowNorms } from '../../src/programs/row-norms.ts';
import { covariances, expectedEntry, expectedProduct } from '../../src/reference/expected-kernel.ts';
import { rowNorms } from '../../src/reference/row-norms.ts';
import { everyActivation } from '../activations.ts';
import { expectWithin, gamma, u } from '../bounds.ts';
import { Float32Numbers, gpu, poison, poisonedVector, run, upload, uploadVector } from '../gpu-device.ts';

/** More columns than a workgroup takes at a time. */
const panelRows = 128;
/** Panels of so many rows of `cols` floats. */
const panels = (cols: number): MatrixOptions => ({ maxPanelBytes: Math.ceil(cols / 4) * 16 * panelRows });

/** Points of different norms, a up to 4 and beyond, some close to their neighbour (ρ ≈ 0.99), one 0. */
function points(random: Float32Numbers, n: number, d: number): Dense {
  const x = random.matrix(n, d);
  for (let i = 0; i < n; i++) {
    const near = i % 5 === 4;
    const scale = i % 13 === 6 ? 0 : 0.5 + (i % 4) / 2;
    for (let k = i * d; k < (i + 1) * d; k++) {
      x.data[k] = Math.fround(near ? x.data[k - d] + 0.1 * x.data[k] : scale * x.data[k]);
    }
  }
  return x;
}

/** A set of points on the device, in blocks of at most panelRows. */
class Points implements Disposable {
  readonly #disposables: Disposable[];
  readonly blocks: ExpectedPoints[];

  private constructor(disposables: Disposable[], blocks: ExpectedPoints[]) {
    this.#disposables = disposables;
    this.blocks = blocks;
  }

  static async create(x: Dense, activation: Activation, terms: number): Promise<Points> {
    const X = upload(x, panels(x.cols));
    const norms = poisonedVector(x.rows);
    const rowNormsOf = await compileRowNorms(gpu);
    await run(X.blocks().map((block) => rowNormsOf(block, x.cols, norms)));
    if (hasClosedForm(activation))
      return new Points(
        [X, norms],
        X.blocks().map((block) => ({ X: block, norms })),
      );
    const { rows } = hermiteSeries(hermiteExpansion(activation, terms), await norms.read(), terms);
    const series = new Matrix(gpu, 'series', x.rows, terms + hermiteExtras, panels(terms + hermiteExtras));
    series.write(rows);
    const blocks = Matrix.blocksTogether([X, series]).map(([block, { binding }]) => ({
      X: block,
      series: binding,
    }));
    return new Points([X, norms, series], blocks);
  }

  [Symbol.dispose](): void {
    for (const disposable of this.#disposables) disposable[Symbol.dispose]();
  }
}

/** Exact entries and bounds of Θ₁* and Θ₂* for unit weights, n · ñ each. */
interface Bounded {
  exact: ExpectedEntry[];
  bound: ExpectedEntry[];
}

function bounded(activation: Activation, x: Dense, other: Dense, same: boolean, terms: number): Bounded {
  const all = covariances(x, other, same);
  const entries = all.map((covariance) => expectedEntry(activation, covariance));
  const sizes = covariances(absolute(x), absolute(other), same).map(({ c }) => c);
  // An inner product: d products and sums, the rounded 1/d and its product.
  const relative = gamma(x.cols + 2);
  const expansion = hasClosedForm(activation) ? undefined : hermiteExpansion(activation, 256);
  const [rows, cols] = [x, other].map((set) => (expansion ? [...rowNorms(set)].map(expansion) : []));
  const bound = all.map((covariance, at) => {
    const [i, j] = [Math.floor(at / other.rows), at % other.rows];
    const diagonal = same && i === j;
    const dc = relative * sizes[at];
    const [moved, rounded] = expansion
      ? [
          hermiteMoved(rows[i], cols[j], covariance, relative, dc),
          hermiteRounding(rows[i], cols[j], covariance, terms, diagonal),
        ]
      : [
          closedMoved(activation, covariance, relative, dc, diagonal),
          closedRounding(activation, covariance, diagonal),
        ];
    // The rounded weight, its product and the sum of the two; what is of second order.
    const total = (key: keyof ExpectedEntry, exact: number): number =>
      (1 + 2 ** -10) * (moved[key] + rounded[key] + 3 * u * Math.abs(exact));
    const exact = entries[at];
    return { first: total('first', exact.first), second: total('second', exact.second) };
  });
  return { exact: entries, bound };
}

/** What errors of a, b, c change in a closed form: its largest change at the corners of their box. */
function closedMoved(
  activation: Activation,
  { a, b, c }: Covariance,
  relative: number,
  dc: number,
  diagonal: boolean,
): ExpectedEntry {
  const exact = expectedEntry(activation, { a, b, c });
  const signs = [-1, 1];
  const corners = diagonal
    ? signs.map((s) => a * (1 + s * relative)).map((value) => ({ a: value, b: value, c: value }))
    : signs.flatMap((s) =>
        signs.flatMap((t) =>
          signs.map((r) => ({ a: a * (1 + s * relative), b: b * (1 + t * relative), c: c + r * dc })),
        ),
      );
  const moved = corners.map((corner) => expectedEntry(activation, corner));
  const largest = (key: keyof ExpectedEntry): number =>
    Math.max(...moved.map((entry) => Math.abs(entry[key] - exact[key])));
  return { first: largest('first'), second: largest('second') };
}

/** Those whose expected kernel has a closed form. */
type ClosedName = {
  [Name in ActivationName]: (typeof registry)[Name] extends { dual: null } ? never : Name;
}[ActivationName];

/** What evaluating a closed form at a, b, c adds, without the weights. */
function closedRounding(activation: Activation, { a, b, c }: Covariance, diagonal: boolean): ExpectedEntry {
  const size = Math.abs(c);
  const gap = diagonal ? 0 : Math.max(0, a * b - c * c);
  // Two products and a difference, or one of them fused.
  const dgap = diagonal ? 0 : u * (a * b + c * c + gap);
  const name = activation.name as ClosedName;
  switch (name) {
    case 'erf': {
      const q = 1 + 2 * (a + b) + 4 * gap;
      // q has four roundings beside the gap's; the root halves them and adds inverseSqrt's own.
      const root = (4 * dgap) / (2 * q) + (2 + relativeError.inverseSqrt) * u;
      const { first, second } = expectedEntry(activation, { a, b, c });
      // A rounded constant and two products; one product, the angle (no worse conditioned than its tangent), constant, product.
      return {
        first: (root + 3 * u) * Math.abs(first),
        second: (root + (1 + relativeError.angle + 2) * u) * Math.abs(second),
      };
    }
    case 'sin': {
      const { first, second } = expectedEntry(activation, { a, b, c });
      // The exponent: a sum and a difference. 1 + e^−2|c| is right to 3.5u, 1 − e^−2|c| to 4.9u (as exp_neg_parts was
      // bounded); two products.
      const envelope = u * (a + b) + relativeError.expNeg * u;
      return {
        first: (envelope + (3.5 + 2) * u) * Math.abs(first),
        second: (envelope + (4.9 + 2) * u) * Math.abs(second),
      };
    }
    case 'identity':
      return { first: u * size, second: u * size };
    case 'relu':
    case 'leaky-relu': {
      const slope = 'slope' in activation ? activation.slope : 0;
      const arc = (1 - slope) ** 2 / (2 * Math.PI);
      const at = (square: number): ExpectedEntry => {
        const root = Math.sqrt(Math.max(0, square));
        const rest = Math.atan2(root, -c);
        return { first: c * arc * rest, second: arc * (root + rest * c) };
      };
      const [low, middle, high] = [at(gap - dgap), at(gap), at(gap + dgap)];
      const fromGap = (key: keyof ExpectedEntry): number =>
        Math.max(Math.abs(low[key] - middle[key]), Math.abs(high[key] - middle[key]));
      const root = Math.sqrt(gap + dgap);
      const rest = Math.atan2(root, -c);
      // sqrt is right to 9u; the angle turns by root · |c|/(ab) times that, and has an error of its own.
      const radius = root * root + c * c;
      const droot = 9 * u * root;
      const drest = relativeError.angle * u * rest + (radius > 0 ? (droot * size) / radius : 0);
      // Two rounded constants and at most four products and sums.
      return {
        first: fromGap('first') + size * arc * drest + 5 * u * size * (Math.abs(slope) + arc * rest),
        second:
          fromGap('second') +
          arc * (droot + size * drest) +
          6 * u * (Math.abs(slope) * size + arc * (root + rest * size)),
      };
    }
    default:
      return name satisfies never;
  }
}

/** E[(√a)^2m φ^(m)(√a g)²] = Σ_k k!/(k − m)! α_k² */
function derivativeSquare({ alpha }: HermiteCoefficients, m: number): number {
  return alpha.reduce((sum, value, k) => {
    let factor = 1;
    for (let p = 0; p < m; p++) factor *= k - p;
    return sum + factor * value * value;
  }, 0);
}

/**
 * What relative errors of a and b and dc of c change in E φφ′ and c E φ′φ′: by ∂_c E fg = E f′g′ and ∂_a E fg = ½E f″g, each
 * at most the geometric mean of its squares.
 */
function hermiteMoved(
  p: HermiteCoefficients,
  q: HermiteCoefficients,
  { a, b, c }: Covariance,
  relative: number,
  dc: number,
): ExpectedEntry {
  if (a * b === 0) return { first: 0, second: 0 };
  const root = Math.sqrt(a * b);
  const mean = (k: number, l: number): number => Math.sqrt(derivativeSquare(p, k) * derivativeSquare(q, l));
  const byNorms = (k: number): number => (mean(k + 2, k) + mean(k, k + 2)) / 2;
  return {
    first:
      (mean(1, 1) / root + (Math.abs(c) * mean(2, 2)) / (a * b)) * dc +
      ((byNorms(1) * Math.abs(c)) / root) * relative,
    second: (mean(1, 1) / root) * dc + byNorms(0) * relative,
  };
}

/** What the series adds: its truncation and its rounding. */
function hermiteRounding(
  p: HermiteCoefficients,
  q: HermiteCoefficients,
  { a, b, c }: Covariance,
  terms: number,
  diagonal: boolean,
): ExpectedEntry {
  if (diagonal) return { first: u * p.first, second: u * p.second };
  const rho = a * b > 0 ? Math.min(1, Math.abs(c) / Math.sqrt(a * b)) : 0;
  const [tailP, tailQ] = [p, q].map((coefficients) => hermiteTail(coefficients, terms));
  const sum = {
    first: rho ** terms * Math.sqrt(tailP.first * tailQ.first),
    second: rho ** terms * Math.sqrt(tailP.second * tailQ.second),
  };
  for (let k = 0; k < terms; k++) {
    const size = Math.abs(p.alpha[k] * q.alpha[k]) * rho ** k;
    // Two rounded coefficients, two products and one with the weight; a product and a sum for each degree up to k; and ρ^k
    // from a ρ of two rounded roots and two products.
    const roundings = gamma(5 + 2 * (k + 1) + 4 * k);
    sum.first += k * roundings * size;
    sum.second += roundings * size;
  }
  return sum;
}

const layerChoices = [
  { first: 1, second: 0 },
  { first: 0, second: 1.3 },
  { first: 0.7, second: 1.3 },
];

describe.for(
  everyActivation([0.1, -2]).map((activation) => ({ label: JSON.stringify(activation), activation })),
)('$label', ({ activation }) => {
  test.for([
    { n: 1, m: null, d: 1 },
    { n: 3, m: 2, d: 1 },
    { n: 1, m: 70, d: 3 },
    { n: 66, m: 3, d: 5 },
    // A two-dimensional quadrature for every entry is slow.
    ...(hasClosedForm(activation)
      ? [
          { n: 18, m: 21, d: 7 },
          { n: 131, m: null, d: 5 },
        ]
      : [
          { n: 7, m: 9, d: 7 },
          { n: 14, m: null, d: 5 },
        ]),
  ])('n = $n, ñ = $m (null: the same set), d = $d', ({ n, m, d }) => check(activation, n, m, d));
});

test.for([4, 12])('a tanh series of %s terms errs by no more than its tails allow', (terms) =>
  check({ name: 'tanh' }, 10, null, 2, terms),
);

/** All layer choices and outputs between n points and m others, or the same; as many terms as float32 needs unless given. */
async function check(
  activation: Activation,
  n: number,
  m: number | null,
  d: number,
  given?: number,
): Promise<void> {
  const random = new Float32Numbers(n + d);
  const x = points(random, n, d);
  const other = m === null ? x : points(random, m, d);
  const sameSet = m === null;
  const weightsOf = random.vector(other.rows);
  const largest = Math.max(...rowNorms(x), ...rowNorms(other));
  const terms = hasClosedForm(activation) ? 0 : (given ?? hermiteTerms(activation, largest));
  const { exact, bound } = bounded(activation, x, other, sameSet, terms);

  using rows = await Points.create(x, activation, terms);
  using cols = await Points.create(other, activation, terms);
  using vector = uploadVector(weightsOf);
  for (const weights of layerChoices) {
    const layers = { activation, first: weights.first !== 0, second: weights.second !== 0 };
    const combine = (values: ExpectedEntry[]): Float64Array =>
      Float64Array.from(values, ({ first, second }) => weights.first * first + weights.second * second);
    const [theta, allowed] = [combine(exact), combine(bound)];
    using kernel = new Matrix(gpu, 'kernel', n, other.rows, panels(other.rows));
    for (const { binding } of kernel.blocks()) poison(binding);
    const fill = await compileExpectedKernel(gpu, layers);
    const kernelBlocks = kernel.blocks();
    expect(kernelBlocks.length).toBe(rows.blocks.length);
    const sizes = { inputs: d, terms, sameSet };
    using sums = poisonedVector(n);
    const multiply = await compileExpectedProduct(gpu, layers);
    await run(
      rows.blocks.flatMap((points, index) =>
        cols.blocks.flatMap((otherPoints, otherIndex) => [
          multiply(points, otherPoints, { u: vector, sums }, sizes, weights, otherIndex > 0),
          fill(
            points,
            otherPoints,
            kernelBlocks[index].binding,
            { ...sizes, stride: kernel.stride, column: otherPoints.X.firstRow },
            weights,
          ),
        ]),
      ),
    );
    expectWithin(activation.name, await kernel.readAll(), theta, allowed);
    for (const block of kernel.blocks()) {
      const { buffer, offset = 0, size = 0 } = block.binding;
      const padded = new Float32Array(await gpu.read(buffer, offset, size));
      expect(padded.every((value, at) => at % kernel.stride < other.rows || value === 0)).toBe(true);
    }

    // A product, four sums a tile, two tiles an invocation, four levels of pairs, a sum for each block.
    const k = 1 + 2 * 4 + 4 + cols.blocks.length;
    const [K, errors] = [theta, allowed].map((values) => dense(n, other.rows, values));
    const size = expectedProduct(absolute(K), absolute(weightsOf));
    const moved = expectedProduct(errors, absolute(weightsOf));
    expectWithin(
      `${activation.name}, product`,
      await sums.read(),
      expectedProduct(K, weightsOf),
      size.map((value, i) => gamma(k) * value + (1 + gamma(k)) * moved[i]),
    );
  }
}
