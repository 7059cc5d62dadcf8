// A question about a run: asked by a button, followed to its end, its answer shown in place.
import { fileLinks } from "./answer/takeaway";
import { h, put } from "./dom";
import { finished, job as known, onJobs } from "./jobs";
import { endedBox, errorBox, progressBox } from "./parts";
import type { Stage } from "./stage";
import type { Job } from "./types";

/** A box that asks for a job when its button is pressed, and shows what comes of it. */
export function jobBox(
  stage: Stage,
  label: string,
  why: string,
  existing: Job | undefined,
  begin: () => Promise<Job>,
  show: (job: Job, place: HTMLElement) => Promise<void> | void,
  extra: Node | null = null,
): HTMLElement {
  const place = h("div", { class: "job-place" });
  const button = h("button", { type: "button", class: "main quiet-main" }, label);
  const ask = h("div", { class: "ask" }, why ? h("p", { class: "lead" }, why) : null, extra, button);
  let leave: (() => void) | null = null;
  const follow = (id: string) => {
    leave?.();
    const look = (job: Job) => {
      if (!finished(job)) {
        // It goes on after it was stopped.
        if (!place.querySelector(".progress")) put(place, progressBox(id));
        return;
      }
      button.disabled = false;
      if (job.state !== "stopped") {
        leave?.();
        leave = null;
      }
      if (job.state !== "done") return put(place, endedBox(job));
      // A place of its own: what comes late does not overwrite what was asked since.
      const found = h("div", { class: "found" });
      put(place, found);
      Promise.resolve(show(job, found))
        .then(() => found.append(fileLinks(job)))
        .catch((error: unknown) => put(found, errorBox(error)));
    };
    put(place, progressBox(id));
    leave = onJobs((changed) => {
      if (!stage.shown()) return leave?.();
      const mine = changed.find((one) => one.id === id);
      if (mine) look(mine);
    });
    const now = known(id);
    if (now) look(now);
  };
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      follow((await begin()).id);
    } catch (error) {
      button.disabled = false;
      put(place, errorBox(error));
    }
  });
  if (existing) follow(existing.id);
  return h("div", {}, ask, place);
}
