"""Every table of both halves in one place, for migrations and for tests."""

from actions.customers import models as _customers
from actions.db import Base
from actions.shop import models as _shop
from handoff.agents import models as _agents
from handoff.attachments import models as _attachments
from handoff.channels import models as _channels
from handoff.conversations import models as _conversations
from handoff.delivery import models as _delivery
from handoff.workbench import models as _workbench

__all__ = ["Base"]
_ALL = (_customers, _shop, _agents, _attachments, _channels, _conversations, _delivery, _workbench)
