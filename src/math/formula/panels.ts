/** Nodes in [0, 1) and weights of Gauss–Kronrod quadrature with 15 points on [−1, 1], with Gauss's weights for 7 of them. */
const kronrod = [
  [0.9914553711208126, 0.022935322010529224, 0],
  [0.9491079123427585, 0.06309209262997856, 0.1294849661688697],
  [0.8648644233597691, 0.10479001032225019, 0],
  [0.7415311855993945, 0.14065325971552592, 0.27970539148927664],
  [0.5860872354676911, 0.1690047266392679, 0],
  [0.4058451513773972, 0.19035057806478542, 0.3818300505051189],
  [0.20778495500789848, 0.20443294007529889, 0],
  [0, 0.20948214108472782, 0.4179591836734694],
] as const;

/** x > 0 and weights of Gauss–Legendre quadrature with 16 points on [−1, 1], exact up to degree 31. */
const legendre = [
  [0.09501250983763745, 0.1894506104550685],
  [0.2816035507792589, 0.1826034150449236],
  [0.45801677765722737, 0.16915651939500254],
  [0.6178762444026438, 0.14959598881657674],
  [0.755404408355003, 0.12462897125553388],
  [0.8656312023878318, 0.09515851168249279],
  [0.9445750230732326, 0.06225352393864789],
  [0.9894009349916499, 0.027152459411754096],
] as const;

/** Several functions at one point; the array may be overwritten by the next call. */
export type Functions = (x: number) => ArrayLike<number>;

interface Panel {
  low: number;
  high: number;
  values: number[];
  errors: number[];
  sizes: number[];
}

function integrate(f: Functions, count: number, low: number, high: number): Panel {
  const [middle, half] = [(low + high) / 2, (high - low) / 2];
  const values = Array<number>(count).fill(0);
  const sizes = Array<number>(count).fill(0);
  const coarse = Array<number>(count).fill(0);
  for (const [node, fine, gauss] of kronrod) {
    for (const x of node === 0 ? [middle] : [middle - half * node, middle + half * node]) {
      const at = f(x);
      for (let k = 0; k < count; k++) {
        values[k] += half * fine * at[k];
        sizes[k] += half * fine * Math.abs(at[k]);
        coarse[k] += half * gauss * at[k];
      }
    }
  }
  const errors = values.map((value, k) => {
    const error = Math.abs(value - coarse[k]);
    return Number.isNaN(error) ? Infinity : error;
  });
  return { low, high, values, errors, sizes };
}

/** No more panels than this: what then is not resolved is said to be so by its error. */
const mostPanels = 6000;

/**
 * Panels between `edges`, halved until Gauss's 7 points and Kronrod's 15 agree on each to `tolerance` of the size of the whole
 * integral, or of the panel's own where `relative`.
 */
function adapt(
  f: Functions,
  count: number,
  edges: readonly number[],
  tolerance: number,
  relative: boolean,
): Panel[] {
  const done: Panel[] = [];
  const waiting = edges.slice(1).map((high, k) => integrate(f, count, edges[k], high));
  const whole = Array.from({ length: count }, (_, k) =>
    waiting.reduce((sum, { sizes }) => sum + sizes[k], 0),
  );
  const reach = edges[edges.length - 1] - edges[0];
  let panel: Panel | undefined;
  while ((panel = waiting.pop())) {
    const { low, high, errors, sizes } = panel;
    const share = (high - low) / reach;
    const fine = errors.every((error, k) =>
      relative
        ? error <= tolerance * Math.max(sizes[k], whole[k] * share * 1e-3)
        : error <= tolerance * whole[k] * Math.sqrt(share),
    );
    const narrow = high - low <= 1e-12 * Math.max(1, Math.abs(low), Math.abs(high));
    if (fine || narrow || done.length + waiting.length > mostPanels) done.push(panel);
    else {
      const middle = (low + high) / 2;
      waiting.push(integrate(f, count, middle, high), integrate(f, count, low, middle));
    }
  }
  return done;
}

/** ∫ of each of `count` functions from the first to the last edge, with estimates of the errors and ∫ of their sizes. */
export function adaptiveIntegrals(f: Functions, count: number, edges: readonly number[]) {
  const panels = adapt(f, count, edges, 1e-13, false).sort((p, q) => p.low - q.low);
  const total = (of: (panel: Panel) => number[]): number[] =>
    Array.from({ length: count }, (_, k) => panels.reduce((sum, panel) => sum + of(panel)[k], 0));
  return {
    values: total((panel) => panel.values),
    errors: total((panel) => panel.errors),
    sizes: total((panel) => panel.sizes),
  };
}

/** Edges between which each of the functions is, to about 10⁻¹⁵, the polynomial that 16 points of Gauss and Legendre integrate. */
export function resolvedEdges(f: Functions, count: number, edges: readonly number[]): number[] {
  const panels = adapt(f, count, edges, 1e-9, true);
  return [...panels.map(({ low }) => low), edges[edges.length - 1]].sort((a, b) => a - b);
}

export interface Rule {
  nodes: Float64Array;
  weights: Float64Array;
}

/** 16 points of Gauss and Legendre between each two edges, which are cut into pieces of at most `widest`. */
export function panelRule(edges: readonly number[], widest: number): Rule {
  const nodes: number[] = [];
  const weights: number[] = [];
  for (let k = 1; k < edges.length; k++) {
    const pieces = Math.max(1, Math.ceil((edges[k] - edges[k - 1]) / widest));
    const half = (edges[k] - edges[k - 1]) / pieces / 2;
    for (let piece = 0; piece < pieces; piece++) {
      const middle = edges[k - 1] + (2 * piece + 1) * half;
      for (const [x, weight] of legendre) {
        nodes.push(middle - half * x, middle + half * x);
        weights.push(half * weight, half * weight);
      }
    }
  }
  return { nodes: Float64Array.from(nodes), weights: Float64Array.from(weights) };
}
