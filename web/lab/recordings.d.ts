/** Made when the app is built, by vite.recorded.ts: recordings by the id of their preset, each loaded when it is asked for. */
declare module 'virtual:recordings' {
  const recordings: Readonly<
    Record<string, () => Promise<{ default: import('./packed-recording.ts').PackedRecording }>>
  >;
  export default recordings;
}
