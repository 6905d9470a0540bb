import { clause } from '../gpu/errors.ts';

/** What the process ends with. */
export const exitCode = {
  ok: 0,
  unexpected: 1,
  /** The command line or the spec is wrong. */
  usage: 2,
  /** A file that the user named cannot be read or used. */
  input: 3,
  noBrowser: 4,
  /** No WebGPU, a lost device, or a problem too large for it. */
  gpu: 5,
  diverged: 6,
  /** The results cannot be written. */
  output: 7,
  /** Points of a sweep failed; all others are there. */
  failedPoints: 8,
  /** Ctrl-C. */
  stopped: 130,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** An end that the user can do something about: one paragraph with cause and remedy, no stack trace. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly code: ExitCode;

  constructor(code: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The end of a command that was asked to stop while it had nothing yet. */
export const stoppedEarly = (): CommandError =>
  new CommandError(exitCode.stopped, 'Stopped before anything was computed.');

/** The message of anything thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const unreadable: Record<string, string> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'there is no permission to read it',
};

/** Why the system does not read a file, as the end of a sentence. */
export const whyUnreadable = (error: unknown): string =>
  unreadable[(error as NodeJS.ErrnoException).code ?? ''] ?? clause(error);

/** Exit codes of the errors that come from the experiment, by class name: they also come as text from the page. */
const codes: Record<string, ExitCode> = {
  SpecError: exitCode.usage,
  DataError: exitCode.input,
  WebGpuUnavailableError: exitCode.gpu,
  DeviceLostError: exitCode.gpu,
  OutOfMemoryError: exitCode.gpu,
  GpuValidationError: exitCode.gpu,
  ShaderError: exitCode.gpu,
  TooLargeError: exitCode.gpu,
};

export const codeOf = (error: { name: string }): ExitCode => codes[error.name] ?? exitCode.unexpected;
