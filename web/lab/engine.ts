import { Devices } from './devices.ts';
import { type Command, type Message, failureOf } from './protocol.ts';
import { Session } from './session.ts';

/** Runs experiments, one at a time, on a device of its own: what the lab's page talks to, in a worker or beside it. */
export class Engine {
  readonly #post: (message: Message, transfer?: Transferable[]) => void;
  readonly #gpu: GPU | undefined;
  readonly #devices: Devices;
  #session: Session | undefined;
  #tuning: AbortController | undefined;
  #growing: AbortController | undefined;

  constructor(gpu: GPU | undefined, post: (message: Message, transfer?: Transferable[]) => void) {
    this.#gpu = gpu;
    this.#devices = new Devices(gpu);
    this.#post = post;
  }

  /** Asks for a device, and says whether it has one. */
  async start(): Promise<void> {
    try {
      await this.#devices.get();
      this.#post({ kind: 'ready', failure: null });
    } catch (error) {
      this.#post({ kind: 'ready', failure: failureOf(error) });
    }
  }

  receive(command: Command): void {
    switch (command.kind) {
      case 'open': {
        const before = this.#session;
        before?.end();
        this.#session = new Session(command, this.#devices, this.#post, before?.ended ?? Promise.resolve());
        return;
      }
      case 'tune':
        void this.#tune(command);
        return;
      case 'stop-tuning':
        this.#tuning?.abort();
        return;
      case 'grow':
        void this.#grow(command);
        return;
      case 'stop-growing':
        this.#growing?.abort();
        return;
      case 'lose-device':
        void this.#devices.lose();
        return;
    }
    const session = this.#session;
    if (session?.run !== command.run) return;
    switch (command.kind) {
      case 'play':
        session.pace.play();
        break;
      case 'pause':
        session.pace.pause();
        break;
      case 'step':
        session.pace.step();
        break;
      case 'speed':
        session.pace.speed = command.speed;
        break;
      case 'drawn':
        session.drawn();
        break;
      case 'measure':
        void session.measure(command.what, command.step);
        break;
      case 'arrays':
        void this.#sendArrays(session, command.request, command.step);
    }
  }

  /** Ends what goes and gives the device back. */
  close(): void {
    this.#tuning?.abort();
    this.#growing?.abort();
    this.#session?.end();
    void (this.#session?.ended ?? Promise.resolve()).then(() => this.#devices.lose());
    this.#session = undefined;
  }

  async #tune(command: Extract<Command, { kind: 'tune' }>): Promise<void> {
    this.#tuning?.abort();
    this.#tuning = new AbortController();
    const { signal } = this.#tuning;
    try {
      const { measureTiles } = await import('./measure-tiles.ts');
      await measureTiles(this.#gpu, command, signal, this.#post);
    } catch (error) {
      this.#post({ kind: 'tuning-ended', failure: failureOf(error) });
    }
  }

  async #grow({ points }: Extract<Command, { kind: 'grow' }>): Promise<void> {
    this.#growing?.abort();
    this.#growing = new AbortController();
    const { signal } = this.#growing;
    const { runPoints } = await import('./grow-d/run-points.ts');
    await runPoints(this.#gpu, points, signal, this.#post);
  }

  async #sendArrays({ command: { spec, arrays } }: Session, request: number, step: number): Promise<void> {
    let device: GPUDevice | undefined;
    try {
      const open = (path: string) => Promise.resolve(arrays.get(path)!);
      device = await this.#devices.get();
      const { arraysAt } = await import('./run-arrays.ts');
      const files = await arraysAt(device, spec, step, open);
      this.#post({ kind: 'arrays', request, files });
    } catch (error) {
      if (device) await this.#devices.leaveAfter(error, device);
      this.#post({ kind: 'arrays-failed', request, failure: failureOf(error) });
    }
  }
}
