import { AxisChoice, type AxisType } from './axis-choice.ts';

/** How each axis that can be switched begins, by its name in a link. Views over t share their time axis. */
const beginnings = {
  time: 'log',
  loss: 'linear',
  discrepancy: 'log',
  movement: 'log',
  shell: 'linear',
  spectrum: 'log',
  modes: 'log',
} as const;

export type AxisName = keyof typeof beginnings;
export const axisNames = Object.keys(beginnings) as AxisName[];

/** Those axes that are not as they begin. */
export type SwitchedAxes = Partial<Record<AxisName, AxisType>>;

/** The axes of all views, to be kept in a link and brought back from it. */
export class Axes {
  readonly #choices = new Map(axisNames.map((name) => [name, new AxisChoice(beginnings[name])]));

  of(name: AxisName): AxisChoice {
    return this.#choices.get(name)!;
  }

  get switched(): SwitchedAxes {
    return Object.fromEntries(
      [...this.#choices]
        .filter(([name, { chosen }]) => chosen !== beginnings[name])
        .map(([name, { chosen }]) => [name, chosen]),
    );
  }

  set switched(axes: SwitchedAxes) {
    for (const [name, choice] of this.#choices) choice.choose(axes[name] ?? beginnings[name]);
  }

  onChange(listener: () => void): void {
    for (const choice of this.#choices.values()) choice.onChange(listener);
  }
}
