/** Above this, a run says how far its numbers are from float64. */
const accuracyLimit = 1e-4;

/**
 * How far float32 is from float64 at the parameters of the run's last step, measured on some training points. What roundings in
 * earlier steps did to the parameters is not in it.
 */
export interface Accuracy {
  step: number;
  /** Training points compared. */
  points: number;
  /** ‖f − f₆₄‖/‖f₆₄‖ there; 0 where both are 0. */
  outputs: number;
  /** |‖e‖² − ‖e₆₄‖²|/‖e₆₄‖² there: of the loss. It grows as residuals shrink, being differences of float32 numbers. */
  loss: number;
}

/** What is to be said of it, with the figure; undefined where nothing is. */
export function accuracyWarning(accuracy: Accuracy | null | undefined): string | undefined {
  if (!accuracy) return undefined;
  const { step, points, outputs, loss } = accuracy;
  const parts = [
    ...(outputs >= 0.5
      ? [
          `outputs by ${Number(outputs.toPrecision(2))} times their size, so that they are little but rounding`,
        ]
      : outputs > accuracyLimit
        ? [`outputs by ${outputs.toExponential(1)}`]
        : []),
    ...(loss > accuracyLimit ? [`the training loss by ${loss.toExponential(1)}`] : []),
  ];
  return parts.length === 0
    ? undefined
    : `At step ${step}, float32 was off from float64 at the same parameters, relative: ${parts.join(' and ')} (${points} training points compared).`;
}
