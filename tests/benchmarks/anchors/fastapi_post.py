"""FastAPI that takes an incident and shows it again, and keeps nothing.

`python -m tests.benchmarks.anchors.fastapi_post PORT`
"""

import itertools
import sys
from datetime import UTC, datetime
from typing import Annotated, Literal

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel, StringConstraints

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=3000)]


class Declaration(BaseModel):
    """What is asked for."""

    title: Text
    description: Text
    reported_by: Text
    severity: Literal["Low", "Medium", "High"]


class Incident(Declaration):
    """What is shown."""

    id: int
    status: Literal["Open", "In Progress", "Resolved"]
    timestamp: datetime


app = FastAPI()
_numbers = itertools.count(1)


@app.post("/incidents", status_code=201)
async def declare(declaration: Declaration) -> Incident:
    return Incident(
        **declaration.model_dump(),
        id=next(_numbers),
        status="Open",
        timestamp=datetime.now(UTC),
    )


if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[1]), http="httptools", loop="uvloop", access_log=False)
