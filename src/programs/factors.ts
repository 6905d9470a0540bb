import { type Patches, patchFloats, positionsOf, tapsOf } from '../../shaders/parts/patches.wgsl.ts';

export { type Patches, patchFloats, positionsOf, tapsOf };

/**
 * One trained layer θ (units × inputs) of a network with a scalar output, whose Jacobian row is a sum of outer products:
 *
 *     ∂f_i/∂θ = (1/√divisor) Σ_p left_ip ⊗ right_ip
 *
 * p runs over positions, of which a fully-connected layer has one. Where `left` is false, left = 1 and units = 1: a
 * readout, whose Jacobian row is the feature itself and costs no product with ones.
 */
export interface FactorShape {
  /** Which of the network's layers it belongs to, where several belong to one, as those of two towers do. */
  readonly layer?: number;
  readonly left: boolean;
  readonly units: number;
  readonly inputs: number;
  /** What the square of the layer's scale divides by: m·d for W of the two-layer network, m for its v. */
  readonly divisor: number;
  /** Of a convolution: left has a row for each position of a point, and the rows of right are patches. */
  readonly patches?: Patches | undefined;
}

/** A layer's factors at a block of points, row by row: left is rows × units, right is rows × inputs. */
export interface FactorPair {
  readonly left?: GPUBufferBinding;
  readonly right: GPUBufferBinding;
}
