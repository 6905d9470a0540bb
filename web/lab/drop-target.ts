/** The whole page takes files; a frame shows it while something is held over it. */
export function createDropTarget(drop: (files: File[]) => void): HTMLElement {
  const element = document.createElement('div');
  element.className = 'dropping';
  element.hidden = true;
  element.innerHTML =
    '<b>Drop it here</b><span>A spec or result (.json), or your own arrays: X.npy, y.npy, X_test.npy, y_test.npy</span>';
  const holdsFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;
  // Entering a child leaves its parent: depth tells whether the page was left.
  let depth = 0;
  const enter = (by: number): void => {
    depth = Math.max(0, depth + by);
    element.hidden = depth === 0;
  };
  document.addEventListener('dragenter', (event) => {
    if (holdsFiles(event)) enter(1);
  });
  document.addEventListener('dragleave', (event) => {
    if (holdsFiles(event)) enter(-1);
  });
  document.addEventListener('dragover', (event) => {
    if (holdsFiles(event)) event.preventDefault();
  });
  document.addEventListener('drop', (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    enter(-depth);
    drop([...event.dataTransfer!.files]);
  });
  return element;
}
