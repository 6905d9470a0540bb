/** Hidden layers of a network at most: more than any was trained with by gradient descent. */
export const mostLayers = 100;

/** A hidden layer: a circular convolution of stride 1, φ, then, where `pool` > 1, the mean over blocks. */
export interface DeepLayer {
  /** C_l, the units of a fully-connected layer. */
  readonly channels: number;
  /** Taps of the filter along each axis; 1 where the network is fully-connected. */
  readonly taps: number;
  /** Side of the disjoint blocks whose mean is taken after φ; 1: none. */
  readonly pool: number;
}

/**
 * One tower of a deep network (THEORY-DEEP.md, sections a and b): fully-connected or convolutional. A fully-connected network has
 * one position, one tap and as many channels as inputs.
 */
export interface DeepArchitecture {
  /** Positions along each axis of an input: none where the network is fully-connected, [P] on a ring, [rows, columns] on a torus. */
  readonly positions: readonly number[];
  /** C_0; an input has d = P · C_0 entries, positions first (row-major), channels last. */
  readonly channels: number;
  readonly layers: readonly DeepLayer[];
  /** 'flat': a weight for each position and channel. 'mean': a weight for each channel, of the mean over positions. */
  readonly readout: 'flat' | 'mean';
  /** s_1 … s_{L+1} */
  readonly gains: readonly number[];
}

/** What the loops over one hidden layer are made of. */
export interface LayerShape {
  /** P, at which the layer's Z stands. */
  readonly positions: number;
  /** Q, of all axes together. */
  readonly taps: number;
  /** C_{l−1} */
  readonly inputs: number;
  /** C_l */
  readonly channels: number;
  /** Q · C_{l−1} */
  readonly fanIn: number;
  /** s_l */
  readonly gain: number;
  /** The position p + t is window[p · Q + t]; taps are row-major, ⌊q/2⌋ of q to the left. */
  readonly window: Int32Array;
  /** The same along one axis after another: window[p · q + t] of each. */
  readonly axisWindows: readonly Int32Array[];
  /** Positions after the pool. */
  readonly pooled: number;
  /** Where the pool puts position p. */
  readonly block: Int32Array;
  /** Positions in a block; 1 where there is no pool. */
  readonly blockSize: number;
}

/** An architecture that was read: every size of it. */
export interface DeepShape {
  /** P · C_0 */
  readonly d: number;
  /** L */
  readonly depth: number;
  /** P of the input. */
  readonly positions: number;
  readonly channels: number;
  readonly layers: readonly LayerShape[];
  readonly readout: {
    readonly kind: 'flat' | 'mean';
    /** P_L, after the last pool. */
    readonly positions: number;
    /** C_L */
    readonly channels: number;
    /** Entries of v. */
    readonly weights: number;
    /** s_{L+1} */
    readonly gain: number;
  };
}

/** d inputs, hidden layers of these widths; every gain is 1 unless given. */
export function fullyConnected(
  d: number,
  widths: readonly number[],
  gains: readonly number[] = unitGains(widths.length),
): DeepArchitecture {
  const layers = widths.map((channels) => ({ channels, taps: 1, pool: 1 }));
  return { positions: [], channels: d, layers, readout: 'flat', gains };
}

/** s_1 … s_{L+1} = 1 */
export const unitGains = (depth: number): number[] => Array<number>(depth + 1).fill(1);

/** √2 … √2, 1: what keeps E φ² of a ReLU from layer to layer. */
export const heGains = (depth: number): number[] => [...Array<number>(depth).fill(Math.SQRT2), 1];

/**
 * The sizes of an architecture, and its index tables when they are asked for; these take O(P · Q) memory a layer.
 * @throws RangeError where a size is no whole number above 0, a pool does not divide an axis, or gains are not L + 1 positive numbers.
 */
export function deepShape(architecture: DeepArchitecture): DeepShape {
  const { positions, channels, layers, readout, gains } = architecture;
  if (positions.length > 2) {
    throw new RangeError(`An input has ${positions.length} axes of positions; a ring has 1 and a torus 2.`);
  }
  positions.forEach((side, axis) => requireCount(`positions[${axis}]`, side));
  requireCount('channels', channels);
  if (layers.length === 0) throw new RangeError('A deep network has at least one hidden layer; it has none.');
  if (gains.length !== layers.length + 1) {
    throw new RangeError(
      `There are ${gains.length} gains; ${layers.length} hidden layers and the readout take ${layers.length + 1}.`,
    );
  }
  gains.forEach((gain, l) => {
    if (gain > 0 && gain < Infinity) return;
    throw new RangeError(`gains[${l}] is ${gain}; a gain is a finite number above 0.`);
  });
  let axes = positions;
  let inputs = channels;
  const shapes = layers.map((layer, l): LayerShape => {
    const shape = layerShape(layer, l, axes, inputs, gains[l]);
    axes = axes.map((side) => side / layer.pool);
    inputs = layer.channels;
    return shape;
  });
  const last = shapes[shapes.length - 1];
  return {
    d: product(positions) * channels,
    depth: layers.length,
    positions: product(positions),
    channels,
    layers: shapes,
    readout: {
      kind: readout,
      positions: last.pooled,
      channels: last.channels,
      weights: readout === 'flat' ? last.pooled * last.channels : last.channels,
      gain: gains[layers.length],
    },
  };
}

function layerShape(
  { channels, taps, pool }: DeepLayer,
  l: number,
  axes: readonly number[],
  inputs: number,
  gain: number,
): LayerShape {
  for (const [name, value] of Object.entries({ channels, taps, pool }))
    requireCount(`layers[${l}].${name}`, value);
  if (axes.length === 0 && (taps > 1 || pool > 1)) {
    throw new RangeError(
      `layers[${l}] has ${taps} taps and pools by ${pool}; a fully-connected layer has one position, one tap and no pool.`,
    );
  }
  for (const side of axes) {
    if (side % pool === 0) continue;
    throw new RangeError(
      `layers[${l}].pool is ${pool}; blocks of that side do not divide ${side} positions.`,
    );
  }
  const positions = product(axes);
  const Q = taps ** axes.length;
  const pooledAxes = axes.map((side) => side / pool);
  const pooled = product(pooledAxes);
  // The tables on demand: most who ask for sizes need none, and those of large filters take seconds.
  const window = once(() =>
    Int32Array.from({ length: positions * Q }, (_, k) => {
      const at = coordinates(Math.floor(k / Q), axes);
      const tap = coordinates(k % Q, Array<number>(axes.length).fill(taps));
      return indexOf(
        at.map((x, axis) => shifted(x, tap[axis], taps, axes[axis])),
        axes,
      );
    }),
  );
  const axisWindows = once(() =>
    axes.map((side, axis) =>
      Int32Array.from({ length: positions * taps }, (_, k) => {
        const at = coordinates(Math.floor(k / taps), axes);
        at[axis] = shifted(at[axis], k % taps, taps, side);
        return indexOf(at, axes);
      }),
    ),
  );
  const block = once(() =>
    Int32Array.from({ length: positions }, (_, p) =>
      indexOf(
        coordinates(p, axes).map((x) => Math.floor(x / pool)),
        pooledAxes,
      ),
    ),
  );
  return {
    positions,
    taps: Q,
    inputs,
    channels,
    fanIn: Q * inputs,
    gain,
    get window() {
      return window();
    },
    get axisWindows() {
      return axisWindows();
    },
    pooled,
    get block() {
      return block();
    },
    blockSize: positions / pooled,
  };
}

/** What `make` makes, made when it is first asked for. */
function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** Where tap t of `taps` stands on a ring of `side` positions, from x: ⌊taps/2⌋ of them are to the left. */
function shifted(x: number, t: number, taps: number, side: number): number {
  const moved = (x + t - Math.floor(taps / 2)) % side;
  return moved < 0 ? moved + side : moved;
}

function coordinates(index: number, sides: readonly number[]): number[] {
  const at = Array<number>(sides.length);
  let rest = index;
  for (let axis = sides.length - 1; axis >= 0; axis--) {
    at[axis] = rest % sides[axis];
    rest = Math.floor(rest / sides[axis]);
  }
  return at;
}

const indexOf = (at: readonly number[], sides: readonly number[]): number =>
  at.reduce((index, x, axis) => index * sides[axis] + x, 0);

const product = (sides: readonly number[]): number => sides.reduce((all, side) => all * side, 1);

function requireCount(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 1) return;
  throw new RangeError(`${name} is ${value}; it must be a whole number, at least 1.`);
}
