import { showValue } from './show-value.ts';
import { SpecError } from './spec-error.ts';

/** What is wrong with the points, each said once, with the first point that has it. */
export class Problems {
  readonly #points: number;
  readonly #found = new Map<string, { first: string; count: number }>();

  constructor(points: number) {
    this.#points = points;
  }

  add(problem: string, label: string): void {
    const found = this.#found.get(problem);
    if (found) found.count++;
    else this.#found.set(problem, { first: label, count: 1 });
  }

  /** @throws SpecError where there are any; of many the first few. */
  report(): void {
    if (this.#found.size === 0) return;
    const problems = [...this.#found].map(([problem, { first, count }]) =>
      count === this.#points || first === '' ? problem : `At ${first}: ${problem}`,
    );
    const most = 8;
    const rest = problems.length - most;
    throw new SpecError(rest > 0 ? [...problems.slice(0, most), `${rest} more of this kind.`] : problems);
  }
}

/** What parseSpec says of a value, with the formula that it came from and how to mend it. */
export function withFormula(problem: string, given: ReadonlyMap<string, unknown>): string {
  const [, path = '', value = '', rest = ''] = /^([\w.]+) is (\S+); (.*)$/s.exec(problem) ?? [];
  const formula = given.get(path);
  if (typeof formula !== 'string') return problem;
  const mend = rest.startsWith('it must be an integer')
    ? ` Wrap it in ceil(…), floor(…) or round(…).`
    : rest.startsWith('it must be even')
      ? ` Take twice a whole number, for example 2*ceil(…/2).`
      : '';
  return `${path} is ${showValue(formula)}, which gives ${value}; ${rest}${mend}`;
}
