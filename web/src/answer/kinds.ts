// A job opened from the list of runs, with what it found.
import { h, put } from "../dom";
import { say, sayOr } from "../say";
import type { Stage } from "../stage";
import type { Job } from "../types";
import { showBudgets } from "./budgets";
import { commandOf } from "./common";
import { showCoverage, showRepeat } from "./coverage";
import { showDisperse } from "./disperse";
import { showFalls } from "./falls";
import { showLifetime } from "./life";
import { showCasualty, showHazard } from "./safety";
import { showScreen } from "./screen";
import { fileLinks } from "./takeaway";
import { showWindows } from "./windows";

type Show = (job: Job, place: HTMLElement, stage: Stage) => Promise<void>;

const SHOWN: Record<string, Show> = {
  windows: showWindows,
  dropzones: (job, place, stage) => showFalls(job, place, stage),
  casualty: showCasualty,
  hazard: showHazard,
  disperse: showDisperse,
  screen: showScreen,
  satellite: showBudgets,
  coverage: showCoverage,
  repeat: showRepeat,
  lifetime: showLifetime,
};

/** Kinds whose answer has something to show on the globe. */
const ON_GLOBE = new Set(["casualty", "hazard", "disperse"]);

export async function showKind(job: Job, place: HTMLElement, stage: Stage): Promise<boolean> {
  const run = job.question["run"];
  put(
    stage.head,
    h("p", { class: "mission" }, job.title),
    h("h2", { class: "headline", tabindex: -1 }, sayOr(`kind.title.${job.kind}`, sayOr(`kind.${job.kind}`, job.kind))),
    typeof run === "string" ? h("p", { class: "row links" }, h("a", { href: `#/run/${run}` }, say("kind.run"))) : null,
  );
  const show = SHOWN[job.kind];
  const inner = h("div", { class: "kind" });
  put(place, inner, commandOf(job));
  if (show) await show(job, inner, stage);
  else put(inner, fileLinks(job));
  return ON_GLOBE.has(job.kind);
}
