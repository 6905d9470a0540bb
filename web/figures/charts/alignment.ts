import { greatestOf } from '../../../src/math/statistics.ts';
import { formatNumber } from '../format.ts';
import { finite } from '../measures.ts';
import type { TimeChart } from './over-time.ts';
import type { Run } from './run.ts';

/** Alignment of the network's kernel with the targets and with the kernel at t = 0, over t. */
export function alignmentChart({ records }: Run): TimeChart {
  return {
    slug: 'alignment',
    title: 'Alignment of the network’s kernel',
    y: { label: 'alignment of *Θ*(*t*)', scale: 'linear', include: [0, 1.1] },
    curves: [
      {
        name: 'with the targets *y*',
        set: '',
        colour: 'network',
        width: 2,
        dash: '6 3',
        y: (index) => finite(records[index].alignment?.target.value),
      },
      {
        name: 'with *Θ*(0)',
        set: '',
        colour: 'linearized',
        width: 2,
        y: (index) => finite(records[index].alignment?.start.value),
      },
    ],
    caption: () => {
      const errors = records.flatMap(({ alignment }) =>
        alignment ? [finite(alignment.start.error), finite(alignment.target.error)] : [],
      );
      const largest = Math.max(0, greatestOf(errors.filter(Number.isFinite)));
      return `Alignment of the kernel that drives the network with the one at *t* = 0, ⟨*Θ*(*t*), *Θ*(0)⟩_{F}/(‖*Θ*(*t*)‖_{F}‖*Θ*(0)‖_{F}), and with the targets, *y*ᵀ*Θy*/(‖*Θ*‖_{F}‖*y*‖²); 1 is the most there can be.${
        largest > 0
          ? ` Estimated by probe vectors, with standard errors of at most ${formatNumber(largest, 2)}.`
          : ''
      }`;
    },
  };
}
