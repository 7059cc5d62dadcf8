// Is a claimed payload supported?
import { result } from "../api";
import { h, put } from "../dom";
import { section, table } from "../parts";
import { say } from "../say";
import type { Stage } from "../stage";
import type { Claim, Job } from "../types";
import { mass, number, orbitWanted } from "../words";
import { takeSection } from "./takeaway";

export async function showClaim(job: Job, place: HTMLElement, stage: Stage): Promise<void> {
  const claim = await result<Claim>(job.id);
  const good = claim.verdict === "supported";
  put(
    stage.head,
    h(
      "header",
      { class: "answer-head" },
      h("p", { class: "mission" }, say("claim.mission", {
        vehicle: claim.vehicle,
        site: claim.site,
        orbit: orbitWanted(claim.target),
        claimed: mass(claim.claimed_kg),
      })),
      h("h2", { class: `headline ${good ? "good" : claim.verdict === "marginal" ? "" : "bad"}`, tabindex: -1, id: "claim-verdict" },
        claim.verdict ? say(`claim.${claim.verdict}` as "claim.supported") : say("headline.infeasible")),
      claim.probability === null ? null : h("p", { class: "orbit" }, say("claim.probability", { share: number(100 * claim.probability) })),
      h("p", { class: "lead" }, say("claim.iff", { what: claim.would_be_true_if })),
    ),
  );
  put(
    place,
    claim.interval_kg && claim.payload_kg !== null ? scale(claim, claim.interval_kg, claim.payload_kg) : null,
    claim.published.length > 0
      ? section(
          say("claim.published"),
          table(
            say("claim.published"),
            [{ head: say("pay.payload"), number: true }, { head: say("near.orbit") }, { head: say("pay.what"), kind: "source" }],
            claim.published.map((one) => [`${mass(one.payload_kg)} kg`, one.orbit, one.source]),
          ),
        )
      : null,
    takeSection(job),
  );
}

function scale(claim: Claim, [low, high]: [number, number], centre: number): HTMLElement {
  const top = 1.1 * Math.max(high, claim.claimed_kg);
  const share = (kg: number) => `${((100 * kg) / top).toFixed(2)}%`;
  const made = h("div", { class: "bar wide", role: "img", "aria-label": say("claim.scale", { low: mass(low), high: mass(high), centre: mass(centre), claimed: mass(claim.claimed_kg) }) });
  const piece = (kind: string, from: number, width?: number) => {
    const one = h("i", { class: kind });
    one.style.left = share(from);
    if (width !== undefined) one.style.width = share(width);
    made.append(one);
  };
  piece("span", low, high - low);
  piece("point", centre);
  piece("claimed", claim.claimed_kg);
  return section(
    say("claim.where"),
    made,
    h("p", { class: "small" }, say("claim.scale", { low: mass(low), high: mass(high), centre: mass(centre), claimed: mass(claim.claimed_kg) })),
  );
}
