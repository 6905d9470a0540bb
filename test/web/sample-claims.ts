import type { ClaimsDocument, ClaimsGroup, ClaimsPoint } from '../../src/experiment/claims-document.ts';
import { summarizeClaims } from '../../src/experiment/claims-summary.ts';
import type {
  ClaimMeasurement,
  ClaimNumber,
  Condition,
  Field,
  Quantity,
  Relation,
  Series,
} from '../../src/theory/claim.ts';
import type { RunResult } from '../../src/experiment/result.ts';
import { sampleResult } from './sample-result.ts';
import type { ClaimText } from '../../web/figures/claim-figures.ts';

const said: Record<ClaimNumber, [title: string, statement: string, measures: string]> = {
  1: [
    'Concentration of the data',
    'For *n* ≫ *d*, with high probability ‖*x*_{*i*}‖²/*d* = 1 ± *O*(√(log *n*/*d*)) for all *i*, |⟨*x*_{*i*}, *x*_{*j*}⟩|/*d* = *O*(√(log *n*/*d*)) for all *i* ≠ *j*, and ‖*XX*ᵀ‖ = Θ(*n*).',
    'The largest deviation of a squared norm, the largest inner product, and ‖*XX*ᵀ‖/*n*.',
  ],
  2: [
    'Concentration of the kernel',
    '‖*Θ*_{1}(*W*(0)) − *Θ*_{1}*‖ ≤ *n*/*d*^{1+*α*}.'.replace('_{1}*‖', '_{1}^{⋆}‖'),
    'The spectral norm by Lanczos, without the matrix.',
  ],
  3: [
    'Approximation of the expected kernel',
    '‖*Θ*_{1}^{⋆} − *Θ*_{lin}‖ ≲ *n*/*d*^{1+*α*}.',
    'The spectral norm.',
  ],
  4: [
    'The kernel at initialization is nearly linear',
    'With high probability over the initialization and the data, ‖*Θ*_{1}(*W*(0)) − *Θ*_{lin1}‖ ≲ *n*/*d*^{1+*α*}, where *Θ*_{lin1} = (*ζ*²*XX*ᵀ + *ν*²11ᵀ)/*d*.',
    'The spectral norm of the difference, by Lanczos on products without the matrix, with a certificate.',
  ],
  5: [
    'First-layer theorem, training data',
    'For *n*, *m* ≳ *d*^{1+*α*} and *η*_{1} ≪ *d*, for all *t* ≤ *T* = *c* · *d* log *d*/*η*_{1} at once: mean_{*i*} (*f*_{*t*}(*x*_{*i*}) − *f*_{lin,*t*}(*x*_{*i*}))² ≲ *d*^{−Ω(*α*)}.',
    'The mean squared difference of both models’ outputs at every recorded step, and its maximum over *t* ≤ *T*/2.',
  ],
  6: [
    'First-layer theorem, distribution',
    'E min{(*f*_{*t*} − *f*_{lin,*t*})², 1} ≲ *d*^{−Ω(*α*)} + √(log *T*/*n*).',
    'On held-out data.',
  ],
  7: ['Second-layer theorem', 'Claims 5 and 6 with *ψ*_{2}.', 'As claims 5 and 6.'],
  8: ['Both layers', 'Claims 5 and 6 with *ψ*, on the conditions of claim 7.', 'As claims 5 and 6.'],
  9: [
    'The linear model reaches its optimum',
    'By *T*, on well-conditioned data.',
    'The gap of its loss to the least one at *T*.',
  ],
  10: [
    'Off the data',
    'Off the data’s shell the two may differ.',
    'The discrepancy along ‖*x*‖ = *s*√*d* and over a plane.',
  ],
  11: [
    'Closed form',
    '*u*(*t*) − *y* = (*I* − *ηK*/*n*)^{*t*}(*u*(0) − *y*).',
    'The iterated model beside the closed form.',
  ],
  12: [
    'The Jacobian keeps its kernel',
    '‖*J*(*θ*)*J*(*θ*′)ᵀ − *K*‖ ≤ *ε* in the ball of radius *R* = √(*d* log *d*).',
    '*ε* along the trajectory.',
  ],
  13: [
    'General theorem',
    'With *R*²*ε* < *n*: ‖*u*(*t*) − *u*_{lin}(*t*)‖ ≲ *ηtε*/√*n* and both stay within *R*.',
    'All three at every recorded *t*.',
  ],
  14: [
    'Jacobian perturbation, smooth',
    '‖*J*_{1}(*W*) − *J*_{1}(*W̃*)‖ ≲ √(*n*/(*md*)) ‖*W* − *W̃*‖_{F}.',
    'The operator norm.',
  ],
  15: [
    'Jacobian perturbation, piecewise linear',
    '≲ √(*n*/*d*)(‖*W* − *W*(0)‖^{1/3}/*m*^{1/6} + (log *n*/*m*)^{1/4}).',
    'The same.',
  ],
  16: [
    'Frequency bias',
    'The linear part of a target is learned first.',
    'Projections of *f*_{*t*} on Hermite polynomials of degrees 1, 2, 3.',
  ],
  17: ['Deep and convolutional networks', 'The same early agreement.', 'Kernels and discrepancies.'],
};

/** Statements of the paper as the registry has them, shortened. */
export const sampleTexts: ClaimText[] = Object.entries(said).map(
  ([number, [title, statement, measures]]) => ({
    number: Number(number) as ClaimNumber,
    slug: title.toLowerCase().replaceAll(/[^a-z]+/g, '-'),
    title,
    statement,
    measures,
    source: `Claim ${number} of THEORY.md, section 5`,
  }),
);

const wobble = (d: number, seed: number): number => 1 + 0.12 * Math.sin(5 * Math.log(d) + 2.4 * seed);

const quantity = (
  key: string,
  symbol: string,
  value: number,
  relation: Relation,
  bound: [symbol: string, value: number] | null,
  more: Partial<Quantity> = {},
): Quantity => ({
  key,
  symbol,
  value,
  error: null,
  bound: bound && { symbol: bound[0], value: bound[1] },
  relation,
  constant: 10,
  remark: '',
  ...more,
});

const condition = (hypothesis: string, symbol: string, value: number, met: boolean): Condition => ({
  hypothesis,
  here: { symbol, value },
  verdict: met ? 'met' : 'not met',
  remark: met ? 'for every *α* < ¼' : 'for no *α* > 0',
});

const steps = [0, 1, 2, 3, 4, 6, 8, 11, 16, 22, 32, 45, 64];
const curve = (
  key: string,
  symbol: string,
  y: (t: number) => number,
  bound: Series['bound'] = null,
): Series => ({
  key,
  symbol,
  axis: 'step',
  x: steps,
  y: steps.map(y),
  bound,
});

function field(): Field {
  const side = 41;
  const extent = 4;
  const at = (k: number): number => -extent + (2 * extent * k) / (side - 1);
  const values = Array.from({ length: side * side }, (_, k) => {
    const [x, y] = [at(k % side), at(Math.floor(k / side))];
    const r = Math.hypot(x, y);
    return 1e-3 + 0.02 * (r - 1) ** 2 * (1 + 0.6 * Math.sin(2 * Math.atan2(y, x) + r)) + 0.01 * x ** 2;
  });
  return { key: 'plane', symbol: '(*f*_{*t*} − *f*_{lin,*t*})²', side, extent, values };
}

/** What a run of d inputs would measure, with `spoilt` data outside the assumptions. */
function measurements(d: number, m: number, seed: number, spoilt: boolean): ClaimMeasurement[] {
  const n = Math.round(8 * d ** 1.25);
  const w = wobble(d, seed);
  const rate = Math.sqrt(Math.log(n) / d);
  const kernel = n / d ** 1.25;
  const conditions = [
    condition('*n* ≳ *d*^{1+*α*}', '*n*', n, true),
    condition('*m* ≳ *d*^{1+*α*}', '*m*', m, m >= d ** 1.25),
    ...(spoilt
      ? [
          {
            hypothesis: 'mean 0, Tr *Σ* = *d*, ‖*Σ*‖ = *O*(1)',
            here: null,
            verdict: 'not met' as const,
            remark: 'heavy tails',
          },
        ]
      : []),
  ];
  const of = (
    claim: ClaimNumber,
    quantities: Quantity[],
    more: Partial<ClaimMeasurement> = {},
  ): ClaimMeasurement => ({
    claim,
    sizes: { n, d, m },
    conditions,
    quantities,
    series: [],
    fields: [],
    verdict: 'holds',
    silent: false,
    remark: '',
    ...more,
  });
  const norm = (factor: number, power: number): number => factor * w * n * d ** power;
  const discrepancy = (spoilt ? 0.02 : 0.3 * d ** -0.62) * w;
  const certificate = (value: number): Partial<Quantity> => ({ error: 2e-4 * value });
  const shared: ['*n*/*d*^{1+*α*}, *α* = ¼', number] = ['*n*/*d*^{1+*α*}, *α* = ¼', kernel];
  const clipped: [string, number] = ['√(log *T*/*n*)', Math.sqrt(Math.log(10 * Math.log(d)) / n)];
  const theorem = (claim: ClaimNumber, factor: number) =>
    of(
      claim,
      [
        quantity(
          'train',
          'max_{*t* ≤ *T*} mean_{*i*} (*f*_{*t*} − *f*_{lin,*t*})²',
          factor * discrepancy,
          'falls',
          null,
        ),
        quantity(
          'test',
          'max_{*t* ≤ *T*} E min((*f*_{*t*} − *f*_{lin,*t*})², 1)',
          1.3 * factor * discrepancy,
          'falls',
          clipped,
        ),
      ],
      {
        series: [
          curve(
            'train',
            'mean_{*i*} (*f*_{*t*}(*x*_{*i*}) − *f*_{lin,*t*}(*x*_{*i*}))²',
            (t) => factor * discrepancy * (t / 64) ** 1.6,
          ),
        ],
      },
    );
  return [
    of(1, [
      quantity(
        'norm_deviation',
        'max_{*i*} |‖*x*_{*i*}‖²/*d* − 1|',
        (spoilt ? 0.4 * d ** 0.5 : 1.5 * rate) * w,
        'at most',
        ['√(log *n*/*d*)', rate],
      ),
      quantity('inner_product', 'max_{*i* ≠ *j*} |⟨*x*_{*i*}, *x*_{*j*}⟩|/*d*', 1.9 * rate * w, 'at most', [
        '√(log *n*/*d*)',
        rate,
      ]),
      quantity('gram_norm', '‖*XX*ᵀ‖/*n*', 1.6 * w, 'of order', ['1', 1], { constant: 4 }),
    ]),
    of(2, [
      quantity(
        'norm',
        '‖*Θ*_{1}(*W*(0)) − *Θ*_{1}^{⋆}‖',
        norm(0.9, -1.31),
        'at most',
        shared,
        certificate(norm(0.9, -1.31)),
      ),
    ]),
    of(4, [
      quantity(
        'norm',
        '‖*Θ*_{1}(*W*(0)) − *Θ*_{lin1}‖',
        norm(spoilt ? 0.3 : 0.8, spoilt ? -0.9 : -1.36),
        'at most',
        shared,
        {
          ...certificate(norm(0.8, -1.36)),
          remark: 'relative to ‖*K*‖ it is 0.04',
        },
      ),
    ]),
    theorem(5, 1),
    theorem(8, 1.8),
    of(9, [quantity('gap', '*L*_{lin}(*T*) − *L*^{⋆}', 0.004 * d ** -1.5 * w, 'falls', null)]),
    of(10, [quantity('at_4', '(*f*_{*t*} − *f*_{lin,*t*})² at *s* = 4', 0.7 * w, 'at most', null)], {
      verdict: 'undecided',
      series: [
        {
          key: 'radius',
          symbol: '⟨(*f*_{*t*} − *f*_{lin,*t*})²⟩',
          axis: 'radius',
          x: Array.from({ length: 33 }, (_, k) => k / 8),
          y: Array.from({ length: 33 }, (_, k) => 0.001 + 0.05 * (k / 8 - 1) ** 2),
          bound: null,
        },
      ],
      fields: [field()],
    }),
    of(11, [
      quantity('difference', '‖*u*_{lin}(*t*) − closed form‖/‖*y*‖', 3e-7 * w, 'at most', ['10^{−5}', 1e-5], {
        constant: 1,
      }),
    ]),
    of(
      13,
      [
        quantity('outputs', 'max ‖*u*(*t*) − *u*_{lin}(*t*)‖/(*ηtε*/√*n*)', 0.2 * w, 'at most', ['1', 1]),
        quantity(
          'movement',
          'max ‖*θ*(*t*) − *θ*(0)‖',
          2 * d ** 0.3,
          'at most',
          ['√(*d* log *d*)', Math.sqrt(d * Math.log(d))],
          { constant: 1 },
        ),
      ],
      {
        verdict: 'conditions not met',
        remark: `*R*²*ε* ≥ *n* at every size here: the statement’s hypothesis is not met.`,
        series: [
          curve('outputs', '‖*u*(*t*) − *u*_{lin}(*t*)‖', (t) => 0.3 * t, {
            symbol: '*ηtε*/√*n*',
            y: steps.map((t) => 1.4 * t),
          }),
          curve('movement', '‖*θ*(*t*) − *θ*(0)‖', (t) => 0.6 * Math.sqrt(t), {
            symbol: '*R* = √(*d* log *d*)',
            y: steps.map(() => Math.sqrt(d * Math.log(d))),
          }),
        ],
      },
    ),
    of(14, [
      quantity(
        'frobenius',
        '‖*J*_{1}(*W*) − *J*_{1}(*W̃*)‖',
        0.3 * w * Math.sqrt(n / (m * d)) * d ** 0.4,
        'at most',
        ['√(*n*/(*md*)) ‖*W* − *W̃*‖_{F}', Math.sqrt(n / (m * d))],
      ),
    ]),
    of(
      16,
      [
        quantity('half_time_ratio', '*t*_{½}(degree 2)/*t*_{½}(degree 1)', 6 * w, 'at least', ['1', 1], {
          constant: 1,
        }),
      ],
      {
        series: [1, 2, 3].map((degree) =>
          curve(
            `degree_${degree}`,
            `⟨*f*_{*t*}, *h*_{${degree}}⟩`,
            (t) => (1 - Math.exp(-t / 4 ** degree)) / degree,
          ),
        ),
      },
    ),
  ];
}

interface GroupOptions {
  slug: string;
  title: string;
  purpose: string;
  claims: ClaimNumber[];
  variable: 'd' | 'width' | null;
  at: { d: number; m: number }[];
  seeds?: number;
  outside?: boolean;
}

function group({
  slug,
  title,
  purpose,
  claims,
  variable,
  at,
  seeds = 3,
  outside = false,
}: GroupOptions): ClaimsGroup {
  const points = at.flatMap(({ d, m }) =>
    Array.from({ length: seeds }, (_, seed): ClaimsPoint => ({
      id: `${slug}-${d}-${m}-${seed}`,
      label: variable === 'width' ? `m = ${m}, seed ${seed}` : `d = ${d}, seed ${seed}`,
      values: { d, width: m, seed },
      claims: measurements(d, m, seed, outside).filter(({ claim }) => claims.includes(claim)),
      failure: null,
    })),
  );
  return { slug, title, purpose, variable, outside, points };
}

/** A single run that measured its claims. */
export const measuredResult = (): RunResult => ({
  ...sampleResult(),
  claims: measurements(50, 256, 0, false),
});

const dimensions = [25, 50, 100, 200, 400];
const widthAt = (d: number): number => 2 * Math.ceil(2 * d ** 1.25);

/** A suite with plausible numbers: sweeps in d and width, a single setting, one outside the assumptions, a failed run. */
export function sampleClaims(title = 'The claims of the early-time theory, measured'): ClaimsDocument {
  const groups = [
    group({
      slug: 'dimension',
      title: 'erf, *N*(0, *I*), *m* ≈ 4*d*^{1.25}',
      purpose: 'Sizes grow with the dimension as the theorems ask.',
      claims: [1, 2, 4, 5, 9, 10, 11, 13, 14, 16],
      variable: 'd',
      at: dimensions.map((d) => ({ d, m: widthAt(d) })),
    }),
    group({
      slug: 'both-layers',
      title: 'erf, both layers',
      purpose: 'The theorem for both layers.',
      claims: [8],
      variable: 'd',
      at: dimensions.map((d) => ({ d, m: widthAt(d) })),
    }),
    group({
      slug: 'width',
      title: 'The width at *d* = 100',
      purpose: 'How wide is wide enough?',
      claims: [4, 14],
      variable: 'width',
      at: [64, 256, 1024, 4096].map((m) => ({ d: 100, m })),
    }),
    group({
      slug: 'narrow',
      title: 'Too narrow',
      purpose: 'Fewer hidden units than inputs.',
      claims: [8],
      variable: null,
      at: [{ d: 100, m: 50 }],
    }),
    group({
      slug: 'heavy-tails',
      title: 'Student’s *t*, 3 degrees of freedom',
      purpose: 'Norms do not concentrate, so the kernel is not near its linear model.',
      claims: [1, 4, 5],
      variable: 'd',
      at: dimensions.map((d) => ({ d, m: widthAt(d) })),
      outside: true,
    }),
  ];
  groups[0].points[14] = {
    ...groups[0].points[14],
    claims: null,
    failure: 'The GPU ran out of memory while allocating 4294967296 bytes for the kernel.',
  };
  return summarizeClaims({
    title,
    provenance: { firstLight: '0.1.0', environment: 'Test/1.0', startedAt: '2026-01-01T00:00:00.000Z' },
    adapter: {
      vendor: 'vendor',
      architecture: 'architecture',
      device: '',
      description: '',
      software: false,
      features: ['timestamp-query'],
      limits: {},
    },
    groups,
  });
}
