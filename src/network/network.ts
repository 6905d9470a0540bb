import type { Matrix } from '../gpu/matrix.ts';
import type { Resources } from '../gpu/resources.ts';
import type { Jacobian } from '../jacobian/factors.ts';
import type { Model } from '../model/model.ts';
import type { FactorShape } from '../programs/factors.ts';
import type { LayerParameters, ParameterValues } from './parameters.ts';

/** A network as what stands above it sees it: a model whose layers have parameters, and a Jacobian in them. */
export interface Network extends Model {
  /** First to last; the readout is the last. */
  readonly layers: readonly LayerParameters[];
  /** Indices of the layers that train. */
  readonly trained: readonly number[];
  /** Points processed at a time. */
  readonly blockRows: number;
  /** Shapes of its Jacobian's layers there; those of the parameters, unless it has rows of the Jacobian for factors. */
  jacobianShapes: (at: 'start' | 'position') => readonly FactorShape[];
  /** The Jacobian on points X at θ(0), or at θ as it is whenever factors are made. */
  jacobian: (X: Matrix, at: 'start' | 'position') => Jacobian;
  /** The same at parameters of the caller's, which `owned` is given as they are on the device. */
  jacobianAt: (X: Matrix, at: ParameterValues, owned: Resources) => Jacobian;
}
