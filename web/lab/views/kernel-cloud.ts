import { spanAxis } from '../../figures/axes.ts';
import type { Chart } from '../../figures/charts/chart.ts';
import { models } from '../../figures/charts/looks.ts';
import type { KernelSnapshot } from '../recording.ts';

/** Every pair i ≤ j of points as a dot of both kernels over ⟨x_i, x_j⟩/d, in the order of that. */
export interface KernelCloud {
  gram: number[];
  theta: number[];
  linear: number[];
  /** The points of each dot. */
  pairs: [i: number, j: number][];
  /** Whether K depends on the inner product alone, affinely: with norm features it does not. */
  affine: boolean;
}

/** Off the straight line by more than this share of its range, K is none. */
const straightness = 1e-3;

export function kernelCloud({
  points,
  gram,
  theta,
  linear,
}: Pick<KernelSnapshot, 'points' | 'gram' | 'theta' | 'linear'>): KernelCloud {
  const pairs: [number, number][] = [];
  for (let i = 0; i < points; i++) for (let j = i; j < points; j++) pairs.push([i, j]);
  const place = ([i, j]: [number, number]): number => i * points + j;
  pairs.sort((a, b) => gram[place(a)] - gram[place(b)]);
  const of = (values: Float32Array): number[] => pairs.map((pair) => values[place(pair)]);
  const cloud = { gram: of(gram), theta: of(theta), linear: of(linear), pairs };
  return { ...cloud, affine: isAffine(cloud.gram, cloud.linear) };
}

/** Whether y lies on the line through its first and last point; x ascends. */
function isAffine(x: readonly number[], y: readonly number[]): boolean {
  const [first, last] = [0, x.length - 1];
  const slope = (y[last] - y[first]) / (x[last] - x[first]);
  return y.every((value, k) => {
    const off = value - (y[first] + slope * (x[k] - x[first]));
    return !(Math.abs(off) > straightness * Math.abs(y[last] - y[first]));
  });
}

/** Θ_ij over ⟨x_i, x_j⟩/d, with the linear model's K_ij: a line, where it has no norm features. */
export function cloudChart(cloud: KernelCloud): Chart {
  const { gram, theta, linear, affine } = cloud;
  const dotted = { width: 0, dots: 1.6 };
  return {
    x: {
      of: cloud,
      count: gram.length,
      at: (index) => gram[index],
      axis: spanAxis('⟨*x*_{*i*}, *x*_{*j*}⟩/*d*', 'linear', gram, 0.015),
    },
    y: { label: 'entry of the kernel', scale: 'linear' },
    curves: [
      {
        ...dotted,
        name: 'network *Θ*_{*ij*}',
        set: '',
        colour: models.network.colour,
        y: (index) => theta[index],
      },
      {
        ...(affine ? { width: 1.8 } : dotted),
        name: 'linear model *K*_{*ij*}',
        set: '',
        colour: models.linear.colour,
        y: (index) => linear[index],
      },
    ],
  };
}
