// The list of runs: search, stop, open, compare, delete.
import { h, keep, later, put } from "./dom";
import { erase, finished, list, onJobs, resume, stop } from "./jobs";
import { confirm, errorBox } from "./parts";
import { say, sayOr } from "./say";
import type { Job } from "./types";
import { clockTime, instant, mass, number } from "./words";

const PAGE = 50;

interface Row {
  job: Job;
  element: HTMLElement;
  told: HTMLElement;
}

export function showRuns(place: HTMLElement): () => void {
  let search = "";
  let offset = 0;
  let shown: Job[] = [];
  let total = 0;
  const chosen = new Set<string>();
  const made = new Map<string, Row>();
  const rows = h("ul", { class: "runs", "aria-label": say("runs.title") });
  const told = h("p", { class: "small", role: "status" });
  const pager = h("div", { class: "row" });
  const compare = h("a", { class: "button quiet", hidden: true }, say("runs.compare"));

  async function load(): Promise<void> {
    try {
      const found = await list(search, offset, PAGE);
      shown = found.jobs;
      total = found.total;
      draw();
    } catch (error) {
      put(rows, h("li", {}, errorBox(error)));
    }
  }

  function draw(): void {
    keep(rows, shown.map(standing));
    for (const id of made.keys()) if (!shown.some((one) => one.id === id)) made.delete(id);
    told.textContent =
      total === 0 ? say(search ? "runs.noneFound" : "runs.none") : say("runs.count", { from: offset + 1, to: offset + shown.length, total });
    put(
      pager,
      offset > 0 ? h("button", { type: "button", class: "quiet", onclick: () => turn(-PAGE) }, say("runs.newer")) : null,
      offset + PAGE < total ? h("button", { type: "button", class: "quiet", onclick: () => turn(PAGE) }, say("runs.older")) : null,
    );
    document.documentElement.dataset["runs"] = String(shown.length);
  }

  function turn(by: number): void {
    offset = Math.max(0, offset + by);
    void load();
  }

  function choose(id: string, is: boolean): void {
    if (is) chosen.add(id);
    else chosen.delete(id);
    const [a, b] = [...chosen];
    compare.hidden = chosen.size !== 2;
    compare.setAttribute("href", `#/compare/${a}/${b}`);
  }

  /** The row of a job: the one that stands, where only how far it is has changed. */
  function standing(job: Job): HTMLElement {
    const old = made.get(job.id);
    if (old && old.job.state === job.state && old.job.title === job.title) {
      if (old.told.textContent !== outcome(job)) old.told.textContent = outcome(job);
      old.job = job;
      return old.element;
    }
    const next = row(job);
    made.set(job.id, next);
    const focused = old?.element.contains(document.activeElement);
    old?.element.replaceWith(next.element);
    if (focused) next.element.querySelector("a")?.focus();
    return next.element;
  }

  function row(job: Job): Row {
    const told = h("span", { class: "outcome" }, outcome(job));
    const plan = job.kind === "plan" && job.state === "done";
    const element = h(
      "li",
      { "data-job": job.id, class: `run ${job.state}` },
      plan
        ? h("input", {
            type: "checkbox",
            "aria-label": say("runs.choose", { title: job.title }),
            checked: chosen.has(job.id),
            onchange: (event: Event) => choose(job.id, (event.target as HTMLInputElement).checked),
          })
        : h("span", {}),
      h(
        "div",
        { class: "what" },
        h("a", { href: `#/run/${job.id}` }, job.title),
        h("span", { class: "small" }, `${sayOr(`kind.${job.kind}`, job.kind)}, ${instant(job.created_utc)}`),
      ),
      told,
      h(
        "span",
        { class: "does" },
        !finished(job)
          ? h("button", { type: "button", class: "quiet", "aria-label": say("runs.stopLabel", { title: job.title }), onclick: () => void stop(job.id) }, say("job.stop"))
          : null,
        job.state === "stopped"
          ? h("button", { type: "button", class: "quiet", onclick: () => void resume(job.id) }, say("job.resume"))
          : null,
        h("button", { type: "button", class: "quiet", "aria-label": say("runs.deleteLabel", { title: job.title }), onclick: () => void drop(job) }, say("runs.delete")),
      ),
    );
    return { job, element, told };
  }

  async function drop(job: Job): Promise<void> {
    if (!(await confirm(say("runs.sure", { title: job.title }), say("runs.deleteYes")))) return;
    const at = shown.findIndex((one) => one.id === job.id);
    await erase(job.id);
    choose(job.id, false);
    await load();
    const next = shown[Math.min(at, shown.length - 1)];
    (next ? made.get(next.id)?.element.querySelector("a") : field)?.focus();
  }

  const field = h("input", {
    type: "search",
    placeholder: say("runs.search"),
    "aria-label": say("runs.searchLabel"),
    oninput: later(150, (event: Event) => {
      search = (event.target as HTMLInputElement).value.trim();
      offset = 0;
      void load();
    }),
  });
  put(
    place,
    h("h1", { tabindex: -1 }, say("runs.title")),
    h("div", { class: "row" }, field, compare),
    told,
    rows,
    pager,
  );
  put(rows, h("li", { class: "small" }, say("loading")));
  void load();
  const again = later(200, () => void load());
  return onJobs((changed, deleted) => {
    const here = (id: string) => shown.some((one) => one.id === id);
    // What is new belongs on the first page; what is gone leaves its place to the next.
    if (deleted.some(here) || (offset === 0 && changed.some((one) => !here(one.id)))) again();
    const fresh = new Map(changed.map((one) => [one.id, one]));
    if (!shown.some((old) => (fresh.get(old.id)?.revision ?? -1) > old.revision)) return;
    shown = shown.map((old) => fresh.get(old.id) ?? old);
    draw();
  });
}

function outcome(job: Job): string {
  if (!finished(job)) {
    const share = job.progress.share === null ? "" : ` ${number(100 * job.progress.share)} %`;
    const left = job.progress.left_s === null ? "" : `, ${say("job.left", { time: clockTime(job.progress.left_s) })}`;
    return `${say(`state.${job.state}`)}${share}${left}`;
  }
  if (job.state !== "done") return say(`state.${job.state}`);
  const kg = job.summary["payload_kg"];
  if (typeof kg === "number") {
    const verdict = job.summary["verdict"];
    return verdict ? `${sayOr(`claim.${String(verdict)}`, String(verdict))}` : `${mass(kg)} kg`;
  }
  return job.outcome && job.outcome !== "done" ? sayOr(`headline.${job.outcome}`, job.outcome.replace(/_/g, " ")) : say("state.done");
}
