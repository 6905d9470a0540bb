import { afterAll, expect, test } from 'vitest';
import { Gpu, requestDevice } from '../../src/gpu/device.ts';
import { compiledPrograms } from '../../src/gpu/program.ts';
import { RandomNumbers } from '../reference/random-numbers.ts';
import { everyRun } from '../extent.ts';
import { type FailingCall, FaultyDevice, failingCalls, faults } from '../faulty-device.ts';
import { Tally, isOurs, outcomeOf } from './verdict.ts';
import { workloads } from './workloads.ts';

/**
 * Of every call the first so many fail in turn, and of the others a seeded sample; half as many where runs are not all tried: who
 * is told of a failure is the same code everywhere, how the device tells of it is not.
 */
const [every, sampled] = everyRun ? [12, 6] : [6, 3];

const faulty = new FaultyDevice(await requestDevice(navigator.gpu));
const { device } = faulty;
const gpu = Gpu.of(device);
// It is not lost here, and says so at once: after every refusal somebody waits for a while for word of that.
Object.defineProperty(device, 'lost', { value: Promise.resolve() });
const total = new Tally();
afterAll(() => total.print('failing calls, all'));

const cases = Object.keys(workloads).flatMap((workload) => failingCalls.map((call) => ({ workload, call })));

test.for(cases)('$call fails in $workload', { timeout: 600_000 }, async ({ workload, call }) => {
  const work = workloads[workload];
  const right = JSON.stringify(await work(device));
  faulty.plan();
  const compiling = call === 'createComputePipelineAsync';
  if (compiling) compiledPrograms(gpu).clear();
  expect(JSON.stringify(await work(device)), 'undisturbed').toBe(right);
  const texts = [...compiledPrograms(gpu).keys()];
  const tally = new Tally();
  for (const k of turns(faulty.count(call), call, workload)) {
    const fault = faults[call][k % faults[call].length];
    const live = [gpu.liveBuffers, gpu.liveBytes];
    // A program is compiled anew where that shall fail; now and then all are, so that one fails among others on their way.
    const alone = compiling && k % 9 > 0;
    if (alone) compiledPrograms(gpu).delete(texts[k - 1]);
    else if (compiling) compiledPrograms(gpu).clear();
    faulty.plan({ call, k: alone ? 1 : k, fault });
    const outcome = await outcomeOf(work(device));
    const failed = faulty.failed;
    faulty.plan();
    // How many calls there are, time decides where buffers of timers are shared.
    if (!failed) continue;
    const wrong: string[] = [];
    if ('numbers' in outcome) {
      // Nobody needed it: how long a pass took, or memory that this experiment has no use for.
      if (outcome.numbers === right) for (const counted of [tally, total]) counted.spare++;
      else wrong.push('it ended in other numbers as if nothing had happened');
    } else if (!isOurs(outcome.error)) wrong.push(`it ended in ${String(outcome.error)}`);
    if (String([gpu.liveBuffers, gpu.liveBytes]) !== String(live)) wrong.push('buffers were left behind');
    const next = await outcomeOf(work(device));
    if ('error' in next) wrong.push(`the next one ended in ${String(next.error)}`);
    else if (next.numbers !== right) wrong.push('the next one gave other numbers');
    for (const counted of [tally, total]) counted.count(`${workload}, ${call} ${k} ${fault}`, wrong);
  }
  tally.print(`${call} in ${workload}`);
  expect(tally.failures).toEqual([]);
});

/** Which of so many calls fail, one at a time. */
function turns(count: number, call: FailingCall, workload: string): number[] {
  const first = Array.from({ length: Math.min(count, every) }, (_, i) => i + 1);
  const random = new RandomNumbers(call.length + workload.length);
  const later = Array.from(
    { length: sampled },
    () => every + 1 + Math.floor(random.uniform() * (count - every)),
  );
  return count > every ? [...first, ...new Set(later)] : first;
}

test('of two runs at once, the one goes on whose calls do not fail', async () => {
  const [short, point] = [workloads['a short run'], workloads['a point of a sweep']];
  faulty.plan();
  compiledPrograms(gpu).clear();
  const right = [await short(device), await point(device)].map((numbers) => JSON.stringify(numbers));
  const texts = [...compiledPrograms(gpu).keys()];
  const tally = new Tally();
  for (const call of failingCalls) {
    for (let k = 1; k <= every; k++) {
      const fault = faults[call][k % faults[call].length];
      // As above; those that fail alone are spread over the programs of both.
      const compiling = call === 'createComputePipelineAsync';
      const alone = compiling && k % 4 > 0;
      if (alone) compiledPrograms(gpu).delete(texts[Math.floor(((k - 1) * texts.length) / every)]);
      else if (compiling) compiledPrograms(gpu).clear();
      faulty.plan({ call, k: alone ? 1 : k, fault });
      const outcomes = await Promise.all([outcomeOf(short(device)), outcomeOf(point(device))]);
      const ended = outcomes.filter((outcome) => 'error' in outcome);
      const wrong: string[] = [];
      if (ended.length > 1) wrong.push('both ended');
      if (!ended.every(({ error }) => isOurs(error))) wrong.push(`it ended in ${String(ended[0].error)}`);
      for (const [index, outcome] of outcomes.entries()) {
        if ('numbers' in outcome && outcome.numbers !== right[index])
          wrong.push('the other gave other numbers');
      }
      tally.count(`${call} ${k} ${fault}`, wrong);
    }
  }
  tally.print('of two runs at once');
  expect(tally.failures).toEqual([]);
});
