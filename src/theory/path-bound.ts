import { together } from '../gpu/together.ts';
import { type ParameterValues, readParameters } from '../network/parameters.ts';
import { outputRounding } from './rounding.ts';
import { agreementTime } from './agreement-time.ts';
import { mostPathSteps } from './horizon.ts';
import { between, linear, minus } from './kernels.ts';
import type { Lab } from './lab.ts';

/** The norms enter with their errors, so that a rough one is no less a bound, and takes a third of the products of a fine one. */
const precision = { tolerance: 0.05, accuracy: 0.01 };

/** One step of the path: how far the models are apart after it, and how far they can be. */
export interface PathStep {
  /** The step reached. */
  step: number;
  /** ‖u − u_lin‖ there. */
  distance: number;
  /** What float32 leaves open of it. */
  error: number;
  bound: number;
}

/**
 * The inequality that the general theorem rests on, along the path that was taken. With J̄(τ) the Jacobian averaged over
 * step τ, u(τ+1) − u(τ) = −(η/n) J̄(τ)J(τ)ᵀ(u(τ) − y) exactly, so with E(τ) = J̄(τ)J(τ)ᵀ − K and η ≤ 2n/‖K‖
 *
 *     ‖u(t) − u_lin(t)‖ ≤ (η/n) Σ_{τ<t} ‖E(τ)‖ ‖u(τ) − y‖
 *
 * (for larger η each step multiplies what was there by η‖K‖/n − 1). For J̄ stands the Jacobian at the middle of the step; what
 * that leaves out, and what float32 did in the step, is measured on the one vector that it acts on, since the step itself
 * gives J̄Jᵀ(u − y) = (n/η)(u(τ) − u(τ+1)):
 *
 *     ‖E(τ)(u(τ) − y)‖ ≤ ‖J_mid J(τ)ᵀ − K‖ ‖u(τ) − y‖ + ‖(n/η)(u(τ) − u(τ+1)) − J_mid J(τ)ᵀ(u(τ) − y)‖
 */
export class PathBound {
  readonly steps: PathStep[] = [];
  #before: Standing | null = null;
  #bound = 0;
  #leftAt: number | null = null;

  /** The step at which outputs, or what is made of them, had left float32's range: nothing is compared from there on. */
  get leftAt(): number | null {
    return this.#leftAt;
  }

  /** Whether the parameters are wanted at this step: all up to T, but no more than norms can be had for. */
  static wants({ setting }: Lab, step: number): boolean {
    return step <= Math.min(mostPathSteps, agreementTime(setting));
  }

  /** At a step, parameters and outputs standing there; `linearNorm` is at least ‖K‖. */
  async visit(lab: Lab, step: number, linearNorm: number): Promise<void> {
    if (this.#leftAt !== null) return;
    const [here, lin] = await together([standing(lab), lab.outputs.linear.train.read()]);
    if (this.#before) {
      const { n, eta } = lab.setting;
      const growth = Math.max(1, (eta * linearNorm) / n - 1);
      this.#bound = growth * this.#bound + (eta / n) * (await parting(lab, this.#before, here));
      const distance = norm(here.u, lin);
      if (!Number.isFinite(distance + this.#bound)) {
        this.#leftAt = step;
        return;
      }
      // Roundings of u − y in every step, and of both outputs.
      const error = outputRounding * Math.hypot(norm(here.y), norm(here.u), norm(lin));
      this.steps.push({ step, distance, error, bound: this.#bound });
    }
    this.#before = PathBound.wants(lab, step + 1) ? here : null;
  }
}

/** Parameters and outputs at a step. */
interface Standing {
  theta: ParameterValues;
  /** u − y */
  e: Float32Array<ArrayBuffer>;
  u: Float32Array<ArrayBuffer>;
  y: Float32Array<ArrayBuffer>;
}

async function standing({ network, outputs, train }: Lab): Promise<Standing> {
  const [theta, u, y] = await together([
    readParameters(network.layers, 'position'),
    outputs.network.train.read(),
    train.y.read(),
  ]);
  return { theta, u, y, e: u.map((value, i) => value - y[i]) };
}

/** The bound on ‖E(τ)(u(τ) − y)‖ of the step between two standings. */
async function parting(lab: Lab, before: Standing, after: Standing): Promise<number> {
  const { n, eta } = lab.setting;
  const middle = before.theta.map((layer, l) => layer.map((value, k) => (value + after.theta[l][k]) / 2));
  const kernel = between('driving', middle, before.theta);
  const { acted, apart } = await lab.sharing(async (words) => ({
    acted: await words.applied(kernel, before.e),
    apart: await words.norm(minus(kernel, linear('driving')), precision),
  }));
  const exact = before.u.map((value, i) => (n / eta) * (value - after.u[i]));
  return (apart.value + apart.error) * norm(before.e) + norm(exact, acted);
}

function norm(a: Float32Array, b?: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - (b?.[i] ?? 0)) ** 2;
  return Math.sqrt(sum);
}
