import { together } from '../gpu/together.ts';
import { type OrthonormalColumns, columnSpan, squareInSpan } from '../math/span.ts';
import { agreementTime } from './agreement-time.ts';
import type { Quantity, Series, Setting } from './claim.ts';
import type { Ending } from './instrument.ts';
import type { Lab } from './lab.ts';
import { quantity, shortly } from './quantity.ts';

/** nTest · d² up to which a basis of the span is made: some two seconds. */
const mostWork = 5e8;

/** Mean squares of f − y on the test points: of its part in V_lin, the span of the test inputs' columns, and of the rest. */
interface ResidualParts {
  inSpan: number;
  offSpan: number;
}

/** Both models' at one recorded step. */
interface ResidualMoment {
  step: number;
  network: ResidualParts;
  linear: ResidualParts;
}

/**
 * Splits the test residual onto the span of the test inputs and its complement, as the paper does of images: a linear model
 * learns in the span alone (THEORY-DEEP.md, section g).
 */
export class TestResidual {
  readonly #moments: ResidualMoment[] = [];
  readonly #span: OrthonormalColumns;
  readonly #y: Float32Array;

  private constructor(span: OrthonormalColumns, y: Float32Array) {
    this.#span = span;
    this.#y = y;
  }

  /** null without test points, where their inputs span everything, and where the basis would take too long. */
  static async create({ test }: Lab): Promise<TestResidual | null> {
    if (!test) return null;
    const { rows, cols } = test.X;
    if (rows <= cols || rows * cols * cols > mostWork) return null;
    const [data, y] = await together([test.X.readAll(), test.y.read()]);
    return new TestResidual(columnSpan({ rows, cols, data }), y);
  }

  /** Notes both models' at a recorded step, their outputs standing there. O(nTest · d) on the host. */
  async note({ outputs }: Lab, step: number): Promise<void> {
    const [network, linear] = await together([outputs.network.test!.read(), outputs.linear.test!.read()]);
    this.#moments.push({ step, network: this.#partsOf(network), linear: this.#partsOf(linear) });
  }

  /**
   * Both models’ parts at T, one over the other, and over τ; of the recorded steps that count, for a run that diverged loses its
   * last ones.
   */
  findings({ moments }: Ending, setting: Setting): { quantities: Quantity[]; series: Series[] } {
    const steps = new Set(moments.map(({ step }) => step));
    return residualFindings(
      this.#moments.filter(({ step }) => steps.has(step)),
      setting,
    );
  }

  #partsOf(outputs: Float32Array): ResidualParts {
    const residual = Float64Array.from(outputs, (f, i) => f - this.#y[i]);
    const all = residual.reduce((sum, e) => sum + e * e, 0);
    const inSpan = squareInSpan(this.#span, residual);
    const { rows } = this.#span;
    return { inSpan: inSpan / rows, offSpan: Math.max(0, all - inSpan) / rows };
  }
}

function residualFindings(
  moments: readonly ResidualMoment[],
  setting: Setting,
): { quantities: Quantity[]; series: Series[] } {
  const { clock } = setting.deep!;
  const T = agreementTime(setting);
  const last = moments.filter(({ step }) => step >= 1 && step <= T).at(-1);
  const x = moments.map(({ step }) => step * clock);
  const curve = (key: string, symbol: string, of: (moment: ResidualMoment) => number): Series => ({
    key,
    symbol,
    axis: 'clock',
    x,
    y: moments.map(of),
    bound: null,
  });
  const series = [
    curve('span_network', 'test residual on *V*_{lin}, network', ({ network }) => network.inSpan),
    curve('span_linear', 'on *V*_{lin}, linear model', ({ linear }) => linear.inSpan),
    curve('off_span_network', 'off *V*_{lin}, network', ({ network }) => network.offSpan),
    curve('off_span_linear', 'off *V*_{lin}, linear model', ({ linear }) => linear.offSpan),
  ];
  if (!last) return { quantities: [], series };
  const at = `at *τ* = ${shortly(last.step * clock)}`;
  const ratio = (key: string, symbol: string, own: number, other: number): Quantity[] =>
    other > 0
      ? [
          quantity({
            key,
            symbol,
            value: own / other,
            bound: null,
            relation: 'beside',
            remark: `${shortly(own)} and ${shortly(other)}, ${at}`,
          }),
        ]
      : [];
  return {
    quantities: [
      ...ratio(
        'span_ratio',
        'test residual on *V*_{lin} over the linear model’s',
        last.network.inSpan,
        last.linear.inSpan,
      ),
      ...ratio(
        'off_span_ratio',
        'test residual off *V*_{lin} over the linear model’s',
        last.network.offSpan,
        last.linear.offSpan,
      ),
    ],
    series,
  };
}
