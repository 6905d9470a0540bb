import type { Beside } from '../model/model.ts';
import { outputRounding } from './rounding.ts';

/** Mean squares on the training points at a recorded step, of which departures are made. */
export interface DepartureMoment {
  step: number;
  train: {
    losses: { linear: number };
    /** mean_i (f − f_lin)², mean_i (f − f_linearized)² */
    discrepancies: Beside<number>;
    /** mean_i f_lin² */
    linearSquare?: number | null | undefined;
    /** mean_i (f_linearized − f_lin)² */
    fromLinear?: Partial<Record<string, number>> | undefined;
  };
}

/** Where two models part: the first recorded step at which their mean squared difference is above the share. */
export interface Parting {
  /** null: at no recorded step. */
  at: number | null;
  /** The recorded step before it, up to which they were together; the last one where they never parted. */
  after: number;
  /**
   * The recorded step from which on they are apart at every record: later than `at` where they come together again; null
   * where they are together at the last record.
   */
  lasting: number | null;
}

/** When, and why, the agreement of network and linear model ends. */
export interface Departure {
  /** Of ‖f_lin‖²/n at the same step. */
  share: number;
  /** Network and linear model. */
  whole: Parting;
  /** Linearized network and linear model: Θ(0) against K, and nothing has moved. null where it was not trained. */
  kernel: Parting | null;
  /** Network and linearized network: Θ(t) against Θ(0). null where it was not trained. */
  movement: Parting | null;
  /**
   * Which of the two came first, by `at`, or at the same record is by far the greater, the other below the share of it: the kernel at
   * t = 0 already differs from K, or parameters moved until it did; null where neither came, or nothing was measured of them.
   */
  cause: 'kernel' | 'movement' | 'both' | null;
}

/** Follows where two models are apart, step by step. */
class PartingCourse {
  #at: number | null = null;
  #after: number | null = null;
  #since: number | null = null;

  add(step: number, apart: boolean): void {
    if (apart) this.#at ??= step;
    // The last record together before they first part; the last one of all where they never do.
    if (this.#at === null) this.#after = step;
    this.#after ??= step;
    this.#since = apart ? (this.#since ?? step) : null;
  }

  get parting(): Parting {
    return { at: this.#at, after: this.#after ?? 0, lasting: this.#since };
  }
}

/** From which difference on two models are apart. */
export interface DepartureScale {
  /** Of ‖f_lin‖²/n at the same step. */
  share: number;
  /** η‖K‖/n: of an error along K's largest direction, what the first step takes. null where it is not known. */
  fastest: number | null;
  /** towerSize of a deep network: of that, not of its outputs, float32 leaves a share open. 0 of two layers. */
  towers: number;
}

/**
 * The network differs from the linear model in two ways, f − f_lin = (f − f_linearized) + (f_linearized − f_lin): by what
 * moved since t = 0, and by the kernel it had there. Each is held against the same share of ‖f_lin‖²/n, record by record; what
 * float32 leaves open of outputs that have come so far is no difference.
 */
export class DepartureCourse {
  readonly #share: number;
  readonly #fastest: number;
  readonly #towers: number;
  readonly #whole = new PartingCourse();
  readonly #kernel = new PartingCourse();
  readonly #movement = new PartingCourse();
  #first: DepartureMoment['train'] | null = null;
  /** Which of the two parts is by far the greater where both come at the same record. */
  #greater: 'kernel' | 'movement' | null = null;

  constructor({ share, fastest, towers }: DepartureScale) {
    this.#share = share;
    this.#fastest = fastest ?? 0;
    this.#towers = towers;
  }

  add(moment: DepartureMoment): void {
    const { step, train } = moment;
    this.#first ??= train;
    const [kernel, movement] = [kernelPart(train), movementPart(train)];
    this.#whole.add(step, this.#isApart(moment, train.discrepancies.linear, this.#towers));
    this.#kernel.add(step, this.#isApart(moment, kernel, 0));
    this.#movement.add(step, this.#isApart(moment, movement, this.#towers));
    if (this.#kernel.parting.at === step && this.#movement.parting.at === step) {
      if (movement! < this.#share * kernel!) this.#greater = 'kernel';
      if (kernel! < this.#share * movement!) this.#greater = 'movement';
    }
  }

  #isApart(moment: DepartureMoment, difference: number | null | undefined, towers: number): boolean {
    // f = 0 at t = 0, so that the loss there is ‖y‖²/(2n).
    const square = Math.min(1, this.#fastest * moment.step) ** 2 * 2 * this.#first!.losses.linear;
    const noise = outputRounding ** 2 * (square + towers ** 2);
    return relative(moment, difference) > this.#share && difference! > noise;
  }

  /** null without records, or where they lack what it takes. */
  get departure(): Departure | null {
    if (typeof this.#first?.linearSquare !== 'number') return null;
    const linearized = typeof movementPart(this.#first) === 'number';
    const kernel = linearized ? this.#kernel.parting : null;
    const movement = linearized ? this.#movement.parting : null;
    const [first, second] = [kernel?.at ?? Infinity, movement?.at ?? Infinity];
    const together = first < Infinity ? (this.#greater ?? 'both') : null;
    const cause = first < second ? 'kernel' : second < first ? 'movement' : together;
    return { share: this.#share, whole: this.#whole.parting, kernel, movement, cause };
  }
}

/** The departure of a whole list of records. */
export function departure(records: readonly DepartureMoment[], scale: DepartureScale): Departure | null {
  const course = new DepartureCourse(scale);
  for (const record of records) course.add(record);
  return course.departure;
}

type Measures = DepartureMoment['train'];
const kernelPart = ({ fromLinear }: Measures) => fromLinear?.['linearized'];
const movementPart = ({ discrepancies }: Measures) => discrepancies['linearized'];

/** A mean squared difference over ‖f_lin‖²/n: NaN where both are 0, as at t = 0. */
const relative = ({ train }: DepartureMoment, difference: number | null | undefined): number =>
  (difference ?? Number.NaN) / (train.linearSquare ?? Number.NaN);

/** The mean squares that the kernel at t = 0 and movement account for at one step, and that of f_lin; NaN of what was not measured. */
export const departureParts = ({
  train,
}: DepartureMoment): Record<'kernel' | 'movement' | 'linear', number> => ({
  kernel: kernelPart(train) ?? Number.NaN,
  movement: movementPart(train) ?? Number.NaN,
  linear: train.linearSquare ?? Number.NaN,
});
