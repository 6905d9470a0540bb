import type { PointSet, Predictions } from '../data/point-set.ts';
import type { CommandStream, Dispatch } from '../gpu/command-stream.ts';

/** θ − θ(0) of some parameters, so many floats, padding included: that is 0. */
export interface MovementPart {
  readonly displacement: GPUBufferBinding;
  readonly floats: number;
}

/** A layer's parameters as they are followed: how far they are from where they began. */
export interface Movement {
  /** As files and figures call it: W, v, β. */
  readonly name: string;
  /** All of them, of each tower where there are two. */
  readonly parts: readonly MovementPart[];
}

/**
 * What training needs of a model: its outputs and residuals on a set of points, the gradient of its loss, and a step down
 * it. Models that train beside each other take the same points and rates.
 */
export interface Model extends Disposable {
  /** As messages call it: "network", "linear model". */
  readonly name: string;
  /** What the names of its arrays of outputs begin with: f, lin. */
  readonly prefix: string;
  /** What a set of points needs once, before the model is evaluated on it. */
  prepare: (stream: CommandStream, points: PointSet) => Promise<void>;
  /** u = f and e = f − y on a set; with the gradient of the loss over it, where the next step takes one. */
  evaluation: (points: PointSet, predictions: Predictions, withGradient: boolean) => Iterable<Dispatch>;
  /** One step of gradient descent, with the gradient last evaluated over n points and a rate for each layer of the network. */
  descent: (n: number, rates: readonly number[]) => Iterable<Dispatch>;
}

/** A model whose parameters are followed, too. */
export interface FollowedModel extends Model {
  /** Of each of its layers, first to last. */
  readonly movements: readonly Movement[];
}

/** @throws RangeError for predictions of another number of points. */
export function requirePredictions(
  { name }: Pick<Model, 'name'>,
  { size }: PointSet,
  { u, e }: Pick<Predictions, 'u' | 'e'>,
): void {
  if (u.length === size && e.length === size) return;
  throw new RangeError(
    `The ${name} is evaluated on ${size} points, but its predictions have room for ${Math.min(u.length, e.length)}.`,
  );
}
