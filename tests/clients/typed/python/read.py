"""The client that ariadne-codegen made, at work on the server at LANPYA_URL: reads typed visits, prints them as JSON."""

import asyncio
import datetime
import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "made"))

from lanpya_client import Client, DateFilter, VisitChannel, VisitFilter  # noqa: E402


async def main() -> None:
    headers = {"Authorization": os.environ["LANPYA_AUTHORIZATION"]}
    async with Client(url=os.environ["LANPYA_URL"], headers=headers) as client:
        where = VisitFilter(visitedOn=DateFilter(gte=datetime.date(2020, 1, 1)))
        visits = (await client.visits(first=5, where=where)).visits
    assert visits is not None and visits.nodes
    for visit in visits.nodes:
        assert isinstance(visit.visited_on, datetime.date), visit
        assert isinstance(visit.created_at, datetime.datetime) and visit.created_at.tzinfo, visit
        assert isinstance(visit.channel, VisitChannel), visit
    told = [[visit.id, visit.visited_on.isoformat(), visit.channel.value, visit.centre.code] for visit in visits.nodes]
    print(json.dumps({"count": visits.total_count, "visits": told}))


asyncio.run(main())
