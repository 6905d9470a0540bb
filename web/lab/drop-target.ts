/** The whole page takes files; a frame shows it while something is held over it. */
export function createDropTarget(drop: (files: File[]) => void, signal: AbortSignal): HTMLElement {
  const element = document.createElement('div');
  element.className = 'dropping';
  element.hidden = true;
  element.innerHTML =
    '<b>Drop it here</b><span>A spec or result (.json), or your own arrays: X.npy, y.npy, X_test.npy, y_test.npy; or a table (CSV) with a column label; or a spec with the images that it names</span>';
  const holdsFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;
  // Entering a child leaves its parent: depth tells whether the page was left.
  let depth = 0;
  const enter = (by: number): void => {
    depth = Math.max(0, depth + by);
    element.hidden = depth === 0;
  };
  const listen = (
    name: 'dragenter' | 'dragleave' | 'dragover' | 'drop',
    act: (event: DragEvent) => void,
  ): void => document.addEventListener(name, (event) => holdsFiles(event) && act(event), { signal });
  listen('dragenter', () => enter(1));
  listen('dragleave', () => enter(-1));
  listen('dragover', (event) => event.preventDefault());
  listen('drop', (event) => {
    event.preventDefault();
    enter(-depth);
    drop([...event.dataTransfer!.files]);
  });
  return element;
}
