import { type Command, type Failure, type Message, failureOf } from './protocol.ts';

/** A way to an engine: in a worker where that has WebGPU, else on this thread. */
export interface Line {
  send: (command: Command) => void;
  close: () => void;
}

/** Opens a way to an engine that can compute. @returns why there is none, else */
export async function openLine(receive: (message: Message) => void): Promise<Line | Failure> {
  // A worker without WebGPU says nothing of the page: some browsers have it there alone.
  const opened = await inTime(openWorker(receive)).catch(() => null);
  return opened ?? inTime(openHere(receive)).catch((error: unknown) => failureOf(error));
}

/** With a driver that does not work, some browsers never answer a page that asks for an adapter. */
const patience = 30_000;

/** A line that opens too late is closed again. */
function inTime<T extends Line | Failure | null>(opening: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = new Error(
      'This browser does not answer when it is asked for the GPU. Update the graphics driver, or open this page in another browser.',
    );
    let waiting = true;
    const timer = setTimeout(() => {
      waiting = false;
      reject(late);
    }, patience);
    opening.then((opened) => {
      clearTimeout(timer);
      if (!waiting && opened && 'close' in opened) opened.close();
      resolve(opened);
    }, reject);
  });
}

async function openWorker(receive: (message: Message) => void): Promise<Line | null> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  const failure = await new Promise<Failure | null>((resolve, reject) => {
    worker.onerror = () => reject(new Error('The worker did not start.'));
    worker.onmessage = ({ data }: MessageEvent<Message>) => {
      if (data.kind === 'ready') resolve(data.failure);
    };
  }).catch((error: unknown) => {
    worker.terminate();
    throw error;
  });
  if (failure) {
    worker.terminate();
    return null;
  }
  worker.onmessage = ({ data }: MessageEvent<Message>) => receive(data);
  worker.onerror = ({ message }) => {
    receive({ kind: 'broken', failure: { name: 'Error', message: `The worker failed: ${message}` } });
  };
  return { send: (command) => worker.postMessage(command), close: () => worker.terminate() };
}

/** Messages come as they would from a worker: never within the call that caused them. */
async function openHere(receive: (message: Message) => void): Promise<Line | Failure> {
  let ready: (failure: Failure | null) => void;
  const failure = new Promise<Failure | null>((resolve) => (ready = resolve));
  // Only where no worker can compute: everything that the worker has would come twice.
  const { Engine } = await import('./engine.ts');
  const engine = new Engine(navigator.gpu, (message) => {
    if (message.kind === 'ready') ready(message.failure);
    else queueMicrotask(() => receive(message));
  });
  await engine.start();
  return (await failure) ?? { send: (command) => engine.receive(command), close: () => engine.close() };
}
