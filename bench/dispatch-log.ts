import { CommandStream, type Dispatch } from '../src/gpu/command-stream.ts';
import type { Gpu } from '../src/gpu/device.ts';
import { type Bindings, type Call, Program } from '../src/gpu/program.ts';
import type { Task } from './contestant.ts';

/** A dispatch, and the buffers of its program by their names in the shader. */
export interface LoggedDispatch {
  dispatch: Dispatch;
  bindings: Bindings;
}

/** What a run of a task of ours dispatched, in order, and what that takes to be dispatched again. */
export class DispatchLog implements Disposable {
  readonly dispatches: LoggedDispatch[] = [];
  readonly #gpu: Gpu;
  readonly #bound = new Map<Call, Bindings>();
  /** What the run frees is kept: its dispatches go on reading it. */
  readonly #freed: GPUBuffer[] = [];
  #task: Task | undefined;

  private constructor(gpu: Gpu) {
    this.#gpu = gpu;
  }

  /** Creates the task and runs it once. */
  static async of(gpu: Gpu, create: () => Promise<Task>): Promise<DispatchLog> {
    const log = new DispatchLog(gpu);
    try {
      await log.#watch(create);
      return log;
    } catch (error) {
      log[Symbol.dispose]();
      throw error;
    }
  }

  async #watch(create: () => Promise<Task>): Promise<void> {
    const [gpu, bound, freed, dispatches] = [this.#gpu, this.#bound, this.#freed, this.dispatches];
    const bind = Reflect.get(Program.prototype, 'bind');
    const run = Reflect.get(CommandStream.prototype, 'run');
    Program.prototype.bind = function (bindings) {
      const call = bind.call(this, bindings);
      bound.set(call, bindings);
      return call;
    };
    try {
      this.#task = await create();
      gpu.destroyBuffer = (buffer) => void freed.push(buffer);
      CommandStream.prototype.run = function (dispatch) {
        run.call(this, dispatch);
        dispatches.push({ dispatch, bindings: bound.get(dispatch.call)! });
      };
      await this.#task.run();
    } finally {
      Program.prototype.bind = bind;
      CommandStream.prototype.run = run;
      Reflect.deleteProperty(gpu, 'destroyBuffer');
    }
  }

  [Symbol.dispose](): void {
    this.#task?.dispose();
    for (const buffer of this.#freed) this.#gpu.destroyBuffer(buffer);
  }
}
