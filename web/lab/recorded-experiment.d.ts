/** Made when the app is built, by vite.recorded.ts. */
declare module 'virtual:recorded-experiment' {
  const recorded: import('./packed-recording.ts').PackedRecording;
  export default recorded;
}
