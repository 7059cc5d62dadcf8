// Where the answer to one run is shown, and what it may touch there.
import type { Clock } from "./clock";
import type { GlobeView } from "./globe/view";
import type { Plan } from "./types";

export interface Stage {
  run: string;
  /** False once another answer has taken its place. What comes late asks here first. */
  shown(): boolean;
  /** The place of the headline, above the globe; off the page once it was left. */
  head: HTMLElement;
  /** The place of the answer, below the globe; off the page once it was left. */
  place: HTMLElement;
  clock: Clock;
  /** The globe; null where there is none, and once another answer is shown. */
  readonly globe: Promise<GlobeView | null>;
  slider(plan: Plan): void;
  /** The headline stands. */
  answered(): void;
}
