import { everyActivation } from '../activations.ts';
import { describe, expect, test } from 'vitest';
import type { Activation } from '../../src/math/activation-names.ts';
import { activationFunctions } from '../../src/math/activations.ts';

const u = 2 ** -53;

/** Exact in float64. */
const points = [-30, -5.5, -0.5, -(2 ** -20), 0, 0.375, 2, 20];

/**
 * φ, φ′, φ″ at `points`, to 20 digits by mpmath 1.3 at 60 digits, from the textbook forms: 1/(1 + exp(−z)), log(1 + exp(z)),
 * sech(z)**2, z·erfc(−z/√2)/2, z/(1 + exp(−z)) and their derivatives by hand.
 */
const digits = {
  erf: [
    ['-1.0', '1.5396476604099959446e-391', '9.2378859624599756677e-390'],
    ['-0.99999999999999264215', '8.2233160452629220006e-14', '9.0456476497892142006e-13'],
    ['-0.52049987781304653768', '0.87878257893544479409', '0.87878257893544479409'],
    ['-1.0761062308265404596e-6', '1.128379167094486319', '2.1522124616517759686e-6'],
    ['0.0', '1.1283791670955125739', '0.0'],
    ['0.40411690943482229832', '0.9803528095459078678', '-0.73526460715943090085'],
    ['0.99532226501895273416', '0.020666985354092053857', '-0.082667941416368215428'],
    ['1.0', '2.161037474386798461e-174', '-8.644149897547193844e-173'],
  ],
  tanh: [
    ['-1.0', '3.5026043050786081354e-26', '7.0052086101572162708e-26'],
    ['-0.99996659715630380964', '0.000066804571642413730897', '0.0001336046803594979368'],
    ['-0.4621171572600097585', '0.78644773296592741015', '0.72686198138358727554'],
    ['-9.5367431640596087942e-7', '0.9999999999990905053', '1.9073486328101870354e-6'],
    ['0.0', '1.0', '0.0'],
    ['0.35835739835078594632', '0.87157997504725611792', '-0.6246742646251552716'],
    ['0.96402758007581688395', '0.070650824853164465686', '-0.13621868742711304117'],
    ['0.9999999999999999915', '1.6993417021166355837e-17', '-3.3986834042332711385e-17'],
  ],
  sigmoid: [
    ['9.3576229688392989538e-14', '9.3576229688384233028e-14', '9.3576229688366720006e-14'],
    ['0.0040701377158961273252', '0.0040535716948697671807', '0.0040205745047910103251'],
    ['0.37754066879814543536', '0.23500371220159448907', '0.057556794852320740559'],
    ['0.49999976158142089846', '0.24999999999994315658', '1.1920928955074510993e-7'],
    ['0.5', '0.25', '0.0'],
    ['0.59266659995406975877', '0.24141290125295239858', '-0.044741825488317371894'],
    ['0.88079707797788244406', '0.10499358540350651735', '-0.079962501056153062524'],
    ['0.99999999793884638181', '2.0611536139418493437e-9', '-2.0611536054451408856e-9'],
  ],
  softplus: [
    ['9.3576229688397367794e-14', '9.3576229688392989538e-14', '9.3576229688384233028e-14'],
    ['0.0040784432705707208915', '0.0040701377158961273252', '0.0040535716948697671807'],
    ['0.47407698418010668087', '0.37754066879814543536', '0.23500371220159448907'],
    ['0.69314670372290079313', '0.49999976158142089846', '0.24999999999994315658'],
    ['0.69314718055994530942', '0.5', '0.25'],
    ['0.89812326413984004362', '0.59266659995406975877', '0.24141290125295239858'],
    ['2.1269280110429724964', '0.88079707797788244406', '0.10499358540350651735'],
    ['20.00000000206115362', '0.99999999793884638181', '2.0611536139418493437e-9'],
  ],
  swish: [
    ['-2.8072868906517896862e-12', '-2.7137106609631340013e-12', '-2.6201344312742331341e-12'],
    ['-0.022385757437428700288', '-0.018224506605887592169', '-0.014006016386611022427'],
    ['-0.18877033439907271768', '0.26003881269734819083', '0.44122902697702860786'],
    ['-4.7683693082944955679e-7', '0.49999952316284179695', '0.49999999999977262632'],
    ['0.0', '0.5', '0.5'],
    ['0.22224997498277615954', '0.68319643792392690823', '0.4660476179477857827'],
    ['1.7615941559557648881', '1.0907842487848954788', '0.05006216869470690965'],
    ['19.999999958776927636', '1.0000000391619186606', '-3.7100764881019119025e-8'],
  ],
  gelu: [
    ['-1.4720141781444561179e-196', '-4.4160316907084943701e-195', '-1.3233342291209356721e-193'],
    ['-1.0444259356238245661e-7', '-5.7334723987399248035e-7', '-3.0424572120184755714e-6'],
    ['-0.15426876936299344818', '0.13250487534383715747', '0.61611432183752408611'],
    ['-4.7683679536723466174e-7', '0.49999923907798690546', '0.7978845608021396841'],
    ['0.0', '0.5', '0.79788456080286535588'],
    ['0.24231366250227142289', '0.7856154268738871361', '0.6914180651641015694'],
    ['1.9544997361036415856', '1.0852318010781968967', '-0.1079819330263761039'],
    ['20.0', '1.0', '-2.1973374481395857495e-85'],
  ],
  sin: [
    ['0.98803162409286178999', '0.15425144988758405072', '-0.98803162409286178999'],
    ['0.70554032557039190623', '0.70866977429126000003', '-0.70554032557039190623'],
    ['-0.47942553860420300027', '0.87758256189037271612', '0.47942553860420300027'],
    ['-9.5367431640610543971e-7', '0.99999999999954525265', '9.5367431640610543971e-7'],
    ['0.0', '1.0', '0.0'],
    ['0.36627252908604756137', '0.93050762191231429115', '-0.36627252908604756137'],
    ['0.9092974268256816954', '-0.416146836547142387', '-0.9092974268256816954'],
    ['0.91294525072762765438', '0.40808206181339198606', '-0.91294525072762765438'],
  ],
} as const satisfies Partial<Record<Activation['name'], readonly (readonly string[])[]>>;

const all = everyActivation([0.1, -2]);
const label = (activation: Activation): string =>
  activation.name === 'leaky-relu' ? `leaky-relu ${activation.slope}` : activation.name;

describe.for(Object.entries(digits))('%s', ([name, rows]) => {
  const { phi, phiPrime, phiSecond } = activationFunctions({ name: name as keyof typeof digits });
  test.for(points.map((z, k) => [z, rows[k]] as const))('at %d', ([z, expected]) => {
    // At most 8 operations, each within 1 ulp ≤ 2u, whose error a cancellation magnifies at most 4-fold (in φ′ and φ″ of GELU and swish);
    // rounding the argument of exp(−z²) or Φ(z) costs at most 4z²u more.
    const bound = (64 + 4 * z * z) * u;
    for (const [k, f] of [phi, phiPrime, phiSecond!].entries()) {
      const exact = Number(expected[k]);
      expect(Math.abs(f(z) - exact), `derivative ${k}`).toBeLessThanOrEqual(bound * Math.abs(exact));
    }
  });
});

test('identity and the piecewise linear activations', () => {
  const identity = activationFunctions({ name: 'identity' });
  expect([identity.phi(-3.7), identity.phiPrime(-3.7), identity.phiSecond!(-3.7)]).toEqual([-3.7, 1, 0]);

  const relu = activationFunctions({ name: 'relu' });
  expect([-2, 0, 3].map(relu.phi)).toEqual([-0, 0, 3]);
  expect([-2, -0, 0, 3].map(relu.phiPrime)).toEqual([0, 1, 1, 1]);
  expect(relu.phiSecond).toBeNull();

  const leaky = activationFunctions({ name: 'leaky-relu', slope: 0.25 });
  expect([-2, 0, 3].map(leaky.phi)).toEqual([-0.5, 0, 3]);
  expect([-2, -0, 0, 3].map(leaky.phiPrime)).toEqual([0.25, 1, 1, 1]);
  expect(leaky.phiSecond).toBeNull();
});

test.for(all.map((activation) => [label(activation), activation] as const))(
  '%s: nothing overflows into NaN or a derivative that is not finite',
  ([, activation]) => {
    const { phi, phiPrime, phiSecond } = activationFunctions(activation);
    for (const z of [-1e300, -1e155, -800, 800, 1e155, 1e300]) {
      expect(Number.isFinite(phi(z)), `φ(${z})`).toBe(true);
      expect(Number.isFinite(phiPrime(z)), `φ′(${z})`).toBe(true);
      if (phiSecond) expect(Number.isFinite(phiSecond(z)), `φ″(${z})`).toBe(true);
    }
  },
);

test.for(all.map((activation) => [label(activation), activation] as const))(
  '%s: φ′ and φ″ are the derivatives',
  ([, activation]) => {
    const { phi, phiPrime, phiSecond, supPhiPrime, supPhiSecond } = activationFunctions(activation);
    const h = 2 ** -10;
    for (let z = -12 + h; z <= 12; z += 0.171) {
      // A kink within the difference is none of its business.
      if (phiSecond === null && Math.abs(z) < 4 * h) continue;
      for (const [f, derivative, sup] of [
        [phi, phiPrime, supPhiPrime],
        [phiPrime, phiSecond ?? (() => 0), supPhiSecond ?? 0],
      ] as const) {
        // Five points: h⁴f⁽⁵⁾/30, and what rounding |f| ≤ 12 sup|f′| + 1 makes of a difference over h.
        const difference = (8 * (f(z + h) - f(z - h)) - (f(z + 2 * h) - f(z - 2 * h))) / (12 * h);
        const rounding = ((12 + 4 * z * z) * u * (12 * sup + 1)) / h;
        expect(Math.abs(difference - derivative(z)), `at ${z}`).toBeLessThan(20 * h ** 4 + rounding);
      }
    }
  },
);

/** The largest |f|, searched on a grid as far as `reach` and then beside its best point. */
function largest(f: (z: number) => number, reach: number): number {
  let best = 0;
  for (let z = -reach; z <= reach; z += 2 ** -7) if (Math.abs(f(z)) > Math.abs(f(best))) best = z;
  for (let step = 2 ** -8; step > 2 ** -30; step /= 2) {
    for (const z of [best - step, best + step]) if (Math.abs(f(z)) > Math.abs(f(best))) best = z;
  }
  return Math.abs(f(best));
}

test.for(all.map((activation) => [label(activation), activation] as const))(
  '%s: the Lipschitz constants hold and are reached',
  ([, activation]) => {
    const { phiPrime, phiSecond, supPhiPrime, supPhiSecond } = activationFunctions(activation);
    const rounding = 64 * u; // as above
    const check = (found: number, sup: number): void => {
      expect(found).toBeLessThanOrEqual(sup * (1 + rounding));
      // A maximum found to 2^−30 of its place is right to 2^−60 |f″|.
      expect(found).toBeGreaterThanOrEqual(sup * (1 - rounding) - 2 ** -56);
    };
    check(largest(phiPrime, 50), supPhiPrime);
    if (phiSecond) check(largest(phiSecond, 50), supPhiSecond!);
    else expect(supPhiSecond).toBeNull();
  },
);
