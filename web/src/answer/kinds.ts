// Every kind of job, with what shows its answer.
import { h, put } from "../dom";
import { say, sayOr } from "../say";
import type { Stage } from "../stage";
import type { Job } from "../types";
import { showBudgets } from "./budgets";
import { showClaim } from "./claim";
import { showCoverage, showRepeat } from "./coverage";
import { showDisperse } from "./disperse";
import { showFalls } from "./falls";
import { showLifetime } from "./life";
import { showMap } from "./map";
import { showPlan } from "./plan";
import { showCasualty, showHazard } from "./safety";
import { showEclipses, showPasses, showStates } from "./satellite";
import { showScreen } from "./screen";
import { takeSection } from "./takeaway";
import { showWindows } from "./windows";

interface Kind {
  show(job: Job, place: HTMLElement, stage: Stage): Promise<void>;
  /** Whether its answer has something to show on the globe. */
  onGlobe?: boolean;
  /** Whether it sets headline and end itself. */
  whole?: boolean;
}

const SHOWN: Record<string, Kind> = {
  plan: { show: showPlan, onGlobe: true, whole: true },
  check: { show: showClaim, onGlobe: true, whole: true },
  map: { show: showMap, whole: true },
  windows: { show: showWindows, onGlobe: true },
  dropzones: { show: (job, place, stage) => showFalls(job, place, stage) },
  casualty: { show: showCasualty, onGlobe: true },
  hazard: { show: showHazard, onGlobe: true },
  disperse: { show: showDisperse, onGlobe: true },
  propagate: { show: showStates, onGlobe: true },
  passes: { show: showPasses, onGlobe: true },
  eclipses: { show: showEclipses },
  screen: { show: showScreen },
  satellite: { show: showBudgets },
  coverage: { show: showCoverage },
  repeat: { show: showRepeat },
  lifetime: { show: showLifetime },
};

export const onGlobe = (kind: string): boolean => SHOWN[kind]?.onGlobe ?? false;

export async function showJob(job: Job, stage: Stage): Promise<void> {
  const kind = SHOWN[job.kind];
  if (kind?.whole) return kind.show(job, stage.place, stage);
  const run = job.question["run"];
  put(
    stage.head,
    h("p", { class: "mission" }, job.title),
    h("h2", { class: "headline", tabindex: -1 }, sayOr(`kind.title.${job.kind}`, sayOr(`kind.${job.kind}`, job.kind))),
    typeof run === "string" ? h("p", { class: "row links" }, h("a", { href: `#/run/${run}` }, say("kind.run"))) : null,
  );
  const inner = h("div", { class: "kind" });
  put(stage.place, inner, takeSection(job));
  await kind?.show(job, inner, stage);
}
