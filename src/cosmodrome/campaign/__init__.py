"""Whatever needs many plans at once; the main job among them."""

from cosmodrome.campaign.answer import Answer
from cosmodrome.campaign.plan import PlanOptions, plan_mission

__all__ = ["Answer", "PlanOptions", "plan_mission"]
