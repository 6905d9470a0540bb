/**
 * The path of a curve whose points come one after the other. It breaks at what is no number, and leaves out what lies
 * closer than half a pixel to the point before.
 */
export class CurvePath {
  #text = '';
  #before: { at: number; height: number } | null = null;

  /** As the attribute `d` of a path. */
  get text(): string {
    return this.#text;
  }

  /** A path of its own that goes on where this one has got to. */
  branch(): CurvePath {
    const path = new CurvePath();
    if (this.#before) path.#begin(this.#before.at, this.#before.height);
    return path;
  }

  /** @param keep however near it lies: the last point of a path is one that is seen */
  add(at: number, height: number, keep = false): void {
    const before = this.#before;
    if (!Number.isFinite(at) || !Number.isFinite(height)) this.#before = null;
    else if (!before) this.#begin(at, height);
    else if (keep || Math.abs(at - before.at) >= 0.5 || Math.abs(height - before.height) >= 0.5) {
      this.#text += `L${point(at, height)}`;
      this.#before = { at, height };
    }
  }

  /** A point alone makes a line of no length, which the round cap shows as a dot. */
  #begin(at: number, height: number): void {
    this.#text += `M${point(at, height)}L${point(at, height)}`;
    this.#before = { at, height };
  }
}

const point = (at: number, height: number): string => `${at.toFixed(1)},${height.toFixed(1)}`;
