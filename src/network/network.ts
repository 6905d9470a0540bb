import type { Matrix } from '../gpu/matrix.ts';
import type { Jacobian } from '../jacobian/factors.ts';
import type { Model } from '../model/model.ts';
import type { LayerParameters } from './parameters.ts';

/** A network as what stands above it sees it: a model whose layers have parameters, and a Jacobian in them. */
export interface Network extends Model {
  /** First to last; the readout is the last. */
  readonly layers: readonly LayerParameters[];
  /** Indices of the layers that train. */
  readonly trained: readonly number[];
  /** Points processed at a time. */
  readonly blockRows: number;
  /** The Jacobian on points X at θ(0), or at θ as it is whenever factors are made. */
  jacobian: (X: Matrix, at: 'start' | 'position') => Jacobian;
}
