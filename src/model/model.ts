import { shown } from '../gpu/arguments.ts';
import type { PointSet, Predictions } from '../data/point-set.ts';
import type { CommandStream, Dispatch } from '../gpu/command-stream.ts';
import { Matrix } from '../gpu/matrix.ts';

/** θ − θ(0) of some parameters, so many floats, padding included: that is 0. */
export interface MovementPart {
  readonly displacement: GPUBufferBinding;
  readonly floats: number;
}

/** A value for the linear model, and for every other model that stands beside the network, by its key. */
export interface Beside<T> {
  linear: T;
  [key: string]: T | undefined;
}

/** A value for each of the models that train together, by its key: there always are a network and its linear model. */
export interface ByModel<T> extends Beside<T> {
  network: T;
}

/** A value for each of these models; whoever names the type knows that they are its. */
export const byKey = <Values extends object>(
  keys: readonly string[],
  valueOf: (key: string, index: number) => Values[keyof Values],
): Values => Object.fromEntries(keys.map((key, index) => [key, valueOf(key, index)])) as Values;

/** Parameters as they are followed: how far they are from where they began. */
export interface Movement {
  /** As records call them: W, v, beta. */
  readonly name: string;
  /** All of them, of each tower where there are two. */
  readonly parts: readonly MovementPart[];
  /** What they descend with, of the rates of the network's layers. */
  readonly rateOf: (rates: readonly number[]) => number;
}

/**
 * What training needs of a model: its outputs and residuals on a set of points, the gradient of its loss, and a step down
 * it. Models that train beside each other take the same points and rates.
 */
export interface Model extends Disposable {
  /** As records have it: network, linear. */
  readonly key: string;
  /** As messages call it: "network", "linear model". */
  readonly name: string;
  /** What the names of its arrays of outputs begin with: f, lin. */
  readonly prefix: string;
  /** Of the parameters that are followed: layer by layer, first to last, or none. */
  readonly movements: readonly Movement[];
  /** What a set of points needs once, before the model is evaluated on it. */
  prepare: (stream: CommandStream, points: PointSet) => Promise<void>;
  /** u = f and e = f − y on a set; with the gradient of the loss over it, where the next step takes one. */
  evaluation: (points: PointSet, predictions: Predictions, withGradient: boolean) => Iterable<Dispatch>;
  /** One step of gradient descent, with the gradient last evaluated over n points and a rate for each layer of the network. */
  descent: (n: number, rates: readonly number[]) => Iterable<Dispatch>;
}

/** @throws TypeError where they are no set of points: a Matrix, for one; RangeError for points of another number of inputs. */
export function requirePoints(model: string, inputs: number, points: PointSet): void {
  const { X } = Object(points) as PointSet;
  if (!(X instanceof Matrix)) {
    throw new TypeError(
      `points must be a PointSet; it is ${shown(points)}. new PointSet(gpu, label, size, d) makes one.`,
    );
  }
  if (X.cols === inputs) return;
  throw new RangeError(
    `A ${model} on ${inputs} inputs does not take points of ${X.cols} inputs (${X.rows} × ${X.cols}).`,
  );
}

/** @throws TypeError where they are no Predictions; RangeError for predictions of another number of points. */
export function requirePredictions(
  { name }: Pick<Model, 'name'>,
  { size }: PointSet,
  predictions: Pick<Predictions, 'u' | 'e'>,
): void {
  const { u, e } = Object(predictions) as Partial<Predictions>;
  if (!u || !e) {
    throw new TypeError(
      `predictions must be Predictions; it is ${shown(predictions)}. new Predictions(gpu, label, size) makes them.`,
    );
  }
  if (u.length === size && e.length === size) return;
  throw new RangeError(
    `The ${name} is evaluated on ${size} points, but its predictions have room for ${Math.min(u.length, e.length)}.`,
  );
}
